import type { ApiEvent, ApiItem, ApiStatus, ListEnd } from '../../../src/kubernetes/api/api-event.ts'
import { collectionPath, PODS } from '../../../src/kubernetes/api/api-resource.ts'
import type { ApiResponse } from '../../../src/kubernetes/api/api-transport.ts'
import { ipToText } from '../../../src/wire/ip-address.ts'
import { createCodec } from '../../../src/kubernetes/api/codec/create-codec.ts'
import type { ApiSubject } from './api-subjects.ts'

export type Form = 'json' | 'protobuf'

const ACCEPT = {
  json: 'application/json',
  protobuf: 'application/vnd.kubernetes.protobuf, application/json',
} as const
const ACCEPT_WATCH = {
  json: 'application/json',
  protobuf: 'application/vnd.kubernetes.protobuf;stream=watch, application/json',
} as const

const ROUND_MS = 20
const WAIT_LIMIT_MS = 5000
/** For what should not come. */
const QUIET_MS = 100

/** A page of a list, or why there is none. */
export interface Page {
  readonly failure: ApiStatus | undefined
  readonly items: readonly ApiItem[]
  readonly end: ListEnd
}

/**
 * Reads the Pods of an API server, and says what it sees in words that are the same for every server: a resourceVersion is
 * how many writes it is after.
 */
export class ApiClient {
  readonly subject: ApiSubject
  readonly #form: Form
  /** In order. */
  readonly #versions: number[] = []
  readonly #ending = new AbortController()

  constructor(subject: ApiSubject, form: Form) {
    this.subject = subject
    this.#form = form
  }

