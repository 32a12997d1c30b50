import type { Case, Rule } from './case.ts'
import { compareReplies } from './compare.ts'
import type { Difference } from './compare.ts'
import { ADDRESS_RULES } from './rules-addresses.ts'
import { DIRECTIVE_RULES } from './rules-directives.ts'
import { EXISTENCE_RULES } from './rules-existence.ts'
import { MESSAGE_RULES } from './rules-message.ts'
import { RECORD_RULES } from './rules-records.ts'
import { ROBUSTNESS_RULES } from './rules-robustness.ts'

/** Every difference that is meant. Nothing else may differ. */
export const RULES: readonly Rule[] = [
  ...EXISTENCE_RULES,
  ...RECORD_RULES,
  ...MESSAGE_RULES,
  ...ROBUSTNESS_RULES,
  ...ADDRESS_RULES,
  ...DIRECTIVE_RULES,
]

export interface Verdict {
  /** Differences that no rule allows. */
  readonly unlisted: readonly Difference[]
  /** Rules that allowed something. */
  readonly rules: readonly Rule[]
}

/** Holds one case against the rules. */
export function judge(subject: Case, rules: readonly Rule[] = RULES): Verdict {
  const unlisted: Difference[] = []
  const used = new Set<Rule>()
  for (const difference of compareReplies(subject.ours, subject.theirs)) {
    const rule = rules.find((one) => one.allows(subject, difference))
    if (rule === undefined) unlisted.push(difference)
    else used.add(rule)
  }
  return { unlisted, rules: [...used] }
}
