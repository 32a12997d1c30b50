import { createHash } from 'node:crypto'

import { ConfigError, configErrorLine } from '../config/config-error.ts'
import { corefileText } from '../config/corefile-texts.ts'
import type { Corefile } from '../config/corefile.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'
import type { Log } from '../plugins/plugin.ts'

export interface ReloaderOptions {
  /** Reads the Corefile with its imports. Throws where it cannot. */
  readonly read: () => Corefile
  /** Serves it. Rejects where it cannot; then what was served before goes on. */
  readonly replace: (corefile: Corefile) => Promise<void>
  /** How often to look; undefined for never. Asked after each look. */
  readonly intervalMs: () => number | undefined
  readonly log: Log
  readonly metrics: MetricsRegistry
}

/** Takes another Corefile into service when there is one, or when asked. What fails changes nothing and is said once. */
export class Reloader {
  readonly #options: ReloaderOptions
  /** SHA-512 of what is served. */
  #digest: string
  #failure: string | undefined
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #isStopped = false

  /** `corefile`: the one that is served. */
  constructor(corefile: Corefile, options: ReloaderOptions) {
    this.#options = options
    this.#digest = digestOf(corefile)
    options.metrics.read(
      {
        name: 'coredns_reload_version_info',
        help: 'Always 1; the SHA-512 of the configuration that is served.',
        labels: ['hash', 'value'],
      },
      'gauge',
      () => [{ labelValues: ['sha512', this.#digest], value: 1 }],
    )
    this.#failures()
    this.#schedule()
  }

  /** Serves the Corefile as it stands now, whether or not it has changed. Never rejects. */
  reload(): Promise<void> {
    return this.#enqueue(true)
  }

  /** Takes nothing into service any more. Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    const intervalMs = this.#options.intervalMs()
    if (intervalMs === undefined || this.#isStopped) return
    this.#timer = setTimeout(() => void this.#enqueue(false), intervalMs).unref()
  }

  #enqueue(isForced: boolean): Promise<void> {
    this.#running = this.#running.then(() => this.#look(isForced)).finally(() => this.#schedule())
    return this.#running
  }

  async #look(isForced: boolean): Promise<void> {
    if (this.#isStopped) return
    const { read, replace, log } = this.#options
    try {
      const corefile = read()
      const digest = digestOf(corefile)
      if (digest === this.#digest && !isForced) {
        this.#failure = undefined
        return
      }
      await replace(corefile)
      this.#digest = digest
      this.#failure = undefined
      log.info('reloaded: the Corefile as it is now is served', { sha512: digest })
    } catch (error) {
      this.#fail(reasonOf(error), isForced)
    }
  }

  /** It is tried again at every look, as ports become free and folders appear; a reason is told when it is new. */
  #fail(reason: string, isForced: boolean): void {
    this.#failures().value++
    if (reason !== this.#failure || isForced)
      this.#options.log.error(`reload failed, what was served before goes on: ${reason}`)
    this.#failure = reason
  }

  #failures(): { value: number } {
    return this.#options.metrics
      .counter({
        name: 'coredns_reload_failed_total',
        help: 'How often another configuration could not be taken into service.',
      })
      .with()
  }
}

function digestOf(corefile: Corefile): string {
  return createHash('sha512').update(corefileText(corefile)).digest('hex')
}

/** On one line. */
function reasonOf(error: unknown): string {
  if (error instanceof ConfigError) return configErrorLine(error)
  return error instanceof Error ? error.message : String(error)
}
