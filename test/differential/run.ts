/**
 * Holds SliceDNS against CoreDNS: the same objects, configuration and upstream, thousands of queries for each
 * configuration, then objects that change one by one. A difference is allowed only by a rule of rules.ts.
 * `node test/differential/run.ts --help` says what can be chosen.
 */
import { parseArgs } from 'node:util'
import { requireTool } from '../../bench/tools.ts'
import { PROFILES } from './corefiles.ts'
import type { Profile } from './corefiles.ts'
import { CUT_RULE } from './cut.ts'
import { DIRECTIVE_PROFILES } from './directives/directive-profiles.ts'
import type { DirectiveProfile } from './directives/directive-profiles.ts'
import { runDirective } from './directives/run-directives.ts'
import { examine } from './examine.ts'
import type { Finding } from './examine.ts'
import { Facts } from './facts.ts'
import { changeObjects } from './change-objects.ts'
import { compareFakes } from './live/compare-fakes.ts'
import { LIVE_PROFILE_NAMES, runLive } from './live/run-live.ts'
import { generateCluster } from './objects.ts'
import type { GeneratedCluster } from './objects.ts'
import { generateQueries } from './queries.ts'
import { createRandom, seedFrom } from './random.ts'
import { composeTable, describeFinding } from './report.ts'
import { RULES } from './rules.ts'
import { startPair } from './servers.ts'
import type { FedPair, Pair } from './servers.ts'
import { isReportable, Tally } from './tally.ts'

const USAGE = `Usage: npm run differential -- [options]
  --seed N          seed of objects and queries (default: 1)
  --corefile NAME   one configuration only: ${PROFILES.map(({ name }) => name).join(', ')},
                    or one directive: ${DIRECTIVE_PROFILES.map(({ profile }) => profile.name).join(', ')}
  --live            both follow a real API server, in a few configurations
  --queries N       at most so many queries for each configuration (default: all, more than 30,000; with --live 1,000 before
                    and after the changes)
  --steps N         so many changes of objects in each of six configurations (default: 150; with --live 25 of up to four)
  --keep            leave both servers of the last configuration running, and say their ports
`

/** Where objects change one by one. */
const CHANGING = new Set([
  'kubeadm',
  'pods-verified',
  'ignore-empty',
  'pod-names-zonal',
  'authoritative',
  'namespace-labels',
])
const IN_FLIGHT = 64
/** Differences printed in full for each configuration. */
const PRINTED = 20

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    corefile: { type: 'string' },
    live: { type: 'boolean', default: false },
    queries: { type: 'string' },
    steps: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const QUERIES = Number(options.queries ?? (options.live ? '1000' : 'Infinity'))
const STEPS = Number(options.steps ?? (options.live ? '25' : '150'))

// A control plane that was started ends with this process (component.ts).
if (options.live)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

if (options.help) process.stdout.write(USAGE)
else process.exitCode = await main()

