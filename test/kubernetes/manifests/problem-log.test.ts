import { expect, test } from 'vitest'
import type { ManifestProblem } from '../../../src/kubernetes/manifests/manifest.ts'
import { ProblemLog } from '../../../src/kubernetes/manifests/problem-log.ts'

const problem = (message: string, line: number): ManifestProblem => ({
  severity: 'error',
  code: 'SLICEDNS_MANIFEST_SYNTAX',
  message,
  position: { file: 'a.yaml', line, column: 1 },
})

test('ProblemLog tells a problem once, and again after it was gone', () => {
  const log = new ProblemLog()
  const a = problem('a', 1)
  expect(log.next([a], [])).toEqual([a])
  expect(log.next([a], [])).toEqual([])
  expect(log.next([], [])).toEqual([])
  expect(log.next([a], [])).toEqual([a])
})

test('ProblemLog takes a syntax error that moved for a new one, a warning that moved for the same', () => {
  const log = new ProblemLog()
  log.next([problem('syntax', 1)], [problem('warning', 5)])
  expect(log.next([problem('syntax', 2)], [problem('warning', 6)])).toEqual([problem('syntax', 2)])
})

test('ProblemLog tells apart what reads the same and stands at two places', () => {
  const log = new ProblemLog()
  expect(log.next([], [problem('same', 1), problem('same', 9)])).toHaveLength(2)
  expect(log.next([], [problem('same', 9)])).toEqual([])
})
