import type { NamingContext } from './naming-context.ts'

/** How many typing errors a suggestion may mend. */
const MAX_DISTANCE = 2
/** Names looked at for one suggestion, so that a question costs the same in any cluster. */
const MAX_CANDIDATES = 1000
/** Services named for one suggestion. */
const MAX_SERVICES = 3

/** The candidate that takes the fewest changes to become, at most 2, and fewer than it has letters. */
export function nearName(name: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let least = Math.min(MAX_DISTANCE, name.length - 1) + 1
  let looked = 0
  for (const candidate of candidates) {
    if (++looked > MAX_CANDIDATES) break
    if (Math.abs(candidate.length - name.length) >= least) continue
    const distance = editDistance(name, candidate, least - 1)
    if (distance === undefined || distance === 0) continue
    nearest = candidate
    least = distance
  }
  return nearest
}

export function suggestion(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [`Did you mean "${name}"?`]
}

/** Where Services of this name are: for names typed without a namespace or with the wrong one. */
export function servicesCalled(service: string, context: NamingContext): readonly string[] {
  const names: string[] = []
  let looked = 0
  for (const namespace of context.store.namespaceNames()) {
    if (names.length === MAX_SERVICES || ++looked > MAX_CANDIDATES) break
    if (context.view(namespace, service)?.entry.service === undefined) continue
    names.push(`${service}.${namespace}.svc.${context.options.primaryZone}`)
  }
  return names.length === 0 ? [] : [`There is a service "${service}": ask for ${names.join(' or ')}`]
}

/**
 * Insertions, deletions, replacements and swaps of neighbours between two short texts (optimal string alignment), undefined
 * where there are more than `limit`. Only cells within `limit` of the diagonal can count, and a row without a small one ends
 * it: anyone may ask, so that this has to be quick.
 */
function editDistance(one: string, other: string, limit: number): number | undefined {
  let beforePrevious: readonly number[] = []
  let previous: readonly number[] = Array.from(
    { length: Math.min(other.length, limit) + 1 },
    (_, index) => index,
  )
  for (let row = 1; row <= one.length; row++) {
    const current: number[] = []
    let least = Infinity
    for (let column = Math.max(0, row - limit); column <= Math.min(other.length, row + limit); column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwap = row > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      const cell = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(beforePrevious, column - 2) + 1 : Infinity,
      )
      current[column] = column === 0 ? row : cell
      least = Math.min(least, at(current, column))
    }
    if (least > limit) return undefined
    beforePrevious = previous
    previous = current
  }
  const distance = at(previous, other.length)
  return distance > limit ? undefined : distance
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity
}
