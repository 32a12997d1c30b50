import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { ROOT } from '../helpers/source-tree.ts'
import { compareReplies } from './compare.ts'
import { CUT_RULE } from './cut.ts'
import { makeCase } from './make-case.ts'
import { DIRECTIVE_FAULTS, DIRECTIVE_RULE_CASES } from './directive-rule-cases.ts'
import { FAULTS as CLUSTER_FAULTS } from './fault-cases.ts'
import { RULE_CASES as CLUSTER_RULE_CASES } from './rule-cases.ts'
import { OBJECTS } from './rule-objects.ts'
import { judge, RULES } from './rules.ts'

const RULE_CASES = [...CLUSTER_RULE_CASES, ...DIRECTIVE_RULE_CASES]
const FAULTS = [...CLUSTER_FAULTS, ...DIRECTIVE_FAULTS]

describe('rules', () => {
  test.each(RULE_CASES)(
    'rule $number allows what it is there for: $query.name type $query.type',
    (ruleCase) => {
      const subject = makeCase({ objects: OBJECTS, ...ruleCase })
      expect(compareReplies(subject.ours, subject.theirs)).not.toEqual([])
      const { unlisted, rules } = judge(subject)
      expect(unlisted).toEqual([])
      expect(rules.map(({ number }) => number)).toContain(ruleCase.number)
    },
  )

  test.each(FAULTS)('no rule excuses $what', (fault) => {
    const subject = makeCase({ objects: OBJECTS, ...fault })
    const { unlisted } = judge(subject)
    expect(unlisted).not.toEqual([])
  })

  test.each(RULES)('rule $number ($summary) leaves other differences alone', (rule) => {
    const excused = FAULTS.filter(
      (fault) => judge(makeCase({ objects: OBJECTS, ...fault }), [rule]).unlisted.length === 0,
    )
    expect(excused.map(({ what }) => what)).toEqual([])
  })

  test('every rule has a case here', () => {
    const seen = new Set(
      RULE_CASES.flatMap((ruleCase) => judge(makeCase({ objects: OBJECTS, ...ruleCase })).rules),
    )
    expect(
      RULES.filter((rule) => !seen.has(rule)).map(({ number, summary }) => `${number} ${summary}`),
    ).toEqual([])
  })

  test('every rule stands in docs/differences.md under its number', () => {
    const page = readFileSync(join(ROOT, 'docs/differences.md'), 'utf8')
    const numbers = new Set(
      [...page.matchAll(/^(?:(\d+)\. |\| (D\d+) \|)/gm)].map((match) => match[1] ?? match[2]),
    )
    const missing = [...RULES, CUT_RULE].filter(({ number }) => !numbers.has(number))
    expect(missing.map(({ number }) => number)).toEqual([])
  })
})

describe('judge', () => {
  test('a rule that allows everything would excuse faults: the test of it can fail', () => {
    const careless = { number: '0', summary: 'anything', allows: () => true }
    const excused = FAULTS.filter(
      (fault) => judge(makeCase({ objects: OBJECTS, ...fault }), [careless]).unlisted.length === 0,
    )
    expect(excused).toHaveLength(FAULTS.length)
  })

  test('equal replies need no rule', () => {
    const [first] = FAULTS
    if (first === undefined) throw new Error('there is no case')
    const { ours } = first
    expect(judge(makeCase({ objects: OBJECTS, ...first, theirs: ours }))).toEqual({ unlisted: [], rules: [] })
  })
})
