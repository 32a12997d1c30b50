import type { ApiObject } from '../../../helpers/api-object.ts'
import { encodeList, encodeStatus, encodeWatchEvent } from '../../../helpers/api-protobuf.ts'
import type { Change } from './model-cluster.ts'
import type { Kind } from './random-object.ts'

/** How one server writes what it says. */
export interface WireForm {
  readonly listType: string
  readonly watchType: string
  list(
    kind: Kind,
    meta: { resourceVersion: string; continue?: string },
    objects: readonly ApiObject[],
  ): Uint8Array
  change(change: Change): Uint8Array
  added(object: ApiObject): Uint8Array
  bookmark(kind: Kind, resourceVersion: string, isListEnd: boolean): Uint8Array
  error(code: number, reason: string, message: string): Uint8Array
  status(code: number, reason: string, message: string): Uint8Array
  /** Octets that no watch can hold. */
  readonly garbage: Uint8Array
}

const VERSIONS: Readonly<Record<Kind, string>> = {
  Namespace: 'v1',
  Service: 'v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  Pod: 'v1',
}
const text = new TextEncoder()

export const JSON_FORM: WireForm = formOf({
  listType: 'application/json',
  watchType: 'application/json',
  list: (kind, metadata, items) =>
    text.encode(JSON.stringify({ kind: `${kind}List`, apiVersion: VERSIONS[kind], metadata, items })),
  event: (type, object) => text.encode(`${JSON.stringify({ type, object })}\n`),
  status: (code, reason, message) => text.encode(JSON.stringify(statusOf(code, reason, message))),
  garbage: text.encode('{"type":"ADDED","object":{"kind":"Ser\n'),
})

export const PROTOBUF_FORM: WireForm = formOf({
  listType: 'application/vnd.kubernetes.protobuf',
  watchType: 'application/vnd.kubernetes.protobuf;stream=watch',
  list: (kind, meta, objects) => encodeList(kind, meta, objects),
  event: (type, object) => encodeWatchEvent(type, object),
  status: (code, reason, message) => encodeStatus(statusOf(code, reason, message)),
  garbage: Uint8Array.of(0, 0, 0, 12, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255),
})

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

interface Encoders extends Pick<WireForm, 'listType' | 'watchType' | 'list' | 'status' | 'garbage'> {
  readonly event: (type: EventType, object: Readonly<Record<string, unknown>>) => Uint8Array
}

function formOf({ event, ...encoders }: Encoders): WireForm {
  // Every watch says the same of a change: it is written once.
  const changes = new WeakMap<Change, Uint8Array>()
  const objects = new WeakMap<ApiObject, Uint8Array>()
  return {
    ...encoders,
    change: (change) => kept(changes, change, () => event(change.type, change.object)),
    added: (object) => kept(objects, object, () => event('ADDED', object)),
    bookmark: (kind, resourceVersion, isListEnd) => {
      const annotations = isListEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
      return event('BOOKMARK', {
        apiVersion: VERSIONS[kind],
        kind,
        metadata: { resourceVersion, ...annotations },
      })
    },
    error: (code, reason, message) => event('ERROR', statusOf(code, reason, message)),
  }
}

function kept<Key extends object>(
  known: WeakMap<Key, Uint8Array>,
  key: Key,
  make: () => Uint8Array,
): Uint8Array {
  let octets = known.get(key)
  if (octets === undefined) known.set(key, (octets = make()))
  return octets
}

function statusOf(code: number, reason: string, message: string) {
  return { apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Failure', code, reason, message }
}
