import { examine } from '../examine.ts'
import type { Finding } from '../examine.ts'
import { Facts } from '../facts.ts'
import type { Query } from '../queries.ts'
import { createRandom, seedFrom } from '../random.ts'
import { startPair } from '../servers.ts'
import type { Pair } from '../servers.ts'
import type { DirectiveProfile } from './directive-profiles.ts'
import { directiveQueries } from './directive-queries.ts'

const IN_FLIGHT = 64

/** Where a directive is compared from, and who is told of each finding. */
export interface DirectiveRun {
  readonly seed: string
  /** At most so many queries for each set. */
  readonly limit: number
  onFinding(finding: Finding, directives: string): void
  /** Called while both servers of a set still run, after its last query. */
  afterSet(pair: Pair): Promise<void>
}

/** Asks all sets of a directive, one after the other. */
export async function runDirective(directive: DirectiveProfile, run: DirectiveRun): Promise<void> {
  const { profile, sets, objects, rounds } = directive
  const facts = new Facts(objects, profile)
  const random = createRandom(seedFrom(`${run.seed} ${profile.name}`))
  for (const set of sets) {
    const queries = random.shuffle(directiveQueries(profile.name, set.questions, rounds, random))
    const pair = await startPair(profile, objects, set)
    try {
      const ask = async (query: Query): Promise<void> =>
        run.onFinding(await examine(pair, facts, query), set.directives)
      await askAll(queries.slice(0, run.limit), ask, profile.name === 'cache')
      await run.afterSet(pair)
    } finally {
      await pair.close()
    }
  }
}

/** Where `isAskedAgain` every question is asked twice, the second time in other letters. */
async function askAll(
  queries: readonly Query[],
  ask: (query: Query) => Promise<void>,
  isAskedAgain: boolean,
): Promise<void> {
  let asked = 0
  const worker = async (): Promise<void> => {
    for (let query = queries[asked++]; query !== undefined; query = queries[asked++]) {
      await ask(query)
      if (isAskedAgain) await ask({ ...query, name: otherLetters(query.name), kind: 'cache hit' })
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}

/** The same name with the case of every other letter turned. */
function otherLetters(name: string): string {
  return Array.from(name, (letter, index) => (index % 2 === 0 ? turned(letter) : letter)).join('')
}

function turned(letter: string): string {
  return letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()
}
