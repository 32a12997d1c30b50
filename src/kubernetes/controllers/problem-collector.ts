import { type ObjectProblem, located, named } from './problem.ts'

/** Of one kind and one object: who mends these has mended the others too, or looks again. */
const PROBLEMS_OF_A_KIND_MAX = 20

/** Collects problems: of each object the first ones of every kind, and a count of the others. */
export class ProblemCollector {
  readonly #problems: ObjectProblem[] = []
  /** By code and object. */
  readonly #tallies = new Map<string, Tally>()

  readonly report = (problem: ObjectProblem): void => {
    const key = `${problem.code} ${named(problem.manifest)}`
    const tally = this.#tallies.get(key)
    if (tally === undefined) this.#tallies.set(key, { first: problem, count: 1 })
    else tally.count++
    if (tally === undefined || tally.count <= PROBLEMS_OF_A_KIND_MAX) this.#problems.push(problem)
  }

  finish(): readonly ObjectProblem[] {
    return [...this.#problems, ...[...this.#tallies.values()].flatMap(leftOut)]
  }
}

interface Tally {
  readonly first: ObjectProblem
  count: number
}

function leftOut({ first: { manifest, severity, code }, count }: Tally): ObjectProblem | [] {
  const more = count - PROBLEMS_OF_A_KIND_MAX
  if (more <= 0) return []
  const message = `${named(manifest)}: ${more} more problems of the kind ${code}: mend the first ones`
  return located(manifest, [], { severity, code: 'SLICEDNS_MANIFEST_MORE_PROBLEMS', message })
}
