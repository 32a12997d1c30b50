import { createPause, type Pause } from '../pause.ts'
import { type ApiEvent, MalformedStream } from './api-event.ts'
import { createCodec } from './codec/create-codec.ts'
import { asAttemptError, AttemptError, errorOfEvent } from './reflector/attempt-error.ts'
import { Backoff } from './reflector/backoff.ts'
import { watchListPath, watchPath } from './reflector/collection-path.ts'
import { Exchange } from './reflector/exchange.ts'
import { createLastingCodec } from './reflector/lasting-codec.ts'
import { listPages } from './reflector/list-pages.ts'
import { ListPlan } from './reflector/list-plan.ts'
import { type CodecFor, openAnswer } from './reflector/open-answer.ts'
import { ReflectedObjects } from './reflector/reflected-objects.ts'
import { createSlices } from './reflector/slices.ts'
import { wait } from './reflector/wait.ts'
import type { ReflectorFailure, ReflectorOptions, ReflectorStatus } from './reflector-types.ts'

/** Bookmarks come about once a minute; while a list arrives, there is always something. */
const WATCH_SILENCE_MS = 90_000
const LIST_SILENCE_MS = 30_000
/** A watch that lived so long ends a row of failures; one that lived less than the other is not opened again at once. */
const STEADY_MS = 30_000
/** A connection that broke is made again sooner than a server can be replaced by one with another history. */
const REPLACED_MS = 1000
const SHORT_MS = 1000
/** After a list that would remove too much: from this to twice this. */
const CONFIRM_MS = 4000
/** From one resourceVersion, unreadable or ended by an ERROR event: then the list is read. */
const FRUITLESS_WATCHES = 2
/** Several reflectors share a turn of the event loop. */
const SLICE_MS = 5
const ANY_ENCODING = 'application/vnd.kubernetes.protobuf, application/json'
const JSON_ONLY = 'application/json'

/** How the objects are asked for. */
type Way = 'watch' | 'watch-list' | 'pages'

/**
 * Keeps a sink told of all objects of a collection: lists, watches, and lists again where it must, in place and without
 * dropping what is known. Whatever fails is tried again until `stop`; nothing is thrown.
 */
export class Reflector {
  readonly #options: ReflectorOptions
  readonly #objects: ReflectedObjects
  readonly #backoff: Backoff
  readonly #lists: ListPlan
  readonly #codecFor: CodecFor
  readonly #stopping = new AbortController()
  readonly #slices: Pause
  #accept = ANY_ENCODING
  /** Where a watch goes on (opaque); undefined while only a list can help. */
  #position: string | undefined
  /** Whose resourceVersion that is. */
  #server: string | undefined
  #fruitlessWatches = 0
  #exchange: Exchange | undefined
  #brokenMs: number | undefined
  #mustConfirm = false
  #cancelConfirm = (): void => {}
  #phase: ReflectorStatus['phase'] = 'waiting'
  #failure: ReflectorFailure | undefined
  #hasSynced = false
  #lastListMs: number | undefined
  #lastEventMs: number | undefined
  #watchSinceMs: number | undefined
  #watches = 0
  #completeLists = 0
  #malformedStreams = 0

  constructor(options: ReflectorOptions) {
    this.#options = options
    this.#objects = new ReflectedObjects(options)
    this.#backoff = new Backoff(options.random)
    this.#lists = new ListPlan(options.clock)
    this.#codecFor = createLastingCodec((contentType) => createCodec(contentType, options.resource))
    this.#slices = createSlices(options.pause ?? createPause(SLICE_MS), this.#stopping.signal)
  }

  start(): void {
    void this.#run()
  }

  /** No timer or request of it is left, and the sink is told nothing more. */
  stop(): void {
    this.#phase = 'stopped'
    this.#cancelConfirm()
    this.#stopping.abort()
  }

