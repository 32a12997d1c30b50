import type { Upstream } from './upstream-address.ts'

/** One query to one upstream over one transport. */
export interface ExchangeRequest<T> {
  readonly upstream: Upstream
  /** Over UDP: where it comes from; undefined for the address that the system chooses. Streams have their own. */
  readonly sourceAddress: string | undefined
  /** The message to send, without the length octets of TCP. */
  readonly query: Uint8Array
  /** The reply in these octets; undefined for whatever is not the reply to the query, which goes on waiting. */
  readonly read: (octets: Uint8Array) => T | undefined
  /** Called for each message that was not the reply. */
  readonly onMismatch: () => void
  readonly timeoutMs: number
  /** Ends the exchange at once and frees its socket. */
  readonly signal: AbortSignal
}

/**
 * How it ended. `silence`: no reply in time. `unreachable`: the network or the other side refused, closed or broke off;
 * `text` says so. `flooded`: so much came that was no reply that somebody may be guessing. `aborted`: by the signal.
 */
export type ExchangeResult<T> =
  | { readonly kind: 'reply'; readonly reply: T }
  | { readonly kind: 'silence' }
  | { readonly kind: 'unreachable'; readonly text: string }
  | { readonly kind: 'flooded' }
  | { readonly kind: 'aborted' }

/**
 * Messages that are no reply to the query before an exchange gives up on its transport. One right guess among 100, of
 * 2^16 ids and some 28,000 ports, is a chance of 1 in 18 million (RFC 5452 section 7).
 */
export const MAX_MISMATCHES = 100