  /** The resourceVersion of the last write that a list shows is remembered. */
  async remember(): Promise<number> {
    const { items } = await this.list()
    const last = Math.max(...items.map(({ resourceVersion }) => Number(resourceVersion)))
    if (last > (this.#versions.at(-1) ?? 0)) this.#versions.push(last)
    return last
  }

  /** `write 3`, or `after write 3`. */
  say(resourceVersion: string): string {
    const value = Number(resourceVersion)
    const count = this.#versions.filter((known) => known <= value).length
    return this.#versions.includes(value) ? `write ${count}` : `after write ${count}`
  }

  /** Whether it is not older than every write that is known. */
  isNew(resourceVersion: string): boolean {
    return Number(resourceVersion) >= (this.#versions.at(-1) ?? 0)
  }

  async list(query = ''): Promise<Page> {
    const response = await this.#get(query, ACCEPT[this.#form])
    const codec = createCodec(response.contentType, PODS)
    const end = { resourceVersion: '', continueToken: '' }
    if (response.status !== 200 || codec === undefined)
      return { failure: await statusOf(response), items: [], end }
    const decoder = codec.listDecoder()
    const items: ApiItem[] = []
    for await (const chunk of response.body) items.push(...decoder.push(chunk))
    return { failure: undefined, items, end: decoder.end() }
  }

  async watch(query: string): Promise<Watch> {
    const response = await this.#get(`watch=1&${query}`, ACCEPT_WATCH[this.#form])
    return new Watch(this, response, query.includes('allowWatchBookmarks'))
  }

  /** A response as it is, for its JSON. */
  async raw(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const { signal } = this.#ending
    const { status, body } = await this.subject.transport.get({ path, accept: ACCEPT.json, signal })
    return { status, body: JSON.parse((await octetsOf(body)).toString()) }
  }

  describe(item: ApiItem): string {
    const { resourceVersion, object, problems } = item
    const parts =
      object?.kind === 'Pod' ? [...object.podIPs.map(ipToText), object.alive ? 'alive' : 'not alive'] : []
    return [nameOf(item), this.say(resourceVersion), ...parts, ...problems].join(' ')
  }

  close(): void {
    this.#ending.abort()
  }

  async #get(query: string, accept: string): Promise<ApiResponse> {
    const { signal } = this.#ending
    return this.subject.transport.get({ path: `${collectionPath(PODS, undefined)}?${query}`, accept, signal })
  }
}

/** A watch that is open, and what came through it. */
export class Watch {
  readonly #client: ApiClient
  readonly #allowsBookmarks: boolean
  readonly #events: ApiEvent[] = []
  #end: string | undefined

  constructor(client: ApiClient, response: ApiResponse, allowsBookmarks: boolean) {
    this.#client = client
    this.#allowsBookmarks = allowsBookmarks
    void this.#read(response)
  }

  /** Waits for so many events, then for more that should not come. */
  async take(count: number, limitMs = WAIT_LIMIT_MS): Promise<readonly string[]> {
    const { subject } = this.#client
    const isDone = (): boolean => this.#visible().length >= count || this.#end !== undefined
    for (let waitedMs = 0; waitedMs < limitMs; waitedMs += ROUND_MS) {
      const wasDone = isDone()
      await subject.pass(wasDone ? QUIET_MS : ROUND_MS)
      // What was counted may turn out to be half of a deletion.
      if (wasDone && isDone()) break
    }
    return this.#seen()
  }

  /** Waits for the end. */
  async drain(limitMs: number): Promise<readonly string[]> {
    for (let waitedMs = 0; waitedMs < limitMs && this.#end === undefined; waitedMs += QUIET_MS)
      await this.#client.subject.pass(QUIET_MS)
    return this.#seen()
  }

  /** Without what may come or not. */
  #visible(): readonly ApiEvent[] {
    const isFree = (event: ApiEvent): boolean =>
      this.#allowsBookmarks && event.type === 'BOOKMARK' && !event.isInitialEventsEnd
    return this.#events
      .filter((event) => !isFree(event))
      .filter((event, index, events) => !isDying(event, events[index + 1]))
  }

  /** What came since the last time, and how it ended. */
  #seen(): readonly string[] {
    const lines = this.#visible().map((event) => this.#describe(event))
    this.#events.length = 0
    return this.#end === undefined ? lines : [...lines, this.#end]
  }

  #describe(event: ApiEvent): string {
    if (event.type === 'ERROR') return `ERROR ${event.status.code} ${event.status.reason}`
    if (event.type === 'DELETED')
      return `DELETED ${nameOf(event.item)} ${this.#client.say(event.item.resourceVersion)}`
    if (event.type !== 'BOOKMARK') return `${event.type} ${this.#client.describe(event.item)}`
    const isNew = this.#client.isNew(event.resourceVersion) ? 'of now' : 'of before'
    return ['BOOKMARK', isNew, ...(event.isInitialEventsEnd ? ['initial events end'] : [])].join(' ')
  }

  async #read(response: ApiResponse): Promise<void> {
    const codec = createCodec(response.contentType, PODS)
    try {
      if (response.status !== 200 || codec === undefined) {
        const { code, reason } = await statusOf(response)
        this.#end = `refused: ${response.status} ${code} ${reason}`
        return
      }
      const decoder = codec.watchDecoder()
      for await (const chunk of response.body) this.#events.push(...decoder.push(chunk))
      this.#end = 'ended'
    } catch (error) {
      this.#end = String(error)
    }
  }
}

/** A Pod is marked before it is deleted: for how long others can see that is free. */
function isDying(event: ApiEvent, next: ApiEvent | undefined): boolean {
  return event.type === 'MODIFIED' && next?.type === 'DELETED' && nameOf(event.item) === nameOf(next.item)
}

function nameOf({ namespace, name }: ApiItem): string {
  return `${namespace}/${name}`
}

async function statusOf(response: ApiResponse): Promise<ApiStatus> {
  const body = await octetsOf(response.body)
  const status = createCodec(response.contentType, PODS)?.decodeStatus(body)
  return { code: response.status, reason: '', message: '', retryAfterSeconds: undefined, ...status }
}

async function octetsOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