  get status(): ReflectorStatus {
    return {
      phase: this.#phase,
      hasSynced: this.#hasSynced,
      objects: this.#objects.count,
      lastListMs: this.#lastListMs,
      lastEventMs: this.#lastEventMs,
      watchSinceMs: this.#watchSinceMs,
      restarts: Math.max(0, this.#watches - 1),
      lists: this.#completeLists,
      malformedStreams: this.#malformedStreams,
      failure: this.#failure,
      held: this.#objects.held,
      quarantined: this.#objects.quarantined,
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const delayMs = await this.#attempt()
      if (delayMs === 0 || signal.aborted) continue
      this.#phase = 'waiting'
      await wait(this.#options.clock, delayMs, signal)
    }
  }

  /** Lists or watches until that ends. Gives the milliseconds to wait before the next; never rejects. */
  async #attempt(): Promise<number> {
    if (this.#mustConfirm || this.#mayBeAnother) this.#position = undefined
    this.#mustConfirm = false
    const way = this.#nextWay()
    this.#phase = way === 'watch' ? 'watching' : 'listing'
    try {
      if (way !== 'pages') return await this.#follow()
      await this.#listPages()
      return 0
    } catch (error) {
      return this.#delayAfter(error, way)
    } finally {
      this.#exchange?.end()
      this.#exchange = undefined
    }
  }

  #nextWay(): Way {
    if (this.#position !== undefined) return 'watch'
    return this.#lists.isWatchList ? 'watch-list' : 'pages'
  }

  #open(path: string, silenceMs: number): Exchange {
    const { transport, clock } = this.#options
    const { signal } = this.#stopping
    signal.throwIfAborted()
    this.#exchange?.end()
    this.#exchange = new Exchange({ transport, clock, path, accept: this.#accept, silenceMs, signal })
    return this.#exchange
  }

  async #listPages(): Promise<void> {
    // What the server has at hand may be older than what was told before, by this or in its place: for the first try of all.
    const isFirst = this.#objects.count === 0 && !this.#hasSynced && this.#failure === undefined
    const resourceVersion = isFirst ? '0' : undefined
    this.#objects.beginList()
    const listed = await listPages({
      selection: this.#options,
      limit: this.#lists.pageObjects,
      resourceVersion,
      open: (path) => this.#open(path, LIST_SILENCE_MS),
      codecFor: this.#codecFor,
      objects: this.#objects,
      slices: this.#slices,
    })
    await this.#completeList(listed)
  }

