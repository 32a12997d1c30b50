import { parseArgs } from 'node:util'

import { simulate } from '../kubernetes/api/simulation/simulate.ts'

const USAGE = `npm run sim [-- --seeds N] [--seed FIRST]   runs N seeds (20,000) from FIRST (1) on
npm run sim -- --seed N --trace             says all that happens in one
`

process.exitCode = (await run()) ? 0 : 1

async function run(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      trace: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) return print(USAGE)
  const first = Number(values.seed ?? 1)
  if (values.trace === true) return say(first, await simulate(first, (line) => print(`${line}\n`)))
  const count = Number(values.seeds ?? (values.seed === undefined ? 20_000 : 1))
  let failed = 0
  for (let seed = first; seed < first + count; seed += 1) {
    if (!say(seed, await simulate(seed))) failed += 1
  }
  print(`${count - failed} passed, ${failed} failed\n`)
  return failed === 0
}

function say(seed: number, fault: string | undefined): boolean {
  if (fault === undefined) return true
  print(`seed ${seed}: ${fault}\n  again: npm run sim -- --seed ${seed} --trace\n`)
  return false
}

function print(text: string): true {
  process.stdout.write(text)
  return true
}
