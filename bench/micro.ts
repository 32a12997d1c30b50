/**
 * What each step of an answer costs in this process, beside a stored baseline. `node bench/micro.ts --help` says what can be
 * chosen.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import {
  MAX_CHANGE,
  baselineOf,
  compareToBaseline,
  composeMicroTable,
  findRegressions,
} from './micro-baseline.ts'
import type { Baseline } from './micro-baseline.ts'
import { makeMicroCases } from './micro-cases.ts'
import { createCalibration, timeCases } from './micro-timing.ts'
import { runBench } from './run-bench.ts'

const USAGE = `Usage: node bench/micro.ts [options]
  --rounds N        how often each case is timed; the best counts (default: 20)
  --write           make these figures the baseline, bench/baseline.json
`

const BASELINE = new URL('baseline.json', import.meta.url)

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

await runBench(async () => {
  if (options.help) return say(USAGE)
  const cases = [createCalibration(), ...makeMicroCases()]
  const rounds = Number(options.rounds)
  const figures = timeCases(cases, { rounds, nowMs })
  if (options.write) await writeFile(BASELINE, `${JSON.stringify(baselineOf(figures), undefined, 2)}\n`)
  const results = compareToBaseline(figures, await readBaseline())
  say(composeMicroTable(results))
  const suspects = findRegressions(results)
  if (suspects.length === 0) return 0
  // Once more, by themselves: what was only disturbed is fast now.
  const again = cases.filter(({ name }) => name === 'calibration' || suspects.includes(name))
  const second = compareToBaseline(timeCases(again, { rounds, nowMs }), await readBaseline())
  const dearer = findRegressions(second)
  if (dearer.length === 0) return say('What seemed to cost more does not when timed again.\n')
  say(`More than ${MAX_CHANGE} times the baseline, timed twice: ${dearer.join(', ')}\n`)
  return 1
})

function nowMs(): number {
  return performance.now()
}

async function readBaseline(): Promise<Baseline> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `--write` alone
  return JSON.parse(await readFile(BASELINE, 'utf8')) as Baseline
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}
