import type { EndpointSlice } from '../objects.ts'
import { createPause } from '../pause.ts'
import type { ClusterSink } from '../source.ts'
import type { ApiItem } from './api-event.ts'
import type { ApiResource } from './api-resource.ts'
import { ENDPOINT_SLICES, ENDPOINTS } from './api-resource.ts'
import type { ApiWatch, Feed, Following, Reflect } from './feed.ts'
import { whyRefused } from './feed.ts'

export interface EndpointsFeedOptions {
  /** Undefined for all. */
  readonly namespace: string | undefined
  readonly labelSelector: string
  readonly reflect: Reflect
  readonly sink: ClusterSink
  /** Told of a slice that changed after the first list, with the Unix time in milliseconds of what made it change. */
  readonly onSliceChanged: ((slice: EndpointSlice, triggeredMs: number) => void) | undefined
}

/** Of a large cluster there are tens of thousands of slices to remove. */
const PIECE_MS = 5

/**
 * EndpointSlices; and Endpoints in their place as long as slices are not served or forbidden. They are asked for again and again,
 * and take over when they have all been told: until then the Endpoints stay, so that there is no gap.
 */
export class EndpointsFeed implements Feed {
  readonly kind = 'EndpointSlice'
  readonly #options: EndpointsFeedOptions
  readonly #slices: Following
  #fallback: Following | undefined
  /** Slices made of Endpoints, by namespace and name of the Endpoints. */
  readonly #made = new Map<string, readonly EndpointSlice[]>()
  #isStopped = false

  constructor(options: EndpointsFeedOptions) {
    this.#options = options
    this.#slices = options.reflect(this.#collection(ENDPOINT_SLICES), {
      apply: (item) => this.#applySlice(item),
      remove: ({ namespace, name }) => options.sink.remove({ kind: 'EndpointSlice', namespace, name }),
      synced: () => void this.#endFallback(),
      statusChanged: () => this.#beginFallbackIfRefused(),
    })
  }

  start(): void {
    this.#slices.start()
  }

  stop(): void {
    this.#isStopped = true
    this.#slices.stop()
    this.#fallback?.stop()
  }

  get isSettled(): boolean {
    const fallback = this.#fallback?.status
    return this.#slices.status.hasSynced || fallback?.hasSynced === true || this.whyUnavailable !== undefined
  }

  get whyUnavailable(): string | undefined {
    return this.#fallback && whyRefused(this.#fallback.status)
  }

  get watches(): readonly ApiWatch[] {
    const { namespace } = this.#options
    const slices = { resource: ENDPOINT_SLICES, namespace, status: this.#slices.status }
    if (this.#fallback === undefined) return [slices]
    return [slices, { resource: ENDPOINTS, namespace, status: this.#fallback.status }]
  }

  #collection(resource: ApiResource) {
    const { namespace, labelSelector } = this.#options
    return { resource, namespace, labelSelector, fieldSelector: '' }
  }

  #applySlice({ object, lastChangeTriggerMs }: ApiItem): void {
    if (object?.kind !== 'EndpointSlice') return
    if (this.#options.sink.apply(object)) this.#tellChange(object, lastChangeTriggerMs, this.#slices)
  }

  #tellChange(slice: EndpointSlice, triggeredMs: number | undefined, of: Following | undefined): void {
    if (triggeredMs === undefined) return
    const since = of?.status.lastListMs
    if (since === undefined) return
    // What changed before the first list was not for us to be quick about.
    if (triggeredMs >= since) this.#options.onSliceChanged?.(slice, triggeredMs)
  }

  #beginFallbackIfRefused(): void {
    if (this.#fallback !== undefined || whyRefused(this.#slices.status) === undefined) return
    this.#fallback = this.#options.reflect(this.#collection(ENDPOINTS), {
      apply: (item) => this.#applyEndpoints(item),
      remove: ({ namespace, name }) => this.#replaceMade(`${namespace}/${name}`, []),
    })
    this.#fallback.start()
  }

  #applyEndpoints({ object, lastChangeTriggerMs }: ApiItem): void {
    if (object?.kind !== 'Endpoints') return
    const [changed] = this.#replaceMade(`${object.namespace}/${object.name}`, object.slices)
    if (changed !== undefined) this.#tellChange(changed, lastChangeTriggerMs, this.#fallback)
  }

  /** Gives those that say something new. */
  #replaceMade(key: string, slices: readonly EndpointSlice[]): readonly EndpointSlice[] {
    const { sink } = this.#options
    const before = this.#made.get(key) ?? []
    const changed = slices.filter((slice) => sink.apply(slice))
    for (const { kind, namespace, name } of before) {
      if (!slices.some((slice) => slice.name === name)) sink.remove({ kind, namespace, name })
    }
    if (slices.length === 0) this.#made.delete(key)
    else this.#made.set(key, slices)
    return changed
  }

  /** Nothing is made meanwhile: who has seen slices once does not turn to Endpoints again. */
  async #endFallback(): Promise<void> {
    if (this.#fallback === undefined) return
    this.#fallback.stop()
    this.#fallback = undefined
    const pause = createPause(PIECE_MS)
    for (const key of this.#made.keys()) {
      this.#replaceMade(key, [])
      await pause()
      if (this.#isStopped) return
    }
  }
}