async function main(): Promise<number> {
  const isWanted = ({ name }: Profile): boolean => options.corefile === undefined || name === options.corefile
  const profiles = PROFILES.filter(isWanted).filter(
    ({ name }) => !options.live || LIVE_PROFILE_NAMES.has(name),
  )
  const directives = options.live ? [] : DIRECTIVE_PROFILES.filter(({ profile }) => isWanted(profile))
  if (profiles.length + directives.length === 0)
    return fail(`No configuration is called ${options.corefile}.\n${USAGE}`)
  try {
    requireTool('coredns')
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n`)
  }
  if (options.live)
    return compareLive(profiles).catch((error: unknown) => {
      say(`${error instanceof Error ? error.message : String(error)}\n0 passed, 1 failed`)
      return 1
    })
  const cluster = generateCluster(createRandom(Number(options.seed)))
  const tally = new Tally()
  for (const profile of profiles) await runProfile(profile, cluster, tally)
  for (const directive of directives) await runDirectiveProfile(directive, tally)
  return conclude(tally)
}

async function compareLive(profiles: readonly Profile[]): Promise<number> {
  const tally = new Tally()
  const printed = new Map<Profile, number>()
  const report = (profile: Profile, finding: Finding, more: string): void => {
    const count = printed.get(profile) ?? 0
    printed.set(profile, count + 1)
    if (count < PRINTED) say(describeFinding(finding, `${commandFor(profile)} --live${more}`))
  }
  let fakes = { passed: 0, failed: 0 }
  await runLive({
    seed: options.seed,
    profiles,
    queries: QUERIES,
    steps: STEPS,
    say,
    onReady: async (plane) => {
      if (options.corefile === undefined) fakes = await compareFakes(plane, say)
    },
    onFinding: (profile, finding) => {
      if (tally.add(profile.name, finding)) report(profile, finding, '')
    },
    onStep: (profile, { what, late, findings }) => {
      const counts = tally.profile(profile.name)
      counts.steps++
      for (const finding of findings) tally.countRules(finding)
      const differing = findings.filter(isReportable)
      progress(`${profile.name}: ${counts.steps} of ${STEPS} changes`)
      if (differing.length + late.length === 0) return
      counts.unsettled++
      say(`${profile.name}, change ${counts.steps}: ${what}`)
      if (late.length > 0) say(`  not known in time: ${late.join('; ')}`)
      for (const finding of differing.slice(0, 3))
        report(profile, finding, ` --queries 0 --steps ${counts.steps}`)
    },
    onProfile: async (profile, seconds, pair) => {
      tally.profile(profile.name).seconds = seconds
      if (options.keep) await keep(pair)
    },
  })
  return conclude(tally, fakes)
}

async function runProfile(profile: Profile, cluster: GeneratedCluster, tally: Tally): Promise<void> {
  const startedAt = performance.now()
  const pair = await startPair(profile, cluster.objects)
  try {
    await askAll(pair, profile, cluster, tally)
    if (CHANGING.has(profile.name)) await followChanges(pair, profile, cluster, tally)
    if (options.keep) await keep(pair)
  } finally {
    await pair.close()
  }
  tally.profile(profile.name).seconds = (performance.now() - startedAt) / 1000
}

async function runDirectiveProfile(directive: DirectiveProfile, tally: Tally): Promise<void> {
  const startedAt = performance.now()
  const { profile } = directive
  let printed = 0
  await runDirective(directive, {
    seed: options.seed,
    limit: QUERIES,
    onFinding: (finding, directives) => {
      if (tally.add(profile.name, finding) && printed++ < PRINTED)
        say(`${directives}\n${describeFinding(finding, commandFor(profile))}`)
    },
    afterSet: async (pair) => {
      if (options.keep) await keep(pair)
    },
  })
  tally.profile(profile.name).seconds = (performance.now() - startedAt) / 1000
}

async function askAll(pair: Pair, profile: Profile, cluster: GeneratedCluster, tally: Tally): Promise<void> {
  const random = createRandom(seedFrom(`${options.seed} ${profile.name}`))
  const facts = new Facts(cluster.objects, profile)
  const all = random.shuffle(generateQueries(cluster, profile, random))
  const queries = all.slice(0, QUERIES)
  let asked = 0
  let printed = 0
  const worker = async (): Promise<void> => {
    for (let query = queries[asked++]; query !== undefined; query = queries[asked++]) {
      const finding = await examine(pair, facts, query)
      if (tally.add(profile.name, finding) && printed++ < PRINTED)
        say(describeFinding(finding, commandFor(profile)))
      if (asked % 500 === 0) progress(`${profile.name}: ${asked} of ${queries.length} queries`)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}

async function followChanges(
  pair: FedPair,
  profile: Profile,
  cluster: GeneratedCluster,
  tally: Tally,
): Promise<void> {
  const random = createRandom(seedFrom(`${options.seed} ${profile.name} changes`))
  const counts = tally.profile(profile.name)
  for await (const { what, findings } of changeObjects({ pair, profile, cluster }, random, STEPS)) {
    counts.steps++
    for (const finding of findings) tally.countRules(finding)
    const differing = findings.filter(isReportable)
    progress(`${profile.name}: ${counts.steps} of ${STEPS} changes`)
    if (differing.length === 0) continue
    counts.unsettled++
    say(`${profile.name}, change ${counts.steps}: ${what}`)
    const command = `${commandFor(profile)} --queries 0 --steps ${counts.steps}`
    for (const finding of differing.slice(0, 3)) say(describeFinding(finding, command))
  }
}

/** Prints the table; the last line says how many configurations passed. Rules without a hit count only in a whole run. */
function conclude(tally: Tally, others = { passed: 0, failed: 0 }): number {
  const all = [...RULES, CUT_RULE]
  // Only some of the questions are asked there.
  const rules = options.live ? all.filter((rule) => tally.hits.has(rule)) : all
  say(composeTable(tally, rules))
  let { failed } = others
  for (const { unlisted, unanswered, unsettled } of tally.profiles.values()) {
    if (unlisted + unanswered + unsettled > 0) failed++
  }
  let passed = others.passed + others.failed + tally.profiles.size - failed
  if (options.corefile === undefined && QUERIES === Infinity) {
    const { count, rare } = tally.coverage()
    say(`\n${count} combinations of kind of name, type and state; ${rare.length} asked fewer than five times`)
    for (const key of rare.slice(0, PRINTED)) say(`  ${key}`)
    const idle = rules.filter((rule) => !tally.hits.has(rule))
    for (const rule of idle) say(`Rule ${rule.number} allowed nothing: ${rule.summary}`)
    failed += idle.length + rare.length
    passed += rules.length - idle.length
  }
  say(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

async function keep({ ports }: Pair): Promise<void> {
  say(`SliceDNS listens on port ${ports.ours}, CoreDNS on port ${ports.theirs}. Stop with Ctrl-C.`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
  })
}

function commandFor({ name }: Profile): string {
  return `npm run differential -- --seed ${options.seed} --corefile ${name}`
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`)
}

function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
  process.stdout.write(`${text}\n`)
}

function fail(text: string): number {
  process.stderr.write(text)
  return 1
}
