/** Time, passed in so that a simulation can drive it. */
export interface Clock {
  /** Unix time in milliseconds. */
  nowMs(): number
  /** Calls once after the delay, unless the returned function was called before. Does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void
}
