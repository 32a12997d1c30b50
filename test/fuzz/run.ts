import { randomInt } from 'node:crypto'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'

import { readSeedFile, readSeeds, writeSeed } from './corpus.ts'
import { fuzz, tryOut } from './fuzz-loop.ts'
import { watchForHangs } from './hang-watch.ts'
import { overload } from './overload.ts'
import { SeededRandom } from './random.ts'
import { soak } from './soak.ts'
import type { FuzzTarget } from './target.ts'
import { createTargets } from './targets.ts'

const USAGE = `npm run fuzz -- [--seconds N] [--target NAME] [--seed N]   changes kept inputs; faults become inputs
npm run fuzz -- --target NAME --replay FILE                runs one input
npm run fuzz -- --soak [N]                                 sends N datagrams (10 million) at a running server
npm run fuzz -- --overload [SECONDS]                       sends twice what a running server can answer
npm run fuzz -- --list                                     says which targets there are
`

const DEFAULT_SECONDS = 60
const DEFAULT_OVERLOAD_SECONDS = 60
const DEFAULT_SOAK_DATAGRAMS = 10_000_000

process.exitCode = (await run()) ? 0 : 1

async function run(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      target: { type: 'string' },
      seed: { type: 'string' },
      replay: { type: 'string' },
      soak: { type: 'boolean' },
      overload: { type: 'boolean' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) return print(USAGE)
  if (values.soak === true)
    return await soak({ datagrams: Number(positionals[0] ?? DEFAULT_SOAK_DATAGRAMS), print })
  if (values.overload === true)
    return await overload({ seconds: Number(positionals[0] ?? DEFAULT_OVERLOAD_SECONDS), print })
  const all = await createTargets()
  if (values.list === true) return print(all.map(({ name }) => `${name}\n`).join(''))
  const targets = all.filter(({ name }) => values.target === undefined || name === values.target)
  if (targets.length === 0) return !print(`there is no target "${values.target}"\n${USAGE}`)
  if (values.replay !== undefined) return await replay(targets, values.replay)
  const seed = Number(values.seed ?? randomInt(1, 2 ** 31))
  return await fuzzAll(targets, seed, Number(values.seconds ?? DEFAULT_SECONDS))
}

async function fuzzAll(targets: readonly FuzzTarget[], seed: number, seconds: number): Promise<boolean> {
  print(`seed ${seed}, ${seconds} s for ${targets.length} targets\n`)
  let faults = 0
  for (const target of targets) {
    const until = performance.now() + (seconds * 1000) / targets.length
    const random = new SeededRandom(seed)
    const isOver = (): boolean => performance.now() > until
    const { watched, stop } = watchForHangs(target)
    const result = await fuzz(watched, { seeds: readSeeds(target), random, isOver })
    await stop()
    print(
      `${target.name}: ${result.runs} inputs, ${result.outcomes} outcomes, ${result.findings.length} faults\n`,
    )
    faults += result.findings.length
    for (const { octets, fault } of result.findings) {
      const path = relative(process.cwd(), writeSeed(target, octets, fault))
      print(`  ${fault}\n  again: npm run fuzz -- --target ${target.name} --replay ${path}\n`)
    }
  }
  print(`${targets.length} passed, ${faults} failed\n`)
  return faults === 0
}

async function replay(targets: readonly FuzzTarget[], path: string): Promise<boolean> {
  const octets = readSeedFile(path)
  let isGood = true
  for (const target of targets) {
    const { outcome, fault } = await tryOut(target, octets)
    print(`${target.name}: ${fault ?? outcome}\n`)
    isGood &&= fault === undefined
  }
  return isGood
}

function print(text: string): true {
  process.stdout.write(text)
  return true
}
