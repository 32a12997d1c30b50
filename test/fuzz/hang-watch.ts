import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

import type { FuzzTarget } from './target.ts'

/** Shared with the watching thread: the number of the run (0: none) and the size of its input, and the input. */
export interface WatchedInput extends Pick<FuzzTarget, 'name' | 'seedForm'> {
  readonly state: Int32Array
  readonly octets: Uint8Array
}

/**
 * The target, watched from another thread: nothing in this one can end a run that never does. Such an input is kept and
 * ends the process.
 */
export function watchForHangs(target: FuzzTarget): {
  readonly watched: FuzzTarget
  readonly stop: () => Promise<unknown>
} {
  const { name, seedForm, maxOctets } = target
  const state = new Int32Array(new SharedArrayBuffer(8))
  const octets = new Uint8Array(new SharedArrayBuffer(maxOctets))
  const input: WatchedInput = { name, seedForm, state, octets }
  const worker = new Worker(join(import.meta.dirname, 'hang-worker.ts'), { workerData: input })
  let runs = 0
  const run = async (given: Uint8Array): Promise<string> => {
    octets.set(given.subarray(0, maxOctets))
    Atomics.store(state, 1, Math.min(given.length, maxOctets))
    Atomics.store(state, 0, ++runs & 0x7fff_ffff)
    return await target.run(given)
  }
  return { watched: { ...target, run }, stop: () => worker.terminate() }
}
