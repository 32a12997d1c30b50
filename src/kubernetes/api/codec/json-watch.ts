import { type ApiEvent, MalformedStream, type WatchDecoder } from '../api-event.ts'
import type { ApiResource } from '../api-resource.ts'
import type { Door } from './door.ts'
import { inStream } from './in-stream.ts'
import { asObject, asText } from './json-fields.ts'
import { readJsonItem } from './json-item.ts'
import { readMeta } from './json-meta.ts'
import { readStatus } from './json-objects.ts'
import { JsonTokens } from './json-tokens.ts'
import { emptyMeta } from './object-meta.ts'
import { checkItemType, checkKind } from './watch-event.ts'

/** Takes a watch in JSON apart: one WatchEvent (meta/v1) after the other, each on a line of its own. */
export class JsonWatchDecoder implements WatchDecoder {
  readonly #resource: ApiResource
  readonly #door: Door
  readonly #tokens = new JsonTokens({ isByLine: true })

  constructor(resource: ApiResource, door: Door) {
    this.#resource = resource
    this.#door = door
  }

  push(chunk: Uint8Array): readonly ApiEvent[] {
    const events: ApiEvent[] = []
    this.#tokens.push(chunk)
    for (let next = this.#tokens.peek(); next !== undefined; next = this.#tokens.peek()) {
      if (next !== '{') throw new MalformedStream(`an event begins with ${JSON.stringify(next)}`)
      const taken = this.#tokens.takeValue()
      if (taken === undefined) break
      events.push(inStream('an event', () => this.#event(taken.value)))
    }
    this.#tokens.release()
    return events
  }

  #event(value: unknown): ApiEvent {
    const event = asObject(value, 'it')
    const type = asText(event['type'], 'type')
    const object = asObject(event['object'], 'object')
    if (type === 'ERROR') return { type, status: readStatus(object) }
    checkKind(asText(object['kind'], 'kind'), this.#resource)
    if (type !== 'BOOKMARK') {
      checkItemType(type)
      return { type, item: readJsonItem(object, this.#resource, this.#door) }
    }
    const meta = emptyMeta()
    readMeta(object, meta, this.#door.texts)
    const { resourceVersion, isInitialEventsEnd } = meta
    return { type, resourceVersion, isInitialEventsEnd }
  }
}
