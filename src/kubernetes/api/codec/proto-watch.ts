import type { ApiEvent, WatchDecoder } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import type { Door } from './door.ts'
import { inStream } from './in-stream.ts'
import { emptyMeta } from './object-meta.ts'
import { OctetQueue, WHOLE_OCTETS_MAX, tooLarge } from './octet-queue.ts'
import { type Envelope, openEnvelope } from './proto-envelope.ts'
import { parseMeta } from './proto-meta.ts'
import { parseProtoItem } from './proto-object.ts'
import { ProtoReader } from './proto-reader.ts'
import { parseStatus } from './proto-status.ts'
import { checkKind, itemEvent } from './watch-event.ts'

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
      events.push(inStream('an event', () => this.#event(octets, start, end)))
      offset = end
    }
    this.#queue.leave(octets, offset)
    this.#reader.release()
    return events
  }

  #event(octets: Buffer, start: number, end: number): ApiEvent {
    const reader = this.#reader
    const { type, envelope } = this.#open(octets, start, end)
    reader.reset(octets, envelope.start, envelope.end)
    if (type === 'ERROR') return { type, status: parseStatus(reader) }
    checkKind(envelope.kind, this.#resource)
    if (type === 'BOOKMARK') return this.#bookmark()
    return itemEvent(type, () => parseProtoItem(reader, this.#resource, this.#door))
  }

  #open(octets: Buffer, start: number, end: number): { readonly type: string; readonly envelope: Envelope } {
    const reader = this.#reader
    let type = ''
    let raw: readonly [number, number] = [start, start]
    reader.reset(octets, start, end)
    while (reader.next()) {
      if (reader.field === 1) type = reader.text()
      else if (reader.field === 2) raw = parseRaw(reader)
      else reader.skip()
    }
    return { type, envelope: openEnvelope(reader, octets, ...raw) }
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

/** Where the raw of a RawExtension is. */
function parseRaw(reader: ProtoReader): readonly [start: number, end: number] {
  let raw: readonly [number, number] = [0, 0]
  reader.message((field) => {
    if (field === 1) raw = reader.range()
    else reader.skip()
  })
  return raw
}
