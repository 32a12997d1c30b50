import type { Upstream } from './upstream-address.ts'
import type { Candidate } from './upstream-health.ts'

/**
 * What one attempt gave. `lasting`: the same upstream would say the same again, so it is not asked twice. `unwanted`: a reply
 * that counts only where no upstream gives a better one; the last of them does.
 */
export type AttemptResult<T> =
  | { readonly kind: 'reply'; readonly reply: T }
  | { readonly kind: 'unwanted'; readonly reply: T }
  | { readonly kind: 'failed'; readonly isSilence: boolean; readonly lasting: boolean; readonly text: string }
  | { readonly kind: 'aborted' }

export interface Asking<T> {
  /** In the order to ask them, at least one. */
  readonly candidates: readonly Candidate[]
  /** Asks one upstream; ends by itself when the time is over, and at once on the signal. Never rejects. */
  readonly attempt: (upstream: Upstream, signal: AbortSignal) => Promise<AttemptResult<T>>
  /** Whether others are to be asked first: what is known of an upstream changes while the query waits. */
  readonly isFailing: (upstream: Upstream) => boolean
  /** Called when an upstream used up its patience; a reply may still come. */
  readonly onSilence: (upstream: Upstream) => void
  readonly signal: AbortSignal
}

export type Asked<T> =
  | { readonly kind: 'reply'; readonly reply: T; readonly upstream: Upstream }
  | { readonly kind: 'failed'; readonly isSilence: boolean; readonly texts: readonly string[] }
  | { readonly kind: 'aborted' }

/** Sockets that wait at the same time for one client's query. */
const MAX_OPEN_ATTEMPTS = 3

/** Each upstream is asked at most twice: once, and once more when all have had their turn. */
const ROUNDS = 2

/**
 * Asks upstreams one after another until one replies. The next is asked when the one before has failed or has been silent
 * for its patience. A silent one is listened to all the same: recursion can take longer than any patience worth having.
 */
export function askUpstreams<T>(asking: Asking<T>): Promise<Asked<T>> {
  const { candidates, attempt, isFailing, onSilence, signal } = asking
  let queue = Array.from({ length: ROUNDS }, () => candidates).flat()
  const hopeless = new Set<Upstream>()
  const texts = new Set<string>()
  const open = new Set<AbortController>()
  let isSilence = true
  let unwanted: Extract<Asked<T>, { kind: 'reply' }> | undefined
  let newest: AbortController | undefined
  let timer: NodeJS.Timeout | undefined
  return new Promise((resolve) => {
    const finish = (asked: Asked<T>) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      for (const controller of open) controller.abort()
      open.clear()
      resolve(asked)
    }
    const abort = () => finish({ kind: 'aborted' })
    const next = () => {
      clearTimeout(timer)
      queue = queue.filter(({ upstream }) => !hopeless.has(upstream))
      const first = queue.findIndex(({ upstream }) => !isFailing(upstream))
      const [candidate] = queue.splice(Math.max(0, first), 1)
      if (candidate !== undefined) start(candidate)
      else if (open.size === 0) finish(unwanted ?? { kind: 'failed', isSilence, texts: [...texts] })
    }
    const start = ({ upstream, patienceMs }: Candidate) => {
      abortOldest(open)
      const controller = new AbortController()
      open.add(controller)
      newest = controller
      timer = setTimeout(() => {
        onSilence(upstream)
        next()
      }, patienceMs)
      void attempt(upstream, controller.signal).then((result) => settle(upstream, controller, result))
    }
    const settle = (upstream: Upstream, controller: AbortController, result: AttemptResult<T>) => {
      if (!open.delete(controller) || result.kind === 'aborted') return
      if (result.kind === 'reply') return finish({ kind: 'reply', reply: result.reply, upstream })
      if (result.kind === 'unwanted') unwanted = { kind: 'reply', reply: result.reply, upstream }
      else texts.add(result.text)
      isSilence &&= result.kind === 'failed' && result.isSilence
      if (result.kind === 'unwanted' || result.lasting) hopeless.add(upstream)
      if (controller === newest || open.size === 0) next()
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    next()
  })
}

/** Makes room for one more. Insertion order: the first has waited longest. */
function abortOldest(open: Set<AbortController>): void {
  if (open.size < MAX_OPEN_ATTEMPTS) return
  for (const oldest of open) {
    open.delete(oldest)
    oldest.abort()
    return
  }
}
