import type { ApiStatus } from '../api-event.ts'

/** What kept a list or a watch from going on. */
export type AttemptErrorKind =
  /** There was no response. */
  | 'unreachable'
  /** The response says that it failed, or is not one of the API. */
  | 'response'
  /** The connection broke while the body arrived. */
  | 'cut'
  /** No octet came for too long, whatever came then. */
  | 'silent'
  /** An ERROR event in a watch. */
  | 'event'
  /** The octets are not what was asked for. */
  | 'malformed'
  /** A watch-list ended before it had told everything. */
  | 'unfinished'

interface AttemptErrorDetails {
  /** HTTP status, or the code of the ERROR event; 0 where there was none. */
  readonly status?: number
  readonly reason?: string
  readonly retryAfterSeconds?: number | undefined
}

/** A list or a watch that failed. The message is one line. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError'
  readonly kind: AttemptErrorKind
  readonly status: number
  readonly retryAfterSeconds: number | undefined
  readonly #reason: string

  constructor(kind: AttemptErrorKind, message: string, details: AttemptErrorDetails = {}) {
    super(message)
    this.kind = kind
    this.status = details.status ?? 0
    this.#reason = details.reason ?? ''
    this.retryAfterSeconds = details.retryAfterSeconds
  }

  /** The server no longer knows the resourceVersion, or the continue token (Kubernetes "API Concepts", 410 Gone). */
  get isExpired(): boolean {
    return this.status === 410 || this.#reason === 'Expired' || this.#reason === 'Gone'
  }

  /** The server takes no watch-list, by its version, its settings, or its permissions. */
  get refusesWatchList(): boolean {
    return this.kind === 'response' && [400, 403, 405, 422].includes(this.status)
  }

  /**
   * Whether a watch must not go on from where it was. An API server that was away may be back with another history (etcd
   * restored from a backup): a watch from a resourceVersion ahead of it is open, and silent, until writes have caught up.
   */
  get needsList(): boolean {
    if (this.isExpired || this.kind === 'silent' || this.kind === 'unreachable') return true
    if (/too large resource version/i.test(this.message)) return true
    // An API server that has just been started knows no permissions yet.
    return this.kind === 'response' && (this.status >= 500 || this.status === 403)
  }
}

/** Whatever is none yet came out of a decoder. */
export function asAttemptError(error: unknown): AttemptError {
  if (error instanceof AttemptError) return error
  const said = error instanceof Error ? error.message : String(error)
  return new AttemptError('malformed', oneLine(said), { status: 200 })
}

/** Of an ERROR event. */
export function errorOfEvent(status: ApiStatus): AttemptError {
  const { code, reason, message, retryAfterSeconds } = status
  const said = message === '' ? reason || 'without a message' : message
  return new AttemptError('event', oneLine(`ERROR event ${code}: ${said}`), {
    status: code,
    reason,
    retryAfterSeconds,
  })
}

/** Texts of others, for one line of a log: without control characters, and not longer than a line should be. */
export function oneLine(text: string, length = 500): string {
  const plain = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return plain.length > length ? `${plain.slice(0, length)}…` : plain
}
