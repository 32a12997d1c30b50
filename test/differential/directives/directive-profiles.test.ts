import { describe, expect, test } from 'vitest'

import { composeQuery } from '../compose-query.ts'
import { createRandom } from '../random.ts'
import { DIRECTIVE_PROFILES } from './directive-profiles.ts'
import { directiveQueries } from './directive-queries.ts'

describe('DIRECTIVE_PROFILES', () => {
  test.for(DIRECTIVE_PROFILES)('at least 500 questions are asked of $profile.name', ({ sets, rounds }) => {
    const count = sets.reduce((sum, { questions }) => sum + questions.length * rounds, 0)
    expect(count).toBeGreaterThanOrEqual(500)
  })
})

const queriesOf = (seed: number) =>
  DIRECTIVE_PROFILES.flatMap(({ profile, sets, rounds }) =>
    sets.flatMap(({ questions }) => directiveQueries(profile.name, questions, rounds, createRandom(seed))),
  )

describe('directiveQueries', () => {
  test('equal seeds give equal queries, others do not', () => {
    expect(queriesOf(1)).toEqual(queriesOf(1))
    expect(queriesOf(1)).not.toEqual(queriesOf(2))
  })

  test('every one can be composed', () => {
    for (const query of queriesOf(3)) expect(composeQuery(query).length).toBeGreaterThan(12)
  })
})
