import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiObject } from '../helpers/api-object.ts'
import type { Profile } from './corefiles.ts'
import { examine } from './examine.ts'
import type { Finding } from './examine.ts'
import { Facts } from './facts.ts'
import { ChangingCluster } from './changes.ts'
import type { GeneratedCluster } from './objects.ts'
import { generateQueriesOf } from './queries.ts'
import type { Random } from './random.ts'
import type { FedPair } from './servers.ts'
import { isReportable } from './tally.ts'

/** One change and what became of it. */
export interface Step {
  /** In words: `flip readiness of data/headless-0`. */
  readonly what: string
  /** The last finding of each question: what is to be reported still differed when the time was over. */
  readonly findings: readonly Finding[]
}

const QUERIES_PER_STEP = 24
const SETTLE_LIMIT_MS = 5000
const POLL_MS = 15

/**
 * Changes objects one by one and waits after each until both servers agree on names that the change touches. Gives each
 * step as it is done. Equal seeds give equal steps.
 */
export async function* changeObjects(
  {
    pair,
    profile,
    cluster,
  }: { readonly pair: FedPair; readonly profile: Profile; readonly cluster: GeneratedCluster },
  random: Random,
  stepCount: number,
): AsyncGenerator<Step> {
  const changing = new ChangingCluster(cluster, random)
  for (let step = 0; step < stepCount; step++) {
    const { what, touched, changes } = changing.next()
    const objects: readonly ApiObject[] = changing.objects()
    pair.update(objects, changes)
    const facts = new Facts(objects, profile)
    const queries = random
      .shuffle(touched.flatMap((subject) => generateQueriesOf(subject, profile, cluster, random)))
      .slice(0, QUERIES_PER_STEP)
    yield { what, findings: await settle(queries, (query) => examine(pair, facts, query)) }
  }
}

/** Asks until nothing unlisted is left, or time is over. */
async function settle<T>(
  queries: readonly T[],
  ask: (query: T) => Promise<Finding>,
): Promise<readonly Finding[]> {
  const deadline = performance.now() + SETTLE_LIMIT_MS
  const settled: Finding[] = []
  for (let left = queries; ;) {
    // Taken before: a question may wait longer for its answer than servers have for settling.
    const isLast = performance.now() > deadline
    const asked = await Promise.all(left.map(async (query) => ({ query, finding: await ask(query) })))
    const done = asked.filter(({ finding }) => isLast || !isReportable(finding))
    settled.push(...done.map(({ finding }) => finding))
    left = asked.filter((one) => !done.includes(one)).map(({ query }) => query)
    if (left.length === 0) return settled
    await sleep(POLL_MS)
  }
}
