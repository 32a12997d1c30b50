import { type ApiItem, type ListDecoder, type ListEnd, MalformedStream } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import type { Door } from './door.ts'
import { type JsonObject, asObject, asText } from './json-fields.ts'
import { readJsonItem } from './json-item.ts'
import { JsonTokens } from './json-tokens.ts'
import { inStream } from './in-stream.ts'

/** Where in the list the next token stands. */
type Place =
  | 'begin'
  | 'first member'
  | 'member'
  | 'colon'
  | 'value'
  | 'first item'
  | 'item'
  | 'after item'
  | 'after value'
  | 'end'

/**
 * Takes a list in JSON apart while it arrives: an object with `kind`, `metadata` and `items` in any order. Everything but its items is
 * small, and is parsed so that what is no JSON is noticed.
 */
export class JsonListDecoder implements ListDecoder {
  readonly #resource: ApiResource
  readonly #door: Door
  readonly #tokens = new JsonTokens()
  #place: Place = 'begin'
  /** The name of the member at hand. */
  #member = ''
  #isOfKind = false
  #metadata: JsonObject = {}

  constructor(resource: ApiResource, door: Door) {
    this.#resource = resource
    this.#door = door
  }

  push(chunk: Uint8Array): readonly ApiItem[] {
    const items: ApiItem[] = []
    this.#tokens.push(chunk)
    for (let next = this.#tokens.peek(); next !== undefined; next = this.#tokens.peek()) {
      if (!this.#step(next, items)) break
    }
    this.#tokens.release()
    return items
  }

  end(): ListEnd {
    if (this.#place !== 'end') throw new MalformedStream('the list ends before it is complete')
    if (!this.#isOfKind) throw new MalformedStream('the list does not say what it lists')
    const [resourceVersion, continueToken] = inStream('the metadata of the list', () => [
      asText(this.#metadata['resourceVersion'], 'resourceVersion'),
      asText(this.#metadata['continue'], 'continue'),
    ])
    if (resourceVersion === '') throw new MalformedStream('the list has no resourceVersion')
    return { resourceVersion, continueToken }
  }

  /** Takes the next token, which begins so; false where not all of it has come. */
  #step(next: string, items: ApiItem[]): boolean {
    switch (this.#place) {
      case 'begin':
        return this.#mark(next, { '{': 'first member' })
      case 'first member':
        return next === '}' ? this.#mark(next, { '}': 'end' }) : this.#takeName()
      case 'member':
        return this.#takeName()
      case 'colon':
        return this.#mark(next, { ':': 'value' })
      case 'value':
        return this.#member === 'items' && next === '['
          ? this.#mark(next, { '[': 'first item' })
          : this.#takeMember()
      case 'first item':
        return next === ']' ? this.#mark(next, { ']': 'after value' }) : this.#takeItem(items)
      case 'item':
        return this.#takeItem(items)
      case 'after item':
        return this.#mark(next, { ',': 'item', ']': 'after value' })
      case 'after value':
        return this.#mark(next, { ',': 'member', '}': 'end' })
      case 'end':
        break
    }
    throw new MalformedStream('something follows the list')
  }

  #mark(next: string, places: Readonly<Record<string, Place>>): boolean {
    const place = places[next]
    if (place === undefined)
      throw new MalformedStream(`the list has ${JSON.stringify(next)} where it cannot be`)
    this.#tokens.take()
    this.#place = place
    return true
  }

  #takeName(): boolean {
    const taken = this.#tokens.takeValue()
    if (taken === undefined) return false
    if (typeof taken.value !== 'string') throw new MalformedStream('a member of the list has no name')
    this.#member = taken.value
    this.#place = 'colon'
    return true
  }

  #takeMember(): boolean {
    const taken = this.#tokens.takeValue()
    if (taken === undefined) return false
    this.#place = 'after value'
    if (this.#member === 'kind') this.#checkKind(taken.value)
    else if (this.#member === 'metadata') this.#takeMetadata(taken.value)
    else if (this.#member === 'items' && taken.value !== null) throw new MalformedStream('items are no list')
    return true
  }

  #takeMetadata(value: unknown): void {
    this.#metadata = inStream('the list', () => asObject(value, 'metadata'))
  }

  #checkKind(kind: unknown): void {
    const expected = `${this.#resource.kind}List`
    if (kind !== expected) throw new MalformedStream(`the octets are no ${expected}`)
    this.#isOfKind = true
  }

  #takeItem(items: ApiItem[]): boolean {
    const taken = this.#tokens.takeValue()
    if (taken === undefined) return false
    items.push(readJsonItem(taken.value, this.#resource, this.#door))
    this.#place = 'after item'
    return true
  }
}
