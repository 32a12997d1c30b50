import { writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Read before the server by `--import`: on SIGUSR2 collects all garbage and writes what is left to this file. */
const path = process.env['SLICEDNS_BENCH_MEMORY'] ?? ''

process.on('SIGUSR2', () => {
  void collect()
})

/** Buffers are given back some time after their owners are. */
async function collect(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    await setTimeout(50)
  }
  writeFileSync(path, JSON.stringify(process.memoryUsage()))
}
