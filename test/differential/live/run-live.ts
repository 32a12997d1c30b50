import { ControlPlane } from '../../control-plane/control-plane.ts'
import { ChangingCluster } from '../changes.ts'
import type { Profile } from '../corefiles.ts'
import { examine } from '../examine.ts'
import type { Finding } from '../examine.ts'
import { Facts } from '../facts.ts'
import { generateCluster } from '../objects.ts'
import type { GeneratedCluster } from '../objects.ts'
import { generateQueries, generateQueriesOf } from '../queries.ts'
import type { Query } from '../queries.ts'
import { createRandom, seedFrom } from '../random.ts'
import type { Random } from '../random.ts'
import type { Pair } from '../servers.ts'
import { LiveCluster } from './live-cluster.ts'
import { startLivePair } from './live-pair.ts'
import { MARK_NAMESPACES, Marks } from './marks.ts'

/** Configurations that are compared live: those that decide what is asked of the API server, and what is made of it. */
export const LIVE_PROFILE_NAMES: ReadonlySet<string> = new Set([
  'kubeadm',
  'pods-verified',
  'namespaces',
  'noendpoints',
  'pod-names-zonal',
  'labels',
  'namespace-labels',
])

export interface LiveRun {
  readonly seed: string
  readonly profiles: readonly Profile[]
  /** So many of all questions, before the objects change and after. */
  readonly queries: number
  /** Times that objects change in each configuration: one to four each time. */
  readonly steps: number
  /** Told of each question of a sample. */
  onFinding(profile: Profile, finding: Finding): void
  onStep(profile: Profile, step: LiveStep): void
  /** Called while both servers still run, after the last question. */
  onProfile(profile: Profile, seconds: number, pair: Pair): Promise<void>
  /** Called once, with the API server as it is when nothing was written to it yet. */
  onReady(plane: ControlPlane): Promise<void>
  say(line: string): void
}

export interface LiveStep {
  /** In words. */
  readonly what: string
  /** Servers that did not know of all changes in time, with the kind of object. */
  readonly late: readonly string[]
  readonly findings: readonly Finding[]
}

const CHANGES_PER_STEP = 4
const QUERIES_PER_STEP = 128
const SETTLE_LIMIT_MS = 5000
const IN_FLIGHT = 32

/** Changes the objects of a real API server and holds what both servers make of them against each other. */
export async function runLive(run: LiveRun): Promise<void> {
  const plane = await ControlPlane.start({ hasControllers: false, say: (line) => run.say(line) })
  try {
    await run.onReady(plane)
    const generated = generateCluster(createRandom(Number(run.seed)))
    const cluster = new LiveCluster(plane.client)
    const marks = new Marks()
    for (const profile of run.profiles) {
      await new LiveComparison(run, { plane, cluster, marks, generated, profile: withMarks(profile) }).run()
    }
    for (const line of describeWrites(cluster)) run.say(line)
  } finally {
    await plane.close()
  }
}

interface Setting {
  readonly plane: ControlPlane
  readonly cluster: LiveCluster
  readonly marks: Marks
  readonly generated: GeneratedCluster
  readonly profile: Profile
}

/** One configuration. Equal seeds give equal changes and questions, whatever was compared before. */
class LiveComparison {
  readonly #run: LiveRun
  readonly #setting: Setting
  readonly #random: Random

  constructor(run: LiveRun, setting: Setting) {
    this.#run = run
    this.#setting = setting
    this.#random = createRandom(seedFrom(`${run.seed} ${setting.profile.name} live`))
  }

  async run(): Promise<void> {
    const startedAt = performance.now()
    const { cluster, marks, generated, profile, plane } = this.#setting
    await cluster.bring([...generated.objects, ...marks.objects()])
    const pair = await startLivePair(profile, plane)
    try {
      await this.#askSample(pair)
      const changing = new ChangingCluster(generated, this.#random)
      for (let step = 0; step < this.#run.steps; step++)
        this.#run.onStep(profile, await this.#step(pair, changing))
      await this.#askSample(pair)
      await this.#run.onProfile(profile, (performance.now() - startedAt) / 1000, pair)
    } finally {
      await pair.close()
    }
  }

  async #askSample(pair: Pair): Promise<void> {
    const { generated, profile } = this.#setting
    const queries = this.#random.shuffle(generateQueries(generated, profile, this.#random))
    const findings = await this.#ask(pair, queries.slice(0, this.#run.queries))
    for (const finding of findings) this.#run.onFinding(profile, finding)
  }

  async #step(pair: Pair, changing: ChangingCluster): Promise<LiveStep> {
    const { cluster, marks, generated, profile } = this.#setting
    const count = this.#random.integer(1, CHANGES_PER_STEP)
    const changes = Array.from({ length: count }, () => changing.next())
    await cluster.bring([...changing.objects(), ...marks.objects()])
    marks.advance()
    await cluster.bring([...changing.objects(), ...marks.objects()])
    const late = await this.#waitForBoth(pair)
    const queries = changes
      .flatMap(({ touched }) => touched)
      .flatMap((subject) => generateQueriesOf(subject, profile, generated, this.#random))
    const findings = await this.#ask(pair, this.#random.shuffle(queries).slice(0, QUERIES_PER_STEP))
    return { what: changes.map((change) => change.what).join(', '), late, findings }
  }

  async #waitForBoth({ ours, theirs }: Pair): Promise<readonly string[]> {
    const { marks, profile } = this.#setting
    const [ourKinds, theirKinds] = await Promise.all([
      marks.waitFor(ours, profile, SETTLE_LIMIT_MS),
      marks.waitFor(theirs, profile, SETTLE_LIMIT_MS),
    ])
    return [...ourKinds.map((kind) => `SliceDNS, ${kind}`), ...theirKinds.map((kind) => `CoreDNS, ${kind}`)]
  }

  /** Judges what both say by what the API server has. */
  async #ask(pair: Pair, queries: readonly Query[]): Promise<readonly Finding[]> {
    const { profile, cluster } = this.#setting
    const facts = new Facts(await cluster.objects(), profile)
    const findings: Finding[] = []
    const left = queries.values()
    const worker = async (): Promise<void> => {
      for (const query of left) findings.push(await examine(pair, facts, query))
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
    return findings
  }
}

function withMarks(profile: Profile): Profile {
  const { namespaces } = profile
  return namespaces === undefined ? profile : { ...profile, namespaces: [...namespaces, ...MARK_NAMESPACES] }
}

function describeWrites({ counts, refusals }: LiveCluster): readonly string[] {
  const { created, updated, recreated, deleted } = counts
  const refused = [...refusals.values()].reduce((sum, count) => sum + count, 0)
  return [
    `Writes to the API server: ${created} created, ${updated} changed, ${deleted} deleted, ${recreated} of them to be made anew`,
    `Refused by it, so not compared: ${refused}`,
    ...[...refusals].map(([reason, count]) => `  ${String(count).padStart(5)}  ${reason.slice(0, 140)}`),
  ]
}