  /** A watch from where the last ended; a watch-list where there is no such place. */
  async #follow(): Promise<number> {
    const { clock, random } = this.#options
    const timeoutSeconds = 240 + Math.floor(random() * 241)
    const exchange =
      this.#position === undefined
        ? this.#open(watchListPath(this.#options, timeoutSeconds), LIST_SILENCE_MS)
        : this.#open(watchPath(this.#options, this.#position, timeoutSeconds), WATCH_SILENCE_MS)
    const { codec, chunks } = await openAnswer(exchange, this.#codecFor)
    if (this.#position !== undefined && exchange.server !== this.#server) {
      // A kubeconfig that names another cluster by now: a resourceVersion means nothing there.
      this.#position = undefined
      return 0
    }
    const openedMs = clock.nowMs()
    this.#brokenMs = undefined
    const cancelSettled = clock.after(SHORT_MS, () => this.#settle())
    this.#watches += 1
    this.#watchSinceMs = openedMs
    if (this.#position === undefined) this.#objects.beginList()
    try {
      const decoder = codec.watchDecoder()
      for await (const chunk of chunks) {
        this.#lastEventMs = clock.nowMs()
        for (const event of decoder.push(chunk)) {
          const waiting = this.#slices()
          if (waiting !== undefined) await waiting
          const listed = this.#take(event)
          if (listed !== undefined) await listed
        }
      }
    } finally {
      cancelSettled()
      this.#watchSinceMs = undefined
      if (clock.nowMs() - openedMs > STEADY_MS) this.#backoff.reset()
    }
    if (this.#position === undefined) throw new AttemptError('unfinished', 'a watch-list without an end')
    return clock.nowMs() - openedMs < SHORT_MS ? SHORT_MS : 0
  }

  #take(event: ApiEvent): Promise<void> | undefined {
    if (event.type === 'ERROR') throw errorOfEvent(event.status)
    if (event.type === 'BOOKMARK') {
      if (this.#position === undefined && event.isInitialEventsEnd) {
        return this.#completeList(event.resourceVersion)
      }
      this.#advance(event.resourceVersion)
      return undefined
    }
    if (event.type === 'DELETED') this.#objects.remove(event.item)
    else this.#objects.apply(event.item)
    this.#advance(event.item.resourceVersion)
    return undefined
  }

  /** The events of a list are in no order: what it told so far is no place to go on from. */
  #advance(resourceVersion: string): void {
    if (this.#position === undefined || resourceVersion === '') return
    this.#position = resourceVersion
    this.#fruitlessWatches = 0
    this.#settle()
  }

  async #completeList(resourceVersion: string): Promise<void> {
    if (resourceVersion === '') throw new MalformedStream('a list without a resourceVersion')
    const outcome = await this.#objects.completeList(this.#slices)
    this.#stopping.signal.throwIfAborted()
    const { clock, sink } = this.#options
    this.#cancelConfirm()
    this.#brokenMs = undefined
    this.#mustConfirm = false
    this.#completeLists += 1
    this.#lastListMs = this.#lastEventMs = clock.nowMs()
    this.#position = resourceVersion
    this.#server = this.#exchange?.server
    this.#phase = 'watching'
    this.#lists.complete()
    this.#fruitlessWatches = 0
    this.#exchange?.allowSilence(WATCH_SILENCE_MS)
    if (outcome === 'held') this.#confirmLater()
    else this.#hasSynced = true
    this.#settle()
    if (outcome === 'adopted') sink.synced()
  }

  /** Watches until then, and reads the list again. */
  #confirmLater(): void {
    const { clock, random } = this.#options
    this.#cancelConfirm = clock.after(CONFIRM_MS * (1 + random()), () => {
      this.#mustConfirm = true
      if (this.#phase === 'watching') this.#exchange?.end()
    })
  }

  /** Says how long to wait, and where to go on. */
  #delayAfter(error: unknown, way: Way): number {
    if (this.#stopping.signal.aborted || this.#mustConfirm) return 0
    const failure = asAttemptError(error)
    if (failure.kind === 'malformed') this.#malformedStreams += 1
    if (failure.status === 406 && this.#accept !== JSON_ONLY) {
      this.#accept = JSON_ONLY
      return 0
    }
    if (way === 'watch-list' && this.#position === undefined && this.#lists.failWatchList(failure)) return 0
    if (way === 'pages') this.#lists.failPages(failure)
    const isOfWatch = this.#position !== undefined
    if (failure.kind === 'cut') this.#brokenMs ??= this.#options.clock.nowMs()
    if (isOfWatch) this.#choosePosition(failure)
    if (!isOfWatch || !failure.isExpired) this.#fail(failure)
    return this.#backoff.nextMs(failure)
  }

  #choosePosition(failure: AttemptError): void {
    if (failure.kind === 'malformed' || failure.kind === 'event') this.#fruitlessWatches += 1
    const isFruitless = this.#fruitlessWatches >= FRUITLESS_WATCHES
    if (isFruitless || failure.needsList) this.#position = undefined
  }

  #fail({ message, status }: ReflectorFailure): void {
    if (this.#failure?.message === message && this.#failure.status === status) return
    this.#failure = { message, status }
    this.#options.sink.statusChanged()
  }

  /** All is well, unless a list is still on its way. */
  #settle(): void {
    if (this.#failure === undefined || this.#position === undefined) return
    this.#failure = undefined
    this.#options.sink.statusChanged()
  }

  /** Whether the API server may have been restored from a backup since it was last heard of (see `needsList`). */
  get #mayBeAnother(): boolean {
    return this.#brokenMs !== undefined && this.#options.clock.nowMs() - this.#brokenMs > REPLACED_MS
  }
}
