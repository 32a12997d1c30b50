import type { ApiCodec, ApiStatus } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import { BrokenObject } from './broken-object.ts'
import { Door } from './door.ts'
import { asObject } from './json-fields.ts'
import { JsonListDecoder } from './json-list.ts'
import { readStatus } from './json-objects.ts'
import { JsonWatchDecoder } from './json-watch.ts'
import { openEnvelope } from './proto-envelope.ts'
import { ProtoListDecoder } from './proto-list.ts'
import { ProtoReader } from './proto-reader.ts'
import { parseStatus } from './proto-status.ts'
import { ProtoWatchDecoder } from './proto-watch.ts'

/**
 * What reads the objects of a response with that Content-Type, whatever its parameters; undefined where it is neither protobuf nor JSON,
 * such as the HTML of a proxy.
 */
export function createCodec(contentType: string, resource: ApiResource): ApiCodec | undefined {
  const [mediaType = ''] = contentType.split(';')
  const door = new Door()
  switch (mediaType.trim().toLowerCase()) {
    case 'application/vnd.kubernetes.protobuf':
      return {
        listDecoder: () => new ProtoListDecoder(resource, door),
        watchDecoder: () => new ProtoWatchDecoder(resource, door),
        decodeStatus: (body) => orUnknown(() => protoStatus(body, door)),
      }
    case 'application/json':
      return {
        listDecoder: () => new JsonListDecoder(resource, door),
        watchDecoder: () => new JsonWatchDecoder(resource, door),
        decodeStatus: (body) =>
          orUnknown(() => readStatus(asObject(JSON.parse(Buffer.from(body).toString('utf8')), 'it'))),
      }
    default:
      return undefined
  }
}

function protoStatus(body: Uint8Array, door: Door): ApiStatus {
  const octets = Buffer.from(body.buffer, body.byteOffset, body.length)
  const reader = new ProtoReader(door.texts)
  const { start, end } = openEnvelope(reader, octets, 0, octets.length)
  reader.reset(octets, start, end)
  return parseStatus(reader)
}

function orUnknown(read: () => ApiStatus): ApiStatus {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof BrokenObject || error instanceof SyntaxError)) throw error
    return { code: 0, reason: '', message: '', retryAfterSeconds: undefined }
  }
}
