import type { Seed } from './corpus.ts'
import { mutate } from './mutate.ts'
import type { SeededRandom } from './random.ts'
import type { FuzzTarget } from './target.ts'

/** An input that shows a fault, and which. */
export interface Finding {
  readonly octets: Uint8Array
  readonly fault: string
}

export interface FuzzOptions {
  readonly seeds: readonly Seed[]
  readonly random: SeededRandom
  /** Asked before every input. */
  readonly isOver: (runs: number) => boolean
}

export interface FuzzResult {
  readonly runs: number
  /** Different things that came of the inputs. */
  readonly outcomes: number
  /** One for each fault. */
  readonly findings: readonly Finding[]
}

/** The first runs of a target are slow because nothing is compiled yet. */
const WARM_UP_RUNS = 300

/** Inputs with an outcome of their own that are changed further, beside the seeds. */
const MAX_POOL = 2_000

/** After so many faults of one target more say nothing new. */
const MAX_FINDINGS = 5

/** Runs changed seeds until it is over. What has an outcome not seen before is kept and changed further. */
export async function fuzz(target: FuzzTarget, { seeds, random, isOver }: FuzzOptions): Promise<FuzzResult> {
  const pool = seeds.map(({ octets }) => octets)
  const outcomes = new Set<string>()
  const findings = new Map<string, Finding>()
  let runs = 0
  for (; !isOver(runs) && findings.size < MAX_FINDINGS; runs++) {
    const input =
      runs < seeds.length ? pool[runs] : mutate(pickFrom(pool, random), material(target, pool, random))
    if (input === undefined) continue
    const { outcome, fault } = await tryOut(target, input, runs > WARM_UP_RUNS)
    if (fault !== undefined) {
      const key = fault.replaceAll(/\d+/g, '0')
      if (!findings.has(key)) findings.set(key, { octets: await minimize(target, input, fault), fault })
    } else if (!outcomes.has(outcome)) {
      outcomes.add(outcome)
      if (pool.length < MAX_POOL) pool.push(input)
      else pool[seeds.length + random.below(MAX_POOL - seeds.length)] = input
    }
  }
  return { runs, outcomes: outcomes.size, findings: [...findings.values()] }
}

/** What came of an input: an outcome, or a fault that it shows. */
export async function tryOut(
  target: FuzzTarget,
  octets: Uint8Array,
  isTimed = true,
): Promise<{ readonly outcome: string; readonly fault?: string }> {
  const started = performance.now()
  try {
    const outcome = await target.run(octets)
    if (!isTimed || performance.now() - started <= target.maxRunMs) return { outcome }
    const ms = await shortestRunMs(target, octets)
    return ms <= target.maxRunMs
      ? { outcome }
      : { outcome, fault: `slow: ${ms.toFixed(0)} ms for ${octets.length} octets` }
  } catch (error) {
    return {
      outcome: 'fault',
      fault: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    }
  }
}

/** Other processes can make any run long, none of them short. */
async function shortestRunMs(target: FuzzTarget, octets: Uint8Array): Promise<number> {
  let shortest = Infinity
  for (let run = 0; run < 10; run++) {
    const started = performance.now()
    await target.run(octets)
    shortest = Math.min(shortest, performance.now() - started)
  }
  return shortest
}

/** The input without the pieces that the fault does not need. */
async function minimize(target: FuzzTarget, octets: Uint8Array, fault: string): Promise<Uint8Array> {
  if (fault.startsWith('slow')) return octets
  let smallest = octets
  for (let size = Math.ceil(octets.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < smallest.length;) {
      const smaller = Buffer.concat([smallest.subarray(0, from), smallest.subarray(from + size)])
      const again = await tryOut(target, smaller, false)
      if (again.fault === fault) smallest = smaller
      else from += size
    }
  }
  return smallest
}

function pickFrom(pool: readonly Uint8Array[], random: SeededRandom): Uint8Array {
  return pool[random.below(pool.length)] ?? new Uint8Array(0)
}

function material(target: FuzzTarget, pool: readonly Uint8Array[], random: SeededRandom) {
  const { dictionary, maxOctets } = target
  return { random, dictionary, maxOctets, other: pickFrom(pool, random) }
}
