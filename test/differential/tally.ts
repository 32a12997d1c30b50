import type { Rule } from './case.ts'
import type { Finding } from './examine.ts'
import type { Query } from './queries.ts'
import { TYPES } from './queries.ts'

/** How often each kind of name × type × state must have been asked in a whole run. */
const WANTED_PER_COMBINATION = 5

const TYPE_NAMES = new Map<number, string>(Object.entries(TYPES).map(([name, type]) => [type, name]))

/** Counts of one configuration. */
export interface ProfileCounts {
  queries: number
  unlisted: number
  unanswered: number
  /** Steps in which objects changed, and those after which the servers did not come to agree. */
  steps: number
  unsettled: number
  seconds: number
}

/** What a run has seen so far. */
export class Tally {
  readonly hits = new Map<Rule, number>()
  readonly profiles = new Map<string, ProfileCounts>()
  readonly #combinations = new Map<string, number>()

  profile(name: string): ProfileCounts {
    const known = this.profiles.get(name)
    if (known !== undefined) return known
    const counts = { queries: 0, unlisted: 0, unanswered: 0, steps: 0, unsettled: 0, seconds: 0 }
    this.profiles.set(name, counts)
    return counts
  }

  /** Counts a finding; whether it is one to report. */
  add(profileName: string, finding: Finding): boolean {
    const counts = this.profile(profileName)
    counts.queries++
    this.#count(finding.subject.query)
    this.countRules(finding)
    if (finding.fault === undefined && finding.subject.ours === undefined) counts.unanswered++
    const isBad = isReportable(finding)
    if (isBad) counts.unlisted++
    return isBad
  }

  /** Counts only what was allowed, for findings of steps. */
  countRules({ rules }: Finding): void {
    for (const rule of rules) this.hits.set(rule, (this.hits.get(rule) ?? 0) + 1)
  }

  /** Combinations of kind, type and state that were asked too seldom, and how many there are in all. */
  coverage(): { readonly count: number; readonly rare: readonly string[] } {
    const rare = [...this.#combinations].filter(([, count]) => count < WANTED_PER_COMBINATION)
    return { count: this.#combinations.size, rare: rare.map(([key]) => key) }
  }

  #count({ kind, type, state }: Query): void {
    const name = TYPE_NAMES.get(type) ?? 'another type'
    const key = `${kind} × ${name} × ${state}`
    this.#combinations.set(key, (this.#combinations.get(key) ?? 0) + 1)
  }
}

export function isReportable({ unlisted, fault }: Finding): boolean {
  return unlisted.length > 0 || fault !== undefined
}
