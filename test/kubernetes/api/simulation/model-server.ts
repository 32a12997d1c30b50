import {
  ApiConnectionError,
  type ApiRequest,
  type ApiResponse,
} from '../../../../src/kubernetes/api/api-transport.ts'
import type { SeededRandom } from '../../../fuzz/random.ts'
import type { ApiObject } from '../../../helpers/api-object.ts'
import type { VirtualClock } from '../../../helpers/virtual-clock.ts'
import type { Change, ModelCluster, Snapshot } from './model-cluster.ts'
import { ModelStream } from './model-stream.ts'
import { BAD_GATEWAY, drawFate, drawTrouble, REFUSED, type Trouble } from './network-faults.ts'
import type { Kind } from './random-object.ts'
import { JSON_FORM, PROTOBUF_FORM, type WireForm } from './wire-form.ts'

export interface ModelServerOptions {
  readonly cluster: ModelCluster
  readonly clock: VirtualClock
  readonly random: SeededRandom
  readonly speaksProtobuf: boolean
  /** What was complete when a list was begun. */
  readonly onList: (kind: Kind, snapshot: Snapshot) => void
  readonly trace: (line: string) => void
}

interface Watcher {
  readonly kind: Kind
  readonly form: WireForm
  readonly stream: ModelStream
  /** Only what is after it is sent, bookmarks too: so a watch from the future is open, and silent. */
  revision: number
  /** Whether all that existed is still being told. */
  isListing: boolean
}

interface Pages {
  readonly kind: Kind
  readonly revision: number
  readonly objects: readonly ApiObject[]
}

/**
 * The API server of a model cluster, and the network before it. Watches and lists as kube-apiserver's cache does them;
 * `npm run differential -- --live` holds it against a real one.
 *
 * It differs in that it knows no selectors, pages of three objects, watches only from a version, counts a write that changes nothing,
 * lists in the order of writing, and names kind and apiVersion of every object in JSON. By chance it also does what other servers or
 * versions may do: 410 as HTTP status, 504 for a version of the future, the last event twice, bookmarks at any time.
 */
export class ModelServer {
  /** Answers nothing. */
  isDown = false
  hasWatchLists = true
  /** Whether requests meet faults. */
  isTroubled = true
  readonly #options: ModelServerOptions
  readonly #watchers = new Set<Watcher>()
  readonly #streams = new Set<ModelStream>()
  readonly #pages = new Map<string, Pages>()
  /** Or by an ERROR event. */
  readonly #expiresByStatus: boolean
  /** Something answers for a server that is away. */
  readonly #hasProxy: boolean
  #tokens = 0

  constructor(options: ModelServerOptions) {
    this.#options = options
    this.#expiresByStatus = options.random.chance(2)
    this.#hasProxy = options.random.chance(3)
  }

