import { isMapping } from '../../src/kubernetes/manifests/manifest-shape.ts'
import type { ApiObject } from './api-object.ts'
import { type FieldShape, MESSAGES } from './api-protobuf-messages.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

/** What stands in a list beside its items, as the API gives it in JSON. */
export interface ListMetaFields {
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

/** A Status (meta/v1) as the API gives it in JSON. */
export interface StatusFields {
  readonly code: number
  readonly status?: string
  readonly reason?: string
  readonly message?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** The kinds there are lists of here, with the apiVersion of their lists. */
const LIST_VERSIONS: Readonly<Record<string, string>> = {
  EndpointSlice: 'discovery.k8s.io/v1',
  Endpoints: 'v1',
  Namespace: 'v1',
  Pod: 'v1',
  Service: 'v1',
}

/** Every message in protobuf with a frame of its own begins so, then a runtime.Unknown follows. */
const MAGIC = Buffer.from('k8s\0', 'latin1')

/** A list as the API server writes it in protobuf. `kind` is that of the items: `Service` for a ServiceList. */
export function encodeList(
  kind: string,
  listMeta: ListMetaFields,
  objects: readonly ApiObject[],
): Uint8Array {
  const list = new ProtobufWriter()
  list.message(1, encodeMessage('ListMeta', { ...listMeta }))
  for (const object of objects) list.message(2, encodeMessage(kind, object))
  return inEnvelope(LIST_VERSIONS[kind] ?? 'v1', `${kind}List`, list.octets())
}

/**
 * An event of a watch as the API server writes it in protobuf, with the length before it. The object of a BOOKMARK has the kind
 * of the others and metadata alone; the object of an ERROR is a Status.
 */
export function encodeWatchEvent(
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR',
  object: Readonly<Record<string, unknown>>,
): Uint8Array {
  const event = new ProtobufWriter()
  event.text(1, type)
  const extension = new ProtobufWriter()
  extension.message(1, encodeObject(object))
  event.message(2, extension.octets())
  const octets = event.octets()
  const frame = Buffer.alloc(4 + octets.length)
  frame.writeUInt32BE(octets.length)
  frame.set(octets, 4)
  return frame
}

/** A Status as the body of a failed request. */
export function encodeStatus(status: StatusFields): Uint8Array {
  return encodeObject({ apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Failure', ...status })
}

/** One object, with its apiVersion and kind around it. */
export function encodeObject(object: Readonly<Record<string, unknown>>): Uint8Array {
  const { apiVersion, kind } = object
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') throw new TypeError('no apiVersion or kind')
  return inEnvelope(apiVersion, kind, encodeMessage(kind, object))
}

function inEnvelope(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  const unknown = new ProtobufWriter()
  unknown.message(1, encodeMessage('TypeMeta', { apiVersion, kind }))
  unknown.message(2, raw)
  unknown.text(3, '')
  unknown.text(4, '')
  return Buffer.concat([MAGIC, unknown.octets()])
}

/** A message of which only the fields named in `MESSAGES` are written, in the order of their numbers. */
function encodeMessage(name: string, value: unknown): Uint8Array {
  const fields = MESSAGES[name]
  if (fields === undefined) throw new TypeError(`Cannot encode a ${name}: its fields are not listed`)
  const writer = new ProtobufWriter()
  for (const field of fields) encodeField(writer, field, memberOf(value, field.name))
  return writer.octets()
}

function encodeField(writer: ProtobufWriter, field: FieldShape, value: unknown): void {
  const { number, type, form } = field
  if (form === 'map') return encodeMap(writer, number, value)
  if (form === 'repeated') {
    for (const item of Array.isArray(value) ? value : []) encodeValue(writer, number, type, item)
    return
  }
  if (value === undefined || value === null) {
    if (form === 'always') encodeValue(writer, number, type, undefined)
    return
  }
  encodeValue(writer, number, type, value)
}

function encodeMap(writer: ProtobufWriter, number: number, value: unknown): void {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  for (const [key, text] of entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const entry = new ProtobufWriter()
    entry.text(1, key)
    entry.text(2, String(text))
    writer.message(number, entry.octets())
  }
}

function encodeValue(writer: ProtobufWriter, number: number, type: string, value: unknown): void {
  if (type === 'string') return writer.text(number, typeof value === 'string' ? value : '')
  if (type === 'int') return writer.integer(number, Number(value ?? 0))
  if (type === 'bool') return writer.integer(number, value === true ? 1 : 0)
  if (type === 'Time') return writer.message(number, encodeTime(value))
  if (type === 'IntOrString') return writer.message(number, encodeIntOrString(value))
  if (type === 'FieldsV1') return writer.message(number, encodeFieldsV1(value))
  writer.message(number, encodeMessage(type, value))
}

function encodeTime(value: unknown): Uint8Array {
  const time = new ProtobufWriter()
  if (typeof value !== 'string') return time.octets()
  time.integer(1, Math.floor(Date.parse(value) / 1000))
  time.integer(2, 0)
  return time.octets()
}

function encodeIntOrString(value: unknown): Uint8Array {
  const either = new ProtobufWriter()
  either.integer(1, typeof value === 'string' ? 1 : 0)
  either.integer(2, typeof value === 'number' ? value : 0)
  either.text(3, typeof value === 'string' ? value : '')
  return either.octets()
}

/** What a manager of fields owns is JSON inside protobuf. */
function encodeFieldsV1(value: unknown): Uint8Array {
  const raw = new ProtobufWriter()
  raw.text(1, JSON.stringify(value))
  return raw.octets()
}

function memberOf(value: unknown, name: string): unknown {
  return isMapping(value) ? value[name] : undefined
}
