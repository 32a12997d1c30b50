import type { ApiItem, ApiObject } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import type { Door } from './door.ts'
import { parseItem } from './item.ts'
import type { ObjectMeta } from './object-meta.ts'
import { parseEndpointSlice } from './proto-endpoint-slice.ts'
import { parseEndpoints } from './proto-endpoints.ts'
import { parseNamespace } from './proto-namespace.ts'
import { parsePod } from './proto-pod.ts'
import type { ProtoReader } from './proto-reader.ts'
import { parseService } from './proto-service.ts'

/** Reads one object from the reader's octets, all of them. */
type Parse = (reader: ProtoReader, meta: ObjectMeta, door: Door) => ApiObject

const PARSERS: Readonly<Record<ApiResource['kind'], Parse>> = {
  EndpointSlice: parseEndpointSlice,
  Endpoints: parseEndpoints,
  Namespace: parseNamespace,
  Pod: parsePod,
  Service: parseService,
}

/** The object that the reader was reset to. Throws as `parseItem` does. */
export function parseProtoItem(reader: ProtoReader, resource: ApiResource, door: Door): ApiItem {
  const parse = PARSERS[resource.kind]
  return parseItem(resource, door, (meta) => parse(reader, meta, door))
}