  get openStreams(): number {
    return [...this.#streams].filter(({ isOpen }) => isOpen).length
  }

  async get(kind: Kind, { path, accept, signal }: ApiRequest): Promise<ApiResponse> {
    const { clock, random, speaksProtobuf, trace } = this.#options
    const parameters = new URL(path, 'http://api.test').searchParams
    trace(`${kind} ${parameters.toString()}`)
    const trouble = this.#trouble()
    if (trouble !== undefined) trace(`${kind} meets ${trouble.name}`)
    if (trouble?.headDelayMs !== undefined) await this.#wait(trouble.headDelayMs, signal)
    if (trouble?.error !== undefined) throw new ApiConnectionError(trouble.error)
    // Before and after the wait are two servers.
    if (this.isDown && trouble?.response === undefined) throw new ApiConnectionError('connection reset')
    const form = speaksProtobuf && accept.includes('protobuf') ? PROTOBUF_FORM : JSON_FORM
    const stream = new ModelStream(clock, random, drawFate(random, this.isTroubled))
    this.#streams.add(stream)
    signal.addEventListener('abort', () => stream.cut('ended by the client'), { once: true })
    const request = { kind, form, stream, parameters }
    const head = trouble?.response ?? this.#answer(request)
    if (trouble?.response !== undefined)
      finish(stream, trouble.response.octets ?? form.status(head.status, '', 'no'))
    return {
      status: head.status,
      contentType: head.contentType ?? form.listType,
      contentEncoding: trouble?.response?.contentEncoding ?? '',
      retryAfterSeconds: trouble?.response?.retryAfterSeconds,
      body: stream.body(),
    }
  }

  /** Tells every watch. */
  tell(change: Change): void {
    for (const watcher of this.#watchers) {
      if (watcher.kind !== change.kind || change.revision <= watcher.revision) continue
      watcher.stream.send(watcher.form.change(change))
      if (!watcher.isListing) watcher.revision = change.revision
    }
  }

  /** Octets that are no event, in one of the watches. */
  sendGarbage(): void {
    const watchers = [...this.#watchers].filter(({ stream }) => stream.isOpen)
    if (watchers.length === 0) return
    const { stream, form } = this.#options.random.pick(watchers)
    stream.send(form.garbage)
  }

  /** Ends the connections, some as agreed and some not. */
  disconnect(): void {
    const { random } = this.#options
    for (const { stream } of this.#watchers) if (random.chance(2)) stream.close()
    this.breakAll()
  }

  /** Breaks every connection; of one in eight the client hears nothing. */
  breakAll(): void {
    const { random } = this.#options
    for (const stream of this.#streams) if (!random.chance(8)) stream.cut('connection reset')
    this.#watchers.clear()
  }

  /** Continue tokens of before are too old. */
  forgetPages(): void {
    this.#pages.clear()
  }

  #trouble(): Trouble | undefined {
    if (this.isDown) return this.#hasProxy ? BAD_GATEWAY : REFUSED
    return this.isTroubled ? drawTrouble(this.#options.random) : undefined
  }

  #answer(request: ServerRequest): Head {
    if (!request.parameters.has('watch')) return this.#list(request)
    if (request.parameters.has('sendInitialEvents')) return this.#watchList(request)
    return this.#watch(request)
  }

  #list({ kind, form, stream, parameters }: ServerRequest): Head {
    const token = parameters.get('continue')
    const pages = token === null ? this.#firstPage(kind, parameters) : this.#pages.get(token)
    if (token !== null) this.#pages.delete(token)
    if (pages === undefined) return fail(stream, form, 410, 'Expired')
    // Small pages, so that there are several.
    const limit = parameters.has('limit') ? 3 : Infinity
    const rest = { ...pages, objects: pages.objects.slice(limit) }
    const next = rest.objects.length === 0 ? '' : `token-${(this.#tokens += 1)}`
    if (next !== '') this.#pages.set(next, rest)
    const meta = { resourceVersion: String(pages.revision), ...(next !== '' && { continue: next }) }
    finish(stream, form.list(kind, meta, pages.objects.slice(0, limit)))
    return { status: 200 }
  }

  /** What is so now, or with resourceVersion 0 what one of the servers has at hand. */
  #firstPage(kind: Kind, parameters: URLSearchParams): Pages {
    const { cluster, random, onList } = this.#options
    const isAnyAge = parameters.get('resourceVersion') === '0'
    const age = isAnyAge ? random.below(cluster.revision - cluster.oldest + 1) : 0
    const revision = cluster.revision - age
    const snapshot = cluster.at(kind, revision)
    onList(kind, snapshot)
    return { kind, revision, objects: [...snapshot.values()] }
  }

  #watchList({ kind, form, stream, parameters }: ServerRequest): Head {
    const { cluster, clock, random, onList } = this.#options
    if (!this.hasWatchLists) return fail(stream, form, random.pick([403, 422, 400]), 'Forbidden')
    const watcher = { kind, form, stream, revision: cluster.revision, isListing: true }
    onList(kind, new Map(cluster.objects(kind)))
    const objects = [...cluster.objects(kind).values()]
    // A bookmark that ends nothing may stand anywhere.
    const bookmarkAt = random.below(4 * (objects.length + 1))
    for (const [index, object] of objects.entries()) {
      if (index === bookmarkAt) stream.send(form.bookmark(kind, String(cluster.revision), false))
      stream.send(form.added(object))
    }
    this.#watchers.add(watcher)
    const complete = (): void => {
      watcher.isListing = false
      watcher.revision = cluster.revision
      if (this.#watchers.has(watcher)) stream.send(form.bookmark(kind, String(cluster.revision), true))
    }
    if (random.chance(2)) complete()
    else clock.after(random.below(3000), complete)
    this.#keep(watcher, parameters)
    return { status: 200, contentType: form.watchType }
  }

  #watch({ kind, form, stream, parameters }: ServerRequest): Head {
    const { cluster, random } = this.#options
    const revision = Number(parameters.get('resourceVersion'))
    if (revision < cluster.oldest) return this.#expire({ kind, form, stream, parameters })
    if (revision > cluster.revision && random.chance(2)) {
      stream.send(form.error(504, 'Timeout', `Too large resource version: ${revision}`))
      stream.close()
      return { status: 200, contentType: form.watchType }
    }
    const watcher = { kind, form, stream, revision, isListing: false }
    // The last event may come twice.
    const from = random.chance(4) ? revision - 1 : revision
    for (const change of cluster.since(kind, from)) stream.send(form.change(change))
    watcher.revision = Math.max(revision, cluster.revision)
    this.#watchers.add(watcher)
    this.#keep(watcher, parameters)
    return { status: 200, contentType: form.watchType }
  }

  #expire({ form, stream }: ServerRequest): Head {
    if (this.#expiresByStatus) return fail(stream, form, 410, 'Expired')
    stream.send(form.error(410, 'Expired', 'too old resource version'))
    stream.close()
    return { status: 200, contentType: form.watchType }
  }

  /** Bookmarks once a minute, until its time is over or it is lost. */
  #keep(watcher: Watcher, parameters: URLSearchParams): void {
    const { cluster, clock, random } = this.#options
    const isLost = this.isTroubled && random.chance(4)
    const seconds = isLost ? random.below(20) : Number(parameters.get('timeoutSeconds'))
    clock.after(seconds * 1000, () => {
      if (this.#watchers.delete(watcher)) watcher.stream.close()
    })
    const bookmark = (): void => {
      if (!this.#watchers.has(watcher) || !watcher.stream.isOpen) return
      const { revision } = cluster
      if (revision >= watcher.revision && !watcher.isListing) {
        watcher.stream.send(watcher.form.bookmark(watcher.kind, String(revision), false))
        watcher.revision = revision
      }
      clock.after(60_000, bookmark)
    }
    clock.after(random.below(60_000), bookmark)
  }

  #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    return new Promise((resolve, reject) => {
      const cancel = clock.after(delayMs, resolve)
      const abort = (): void => {
        cancel()
        reject(new ApiConnectionError('ended by the client'))
      }
      signal.addEventListener('abort', abort, { once: true })
    })
  }
}

interface ServerRequest {
  readonly kind: Kind
  readonly form: WireForm
  readonly stream: ModelStream
  readonly parameters: URLSearchParams
}

interface Head {
  readonly status: number
  readonly contentType?: string
}

function fail(stream: ModelStream, form: WireForm, status: number, reason: string): Head {
  finish(stream, form.status(status, reason, 'refused'))
  return { status }
}

function finish(stream: ModelStream, octets: Uint8Array): void {
  stream.send(octets)
  stream.close()
}
