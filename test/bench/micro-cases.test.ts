import { expect, test } from 'vitest'
import { makeMicroCases } from '../../bench/micro-cases.ts'

test('makeMicroCases has every step of every kind of answer, and each of them runs', () => {
  const cases = makeMicroCases()
  const steps = cases.map(({ name }) => name.slice(0, name.indexOf(':')))
  expect(
    Object.entries(Object.groupBy(steps, (step) => step)).map(([step, of]) => [step, of?.length]),
  ).toEqual([
    ['parse', 8],
    ['name', 8],
    ['compose', 8],
    ['answer', 8],
  ])
  for (const { run } of cases) expect(run).not.toThrow()
})
