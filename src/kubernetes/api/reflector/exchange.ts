import { ApiConnectionError, type ApiResponse, type ApiTransport } from '../api-transport.ts'
import type { Clock } from '../clock.ts'
import { AttemptError, oneLine } from './attempt-error.ts'

/** A connection that breaks after this may have been dead for longer than a server takes to come back as another. */
const LONG_SILENCE_MS = 30_000

export interface ExchangeOptions {
  readonly transport: ApiTransport
  readonly clock: Clock
  readonly path: string
  readonly accept: string
  /** How long nothing may come. */
  readonly silenceMs: number
  /** Ends the exchange. */
  readonly signal: AbortSignal
}

/** One GET and its answer, which ends when nothing comes for too long. Call `end` in every case. */
export class Exchange {
  readonly #options: ExchangeOptions
  readonly #abort = new AbortController()
  readonly #end = (): void => this.end()
  #silenceMs: number
  #lastOctetMs: number
  #server: string | undefined
  #isSilent = false
  #cancelTimer: () => void

  constructor(options: ExchangeOptions) {
    this.#options = options
    this.#silenceMs = options.silenceMs
    this.#lastOctetMs = options.clock.nowMs()
    this.#cancelTimer = options.clock.after(options.silenceMs, () => this.#checkSilence())
    options.signal.addEventListener('abort', this.#end, { once: true })
  }

  /** Who answered. */
  get server(): string | undefined {
    return this.#server
  }

  /** Rejects with AttemptError where there is no response. */
  async open(): Promise<ApiResponse> {
    const { transport, path, accept } = this.#options
    try {
      const response = await transport.get({ path, accept, signal: this.#abort.signal })
      this.#lastOctetMs = this.#options.clock.nowMs()
      this.#server = response.server
      return response
    } catch (error) {
      throw this.#errorFrom(error, 'unreachable')
    }
  }

  /** The body, piece by piece. Rejects with AttemptError where it breaks off. */
  async *chunks({ body }: ApiResponse): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        this.#lastOctetMs = this.#options.clock.nowMs()
        yield chunk
      }
    } catch (error) {
      throw this.#errorFrom(error, 'cut')
    }
  }

  /** From the last octet on so long may nothing come. */
  allowSilence(silenceMs: number): void {
    if (this.#abort.signal.aborted) return
    this.#silenceMs = silenceMs
    this.#cancelTimer()
    this.#checkSilence()
  }

  /** Ends the request and the body, where they go on. */
  end(): void {
    this.#cancelTimer()
    this.#options.signal.removeEventListener('abort', this.#end)
    this.#abort.abort()
  }

  #checkSilence(): void {
    const nowMs = this.#options.clock.nowMs()
    // Where the wall clock was set back, the time before counts for nothing.
    this.#lastOctetMs = Math.min(this.#lastOctetMs, nowMs)
    const leftMs = this.#lastOctetMs + this.#silenceMs - nowMs
    if (leftMs > 0) {
      this.#cancelTimer = this.#options.clock.after(leftMs, () => this.#checkSilence())
      return
    }
    this.#isSilent = true
    this.end()
  }

  #errorFrom(error: unknown, kind: 'unreachable' | 'cut'): unknown {
    if (this.#isSilent) {
      return new AttemptError('silent', `no octet for ${this.#silenceMs / 1000} s`)
    }
    if (!(error instanceof ApiConnectionError)) return error
    const silenceMs = this.#options.clock.nowMs() - this.#lastOctetMs
    const isSilent = kind === 'cut' && silenceMs >= LONG_SILENCE_MS
    return new AttemptError(isSilent ? 'silent' : kind, oneLine(error.message))
  }
}
