/** How often values fell into each bucket. Observing costs some nanoseconds and makes nothing. */
export class Histogram {
  /** The inclusive upper end of every bucket but the last, ascending. */
  readonly upperBounds: Float64Array
  /** One for each bucket, not added up; the last has what is above every bound. */
  readonly counts: Float64Array
  sum = 0

  constructor(upperBounds: readonly number[]) {
    this.upperBounds = Float64Array.from(upperBounds)
    this.counts = new Float64Array(upperBounds.length + 1)
  }

  observe(value: number): void {
    let bucket = 0
    // Most values of what is measured here are in the first buckets: a scan beats a binary search.
    while (value > (this.upperBounds[bucket] ?? Infinity)) bucket++
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1
    this.sum += value
  }
}

/** `count` bounds, each `factor` times the one before: `exponentialBounds(1, 2, 4)` is 1, 2, 4, 8. */
export function exponentialBounds(first: number, factor: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first * factor ** index)
}

/** Seconds from 0.25 ms to 8.2 s: CoreDNS's bounds for queries. */
export const TIME_BOUNDS_SECONDS = exponentialBounds(0.000_25, 2, 16)

/** Seconds from 0.25 ms to 2.5 s in few buckets: CoreDNS's bounds where time is seldom of interest. */
export const SLIM_TIME_BOUNDS_SECONDS = exponentialBounds(0.000_25, 10, 5)
