import { describe, expect, test } from 'vitest'
import { MAX_ZONE_PROBLEMS, quoted, ZoneProblems } from '../../../src/zone/zone-file/zone-problem.ts'

const HERE = { file: 'f', line: 1, column: 1 }

describe('ZoneProblems', () => {
  test('keeps a bounded number and counts the rest', () => {
    const problems = new ZoneProblems()
    for (let index = 0; index < MAX_ZONE_PROBLEMS + 5; index++)
      problems.warning('SLICEDNS_ZONE_NS', HERE, 'x')
    const list = problems.list()
    expect(list).toHaveLength(MAX_ZONE_PROBLEMS + 1)
    expect(list.at(-1)).toMatchObject({ code: 'SLICEDNS_ZONE_MORE_PROBLEMS', severity: 'warning' })
    expect(list.at(-1)?.message).toContain('5 more')
  })

  test('knows of an error that it did not keep', () => {
    const problems = new ZoneProblems()
    for (let index = 0; index < MAX_ZONE_PROBLEMS; index++) problems.warning('SLICEDNS_ZONE_NS', HERE, 'x')
    expect(problems.hasErrors).toBe(false)
    problems.error('SLICEDNS_ZONE_SOA', HERE, 'x')
    expect([problems.hasErrors, problems.list().at(-1)?.severity]).toEqual([true, 'error'])
  })
})

test('quoted keeps a word short and on one line', () => {
  expect(quoted('a\nb\u202E')).toBe('"a b "')
  expect(quoted('x'.repeat(100))).toHaveLength(63)
})
