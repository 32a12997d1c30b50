import { type ApiItem, type ListDecoder, type ListEnd, MalformedStream } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import type { Door } from './door.ts'
import { inStream } from './in-stream.ts'
import { OctetQueue, WHOLE_OCTETS_MAX, tooLarge } from './octet-queue.ts'
import { MAGIC } from './proto-envelope.ts'
import { type ProtoField, peekField } from './proto-field.ts'
import { parseProtoItem } from './proto-object.ts'
import { ProtoReader } from './proto-reader.ts'

/**
 * Takes a list in protobuf apart while it arrives: magic, then a runtime.Unknown whose typeMeta (1) says which list it is and whose raw
 * (2) is the list: ListMeta (1) and items (2).
 */
export class ProtoListDecoder implements ListDecoder {
  readonly #resource: ApiResource
  readonly #door: Door
  readonly #reader: ProtoReader
  readonly #queue = new OctetQueue()
  #isBegun = false
  /** Whether it was said that this is the list that is expected. */
  #isOfKind = false
  /** Whether the raw field has begun. */
  #hasList = false
  /** Octets of the list that are not read; above 0 inside it. */
  #listLeft = 0
  /** Octets of a field that nobody reads. */
  #skipLeft = 0
  #resourceVersion = ''
  #continueToken = ''

  constructor(resource: ApiResource, door: Door) {
    this.#resource = resource
    this.#door = door
    this.#reader = new ProtoReader(door.texts)
  }

  push(chunk: Uint8Array): readonly ApiItem[] {
    const items: ApiItem[] = []
    const octets = this.#queue.join(chunk)
    let offset = 0
    while (offset < octets.length) {
      const next = this.#step(octets, offset, items)
      if (next === undefined) break
      offset = next
    }
    this.#queue.leave(octets, offset)
    this.#reader.release()
    return items
  }

  end(): ListEnd {
    if (!this.#hasList || this.#listLeft > 0 || this.#skipLeft > 0 || !this.#queue.isEmpty) {
      throw new MalformedStream('the list ends before it is complete')
    }
    if (!this.#isOfKind) throw new MalformedStream('the list does not say what it lists')
    if (this.#resourceVersion === '') throw new MalformedStream('the list has no resourceVersion')
    return { resourceVersion: this.#resourceVersion, continueToken: this.#continueToken }
  }

  /** Reads one thing and gives where the next begins; undefined where more octets are needed. */
  #step(octets: Buffer, offset: number, items: ApiItem[]): number | undefined {
    if (!this.#isBegun) return this.#begin(octets, offset)
    if (this.#skipLeft > 0) {
      const size = Math.min(this.#skipLeft, octets.length - offset)
      this.#skipLeft -= size
      return offset + size
    }
    const isInList = this.#listLeft > 0
    const limit = isInList ? Math.min(octets.length, offset + this.#listLeft) : octets.length
    const field = peekField(octets, offset, limit)
    if (field === undefined) {
      if (isInList && limit - offset === this.#listLeft) throw cutShort()
      return undefined
    }
    if (!isInList && field.number === 2 && field.isOctets) return this.#beginList(field)
    const end = field.start + field.sizeOctets
    if (isInList && end - offset > this.#listLeft) throw cutShort()
    const isRead = field.isOctets && (field.number === 1 || (isInList && field.number === 2))
    if (isRead && field.sizeOctets > WHOLE_OCTETS_MAX) throw tooLarge()
    if (isRead && end > octets.length) return undefined
    if (isInList) this.#listLeft -= end - offset
    if (!isRead) {
      this.#skipLeft = field.sizeOctets
      return field.start
    }
    this.#reader.reset(octets, field.start, end)
    if (!isInList) inStream('the kind of the list', () => this.#checkKind())
    else if (field.number === 1) inStream('the metadata of the list', () => this.#parseListMeta())
    else items.push(parseProtoItem(this.#reader, this.#resource, this.#door))
    return end
  }

  #begin(octets: Buffer, offset: number): number | undefined {
    const size = Math.min(MAGIC.length, octets.length - offset)
    if (MAGIC.compare(octets, offset, offset + size, 0, size) !== 0) {
      throw new MalformedStream('the octets do not begin with "k8s"')
    }
    if (size < MAGIC.length) return undefined
    this.#isBegun = true
    return offset + size
  }

  #beginList({ start, sizeOctets }: ProtoField): number {
    if (this.#hasList) throw new MalformedStream('there are two lists in one')
    this.#hasList = true
    this.#listLeft = sizeOctets
    return start
  }

  /** A runtime.TypeMeta: kind is field 2. */
  #checkKind(): void {
    const reader = this.#reader
    const expected = `${this.#resource.kind}List`
    while (reader.next()) {
      if (reader.field !== 2) reader.skip()
      else if (reader.text() !== expected) throw new MalformedStream(`the octets are no ${expected}`)
      else this.#isOfKind = true
    }
  }

  /** A ListMeta (meta/v1): resourceVersion is field 2, continue 3. */
  #parseListMeta(): void {
    const reader = this.#reader
    while (reader.next()) {
      if (reader.field === 2) this.#resourceVersion = reader.ownText()
      else if (reader.field === 3) this.#continueToken = reader.ownText()
      else reader.skip()
    }
  }
}

function cutShort(): MalformedStream {
  return new MalformedStream('the list ends inside a field')
}
