import { expect, test } from 'vitest'

import { ProblemCollector } from '../../../src/kubernetes/controllers/problem-collector.ts'
import { failure, warning } from '../../../src/kubernetes/controllers/problem.ts'
import { manifestOf } from './build-cluster.ts'

const web = manifestOf({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } }, 1)
const db = manifestOf({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' } }, 2)

function collect(count: number): ProblemCollector {
  const problems = new ProblemCollector()
  for (let index = 0; index < count; index++)
    problems.report(warning(web, ['spec'], 'CODE', `number ${index}`))
  return problems
}

test('finish gives up to 20 problems of a kind as they came', () => {
  expect(
    collect(20)
      .finish()
      .map(({ message }) => message),
  ).toEqual(Array.from({ length: 20 }, (_, index) => `number ${index}`))
})

test('finish gives the first 20 and the number of the others, at the object', () => {
  const found = collect(25).finish()
  expect(found).toHaveLength(21)
  expect(found.at(-1)).toMatchObject({
    severity: 'warning',
    code: 'SLICEDNS_MANIFEST_MORE_PROBLEMS',
    message: 'Service default/web: 5 more problems of the kind CODE: mend the first ones',
    position: { file: '', line: 1 },
  })
})

test('many problems of one kind or object hide none of another', () => {
  const problems = collect(25)
  problems.report(failure(web, [], 'OTHER', 'of another kind'))
  problems.report(warning(db, [], 'CODE', 'of another object'))
  const messages = problems.finish().map(({ message }) => message)
  expect(messages).toHaveLength(23)
  expect(messages.slice(20, 22)).toEqual(['of another kind', 'of another object'])
})
