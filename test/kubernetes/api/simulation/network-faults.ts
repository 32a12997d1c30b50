import type { SeededRandom } from '../../../fuzz/random.ts'
import type { StreamFate } from './model-stream.ts'

/** What a request meets in place of an answer, or before it. */
export interface Trouble {
  readonly name: string
  readonly headDelayMs?: number
  /** There is no response. */
  readonly error?: string
  readonly response?: {
    readonly status: number
    readonly contentType?: string
    readonly contentEncoding?: string
    readonly retryAfterSeconds?: number
    /** A Status where it does not say. */
    readonly octets?: Uint8Array
  }
}

const HTML = new TextEncoder().encode('<!DOCTYPE html><title>Sign in</title>')

/** What a server that is away answers, and what a proxy answers for it. */
export const REFUSED: Trouble = { name: 'a refused connection', error: 'connect ECONNREFUSED' }
export const BAD_GATEWAY: Trouble = {
  name: 'a proxy without a server',
  response: { status: 502, contentType: 'text/html', octets: HTML },
}

const TROUBLES: readonly Trouble[] = [
  REFUSED,
  { name: 'no answer', headDelayMs: 10_000, error: 'no response within 10 s' },
  { name: 'a slow answer', headDelayMs: 700 },
  { name: 'a very slow answer', headDelayMs: 9000 },
  { name: '429', response: { status: 429, retryAfterSeconds: 2 } },
  { name: '500', response: { status: 500 } },
  { name: '503 with Retry-After', response: { status: 503, retryAfterSeconds: 1 } },
  { name: '401', response: { status: 401 } },
  { name: '403', response: { status: 403 } },
  { name: '404', response: { status: 404 } },
  { name: '406', response: { status: 406 } },
  { name: 'a page of HTML', response: { status: 200, contentType: 'text/html', octets: HTML } },
  { name: 'gzip', response: { status: 200, contentEncoding: 'gzip', octets: Uint8Array.of(31, 139, 8, 0) } },
  { name: 'a redirect', response: { status: 302, contentType: 'text/plain', octets: HTML } },
  { name: 'an empty answer', response: { status: 200, octets: new Uint8Array() } },
]

/** One request in four meets something. */
export function drawTrouble(random: SeededRandom): Trouble | undefined {
  return random.chance(4) ? random.pick(TROUBLES) : undefined
}

/** What becomes of a body: one in three is late, one in four does not arrive whole. */
export function drawFate(random: SeededRandom, isTroubled: boolean): StreamFate {
  if (!isTroubled) return { delayMs: 0, end: undefined }
  const delayMs = random.chance(3) ? random.pick([1, 40, 2500]) : 0
  if (!random.chance(4)) return { delayMs, end: undefined }
  return { delayMs, end: { how: random.pick(['cut', 'stall'] as const), afterOctets: random.below(2000) } }
}
