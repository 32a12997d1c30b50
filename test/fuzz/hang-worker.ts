import { workerData } from 'node:worker_threads'
import { writeSync } from 'node:fs'

import { writeSeed } from './corpus.ts'
import type { WatchedInput } from './hang-watch.ts'

const CHECK_MS = 5_000

/** Ends the process when one input has been running for longer than a check, and keeps the input. */
function watch({ name, seedForm, state, octets }: WatchedInput): void {
  let seen = 0
  setInterval(() => {
    const run = Atomics.load(state, 0)
    const isStuck = run !== 0 && run === seen
    seen = run
    if (!isStuck) return
    const path = writeSeed({ name, seedForm }, octets.slice(0, Atomics.load(state, 1)), 'it takes for ever')
    writeSync(
      1,
      `  an input takes for ever\n  again: npm run fuzz -- --target ${name} --replay ${path}\n0 passed, 1 failed\n`,
    )
    process.kill(process.pid, 'SIGKILL')
  }, CHECK_MS)
}

const input: WatchedInput = workerData
watch(input)
