import type { ApiItem, ApiObject } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import type { Door } from './door.ts'
import { parseItem } from './item.ts'
import { readEndpointSlice, readEndpoints } from './json-endpoints.ts'
import { type JsonObject, asObject } from './json-fields.ts'
import { readMeta } from './json-meta.ts'
import { readNamespace, readPod, readService } from './json-objects.ts'
import type { ObjectMeta } from './object-meta.ts'

const READERS: Readonly<
  Record<ApiResource['kind'], (object: JsonObject, meta: ObjectMeta, door: Door) => ApiObject>
> = {
  EndpointSlice: readEndpointSlice,
  Endpoints: readEndpoints,
  Namespace: readNamespace,
  Pod: readPod,
  Service: readService,
}

/** An object as JSON.parse gives it. Throws as `parseItem` does. */
export function readJsonItem(value: unknown, resource: ApiResource, door: Door): ApiItem {
  const read = READERS[resource.kind]
  return parseItem(resource, door, (meta) => {
    const object = asObject(value, 'it')
    readMeta(object, meta, door.texts)
    return read(object, meta, door)
  })
}
