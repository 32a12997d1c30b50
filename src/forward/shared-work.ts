/** How somebody who shares a piece of work leaves it. */
export interface Sharing {
  /** Leaves at once. */
  readonly signal: AbortSignal
  /** Leaves after that. */
  readonly timeoutMs: number
}

/** Does a piece of work once for all who want it at the same time. */
export interface SharedWork<T> {
  /**
   * What the work under `key` gives: the work under way, or else what `start` begins. `start` must not reject; its signal is
   * aborted when the last one has left. Undefined for whoever left before.
   */
  join(key: string, sharing: Sharing, start: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>
  /** Pieces of work under way. */
  readonly count: () => number
  /** Whether work under that key is under way. */
  readonly has: (key: string) => boolean
  /** Aborts all work. */
  readonly close: () => void
}

export function createSharedWork<T>(): SharedWork<T> {
  const pieces = new Map<string, Piece<T>>()
  const begin = (key: string, start: (signal: AbortSignal) => Promise<T>): Piece<T> => {
    const controller = new AbortController()
    const piece: Piece<T> = { controller, sharers: 0, result: start(controller.signal) }
    pieces.set(key, piece)
    void piece.result.then(() => {
      if (pieces.get(key) === piece) pieces.delete(key)
    })
    return piece
  }
  return {
    join: (key, { signal, timeoutMs }, start) => {
      if (signal.aborted) return Promise.resolve(undefined)
      const piece = pieces.get(key) ?? begin(key, start)
      piece.sharers++
      return new Promise((resolve) => {
        const finish = (result: T | undefined) => {
          clearTimeout(timer)
          signal.removeEventListener('abort', leave)
          resolve(result)
        }
        const leave = () => {
          piece.sharers--
          if (piece.sharers === 0) {
            // Who comes now begins anew: what is being given up would give him nothing.
            if (pieces.get(key) === piece) pieces.delete(key)
            piece.controller.abort()
          }
          finish(undefined)
        }
        const timer = setTimeout(leave, timeoutMs)
        signal.addEventListener('abort', leave, { once: true })
        void piece.result.then(finish)
      })
    },
    count: () => pieces.size,
    has: (key) => pieces.has(key),
    close: () => {
      for (const { controller } of pieces.values()) controller.abort()
    },
  }
}

interface Piece<T> {
  readonly controller: AbortController
  readonly result: Promise<T>
  sharers: number
}
