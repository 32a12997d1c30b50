/**
 * Runs SliceDNS against a real control plane, as the ServiceAccount that ships. `node test/e2e/run.ts --help` says what can be
 * chosen.
 */
import { parseArgs } from 'node:util'
import { ControlPlane } from '../control-plane/control-plane.ts'
import { installAccount, TOKENS } from './account.ts'
import { CASES } from './cases.ts'
import type { ServerProgram } from './dns-server.ts'
import type { E2eCase } from './e2e-case.ts'
import { startDns, World } from './world.ts'
import type { DnsServer } from './dns-server.ts'

type Outcome = 'passed' | 'failed' | 'skipped'

const USAGE = `Usage: npm run e2e -- [options]
  --long            also the cases that take long, and those that are shortened otherwise at their full length: two hours
  --only TEXT       the cases whose name has this text (a regular expression)
  --built           what \`npm run build\` made, instead of the sources
  --coredns         CoreDNS in place of SliceDNS, to see what the cases say of it
  --list            print the names of the cases
  --keep            leave the folder with logs
`

const { values: options } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    built: { type: 'boolean', default: false },
    coredns: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const PROGRAM: ServerProgram = options.coredns ? 'coredns' : options.built ? 'dist/bin.js' : 'src/main.ts'
/** Of what a case says when it fails. */
const SHOWN_LINES = 20
/** Cases of the turn `waiting` that run at once: each has servers of its own. */
const WAITING_AT_ONCE = 4
const CASE_LIMIT_MS = options.long ? 90 * 60_000 : 240_000

// Everything that was started ends with this process (component.ts).
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const wanted = CASES.filter(({ name }) => new RegExp(options.only, 'i').test(name))
const chosen = wanted.filter(({ isLong = false }) => options.long || !isLong)
if (options.help) say(USAGE)
else if (options.list) for (const { name } of chosen) say(name)
// What a case that failed left open must not keep the process.
else process.exit(await main())

async function main(): Promise<number> {
  const startedAt = performance.now()
  let plane: ControlPlane
  try {
    plane = await ControlPlane.start({ say, keepsFolder: options.keep, tokens: TOKENS })
  } catch (error) {
    say(messageOf(error))
    say('0 passed, 1 failed')
    return 1
  }
  say(`control plane ready after ${secondsSince(startedAt)}${options.keep ? ` in ${plane.folder}` : ''}`)
  try {
    await installAccount(plane)
    const dns = await startDns(plane, PROGRAM, 'shared')
    const { passed, failed, skipped } = await runCases(plane, dns)
    await dns.stop()
    const left = wanted.length - chosen.length
    say(`${secondsSince(startedAt)} in all${left > 0 ? `; ${left} cases only with --long` : ''}`)
    say(`${passed} passed, ${failed} failed, ${skipped} skipped`)
    return failed === 0 ? 0 : 1
  } finally {
    await plane.close()
  }
}

async function runCases(plane: ControlPlane, dns: DnsServer): Promise<Record<Outcome, number>> {
  const counts = { passed: 0, failed: 0, skipped: wanted.length - chosen.length }
  const run = async (each: E2eCase): Promise<void> => {
    counts[await runCase(each, plane, dns)]++
  }
  const waiting = ofTurn('waiting').values()
  const drain = async (): Promise<void> => {
    for (const each of waiting) await run(each)
  }
  const drains = Array.from({ length: WAITING_AT_ONCE }, drain)
  for (const each of ofTurn('ordinary')) await run(each)
  await Promise.all(drains)
  for (const each of ofTurn('disruptive')) await run(each)
  return counts
}

function ofTurn(turn: E2eCase['turn']): readonly E2eCase[] {
  return chosen.filter((each) => each.turn === turn)
}

async function runCase(each: E2eCase, plane: ControlPlane, dns: DnsServer): Promise<Outcome> {
  const missing = each.missing?.()
  if (missing !== undefined) {
    say(`skipped ${each.name}: ${missing}`)
    return 'skipped'
  }
  const startedAt = performance.now()
  const world = new World(plane, { dns, program: PROGRAM, name: each.name, isLong: options.long })
  const limit = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => limit.reject(new Error(`not done within ${CASE_LIMIT_MS / 1000} s`)),
    CASE_LIMIT_MS,
  )
  try {
    await Promise.race([each.run(world), limit.promise])
    say(`ok ${each.name} (${secondsSince(startedAt)})`)
    if (each.shortened !== undefined && !options.long) say(`   shortened: ${each.shortened}`)
    return 'passed'
  } catch (error) {
    say(`FAILED ${each.name} (${secondsSince(startedAt)})`)
    say(messageOf(error).replaceAll(/^/gm, '   '))
    return 'failed'
  } finally {
    clearTimeout(timer)
    await world.close().catch((error: unknown) => say(`   cannot tidy up after it: ${messageOf(error)}`))
  }
}

function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Where it happened in the case helps, the rest of the stack does not.
  const place = error.stack?.split('\n').find((line) => line.includes('/test/e2e/suites/'))
  const lines = error.message.split('\n')
  const shown = lines.length > SHOWN_LINES ? [...lines.slice(0, SHOWN_LINES), '…'] : lines
  return [...shown.map((line) => line.slice(0, 400)), ...(place === undefined ? [] : [place.trim()])].join(
    '\n',
  )
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
