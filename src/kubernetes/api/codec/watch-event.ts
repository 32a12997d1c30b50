import { MalformedStream } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import { shownText } from './shown-text.ts'

/** Throws `MalformedStream` where an event is about something else than what is watched. */
export function checkKind(kind: string, resource: ApiResource): void {
  if (kind === resource.kind) return
  throw new MalformedStream(`an event is about a "${shownText(kind)}", not a ${resource.kind}`)
}

/** Throws `MalformedStream` where there are no events of that type about an object. */
export function checkItemType(type: string): asserts type is 'ADDED' | 'MODIFIED' | 'DELETED' {
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') return
  throw new MalformedStream(`an event has type "${shownText(type)}"`)
}
