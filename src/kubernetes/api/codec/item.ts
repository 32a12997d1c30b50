import { type ApiItem, type ApiObject, MalformedStream } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import { BrokenObject } from './broken-object.ts'
import type { Door } from './door.ts'
import { type ObjectMeta, emptyMeta } from './object-meta.ts'

/**
 * An object that `parse` reads, filling `meta` on the way. One that is wrong in itself is an item without an object. Throws
 * `MalformedStream` where it cannot even be told which object it is.
 */
export function parseItem(
  { kind }: ApiResource,
  door: Door,
  parse: (meta: ObjectMeta) => ApiObject,
): ApiItem {
  const meta = emptyMeta()
  let object: ApiObject | undefined
  try {
    object = parse(meta)
  } catch (error) {
    if (!(error instanceof BrokenObject)) throw error
    door.problems.add(`it cannot be served: ${error.message}`)
  }
  const problems = door.problems.take()
  if (meta.name === '' || (meta.namespace === '') !== (kind === 'Namespace')) {
    throw new MalformedStream(`a ${kind} without a ${meta.name === '' ? 'name' : 'namespace of its own'}`)
  }
  const { namespace, name, resourceVersion, lastChangeTriggerMs } = meta
  return { namespace, name, resourceVersion, object, problems, lastChangeTriggerMs }
}
