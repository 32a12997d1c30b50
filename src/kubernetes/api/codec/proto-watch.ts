import type { ApiEvent, WatchDecoder } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import type { Door } from './door.ts'
import { streamError } from './in-stream.ts'
import { emptyMeta } from './object-meta.ts'
import { OctetQueue, WHOLE_OCTETS_MAX, tooLarge } from './octet-queue.ts'
import { openEnvelope } from './proto-envelope.ts'
import { parseMeta } from './proto-meta.ts'
import { parseProtoItem } from './proto-object.ts'
import { type OctetRange, ProtoReader } from './proto-reader.ts'
import { parseStatus } from './proto-status.ts'
import { checkItemType, checkKind } from './watch-event.ts'

const LENGTH_OCTETS = 4

/**
 * Takes a watch in protobuf apart: frames of a length in 4 octets, big-endian, and a WatchEvent (meta/v1 generated.proto) without an
 * envelope. Its object is a RawExtension whose raw is the object in an envelope.
 */
export class ProtoWatchDecoder implements WatchDecoder {
  readonly #resource: ApiResource
  readonly #door: Door
  readonly #reader: ProtoReader
  readonly #queue = new OctetQueue()

  constructor(resource: ApiResource, door: Door) {
    this.#resource = resource
    this.#door = door
    this.#reader = new ProtoReader(door.texts)
  }

  push(chunk: Uint8Array): readonly ApiEvent[] {
    const events: ApiEvent[] = []
    const octets = this.#queue.join(chunk)
    let offset = 0
    while (octets.length - offset >= LENGTH_OCTETS) {
      const start = offset + LENGTH_OCTETS
      const end = start + octets.readUInt32BE(offset)
      if (end - start > WHOLE_OCTETS_MAX) throw tooLarge()
      if (end > octets.length) break
      events.push(this.#event(octets, start, end))
      offset = end
    }
    this.#queue.leave(octets, offset)
    this.#reader.release()
    return events
  }

  #event(octets: Buffer, start: number, end: number): ApiEvent {
    try {
      return this.#parseEvent(octets, start, end)
    } catch (error) {
      throw streamError('an event', error)
    }
  }

  #parseEvent(octets: Buffer, start: number, end: number): ApiEvent {
    const reader = this.#reader
    const raw = { start, end: start }
    let type = ''
    reader.reset(octets, start, end)
    while (reader.next()) {
      if (reader.field === 1) type = reader.text()
      else if (reader.field === 2) parseRaw(reader, raw)
      else reader.skip()
    }
    const envelope = openEnvelope(reader, octets, raw.start, raw.end)
    reader.reset(octets, envelope.start, envelope.end)
    if (type === 'ERROR') return { type, status: parseStatus(reader) }
    checkKind(envelope.kind, this.#resource)
    if (type === 'BOOKMARK') return this.#bookmark()
    checkItemType(type)
    return { type, item: parseProtoItem(reader, this.#resource, this.#door) }
  }

  #bookmark(): ApiEvent {
    const meta = emptyMeta()
    while (this.#reader.next()) {
      if (this.#reader.field === 1) parseMeta(this.#reader, meta)
      else this.#reader.skip()
    }
    const { resourceVersion, isInitialEventsEnd } = meta
    return { type: 'BOOKMARK', resourceVersion, isInitialEventsEnd }
  }
}

/** Says where the raw of a RawExtension is. */
function parseRaw(reader: ProtoReader, raw: OctetRange): void {
  const outer = reader.enter()
  while (reader.next()) {
    if (reader.field === 1) reader.range(raw)
    else reader.skip()
  }
  reader.leave(outer)
}
