import type { MicroCase } from './micro-cases.ts'

/** How long each piece of timed work takes at least: long beside the clock's resolution, short beside what disturbs it. */
const SLICE_MS = 10
const WARM_UP_SLICES = 5

/**
 * Nanoseconds per operation of each case: the best of all rounds, since whatever else runs on the machine only ever adds. The
 * cases take turns within a round, so that no disturbance hits one of them in all rounds.
 */
export function timeCases(
  cases: readonly MicroCase[],
  { rounds, nowMs }: { readonly rounds: number; readonly nowMs: () => number },
): Map<string, number> {
  const prepared = cases.map(({ name, run }) => ({ name, run, count: findCount(run, nowMs) }))
  const best = new Map<string, number>()
  for (let round = 0; round < rounds; round++) {
    for (const { name, run, count } of prepared) {
      const nanoseconds = (timeMs(run, count, nowMs) / count) * 1e6
      best.set(name, Math.min(best.get(name) ?? Infinity, nanoseconds))
    }
  }
  return best
}

/**
 * Work that is always the same and has nothing to do with the server: text, a map and octets, as an answer has. How long it
 * takes says how fast the machine is.
 */
export function createCalibration(): MicroCase {
  const words = Array.from({ length: 256 }, (_, index) => `service-${index}.team-${index % 10}.svc.`)
  const places = new Map(words.map((word, index) => [word, index]))
  const octets = new Uint8Array(512)
  let turn = 0
  const run = (): void => {
    const word = words[turn++ & 255] ?? ''
    const lower = word.slice(0, -4).toLowerCase() + word.slice(-4)
    let sum = places.get(lower) ?? 0
    for (let index = 0; index < octets.length; index++) {
      sum = (Math.imul(sum, 31) + (octets[index] ?? 0) + lower.charCodeAt(index & 7)) | 0
      octets[index] = sum
    }
  }
  return { name: 'calibration', run }
}

/** How often the case runs in one slice, found while it warms up. */
function findCount(run: () => void, nowMs: () => number): number {
  let count = 1
  for (let slices = 0; slices < WARM_UP_SLICES;) {
    const ms = timeMs(run, count, nowMs)
    if (ms >= SLICE_MS) slices++
    count = ms >= SLICE_MS ? Math.max(1, Math.round((count * SLICE_MS) / ms)) : count * 2
  }
  return count
}

function timeMs(run: () => void, count: number, nowMs: () => number): number {
  const from = nowMs()
  for (let done = 0; done < count; done++) run()
  return nowMs() - from
}
