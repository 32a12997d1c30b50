import { describe, expect, test } from 'vitest'

import { SharedValues } from '../../src/cli/shared-values.ts'

describe('SharedValues', () => {
  test('leases share a value until the last of them ends', async () => {
    const ended: string[] = []
    const values = new SharedValues<string>((value) => void ended.push(value))
    const [first, second] = [values.lease(), values.lease()]
    expect(first.get('key', () => 'made')).toBe('made')
    expect(first.get('key', () => 'another')).toBe('made')
    expect(second.get('key', () => 'another')).toBe('made')
    await first.end()
    await first.end()
    expect([values.values(), ended]).toEqual([['made'], []])
    await second.end()
    expect([values.values(), ended]).toEqual([[], ['made']])
    expect(values.lease().get('key', () => 'another')).toBe('another')
  })

  test('keys are apart', () => {
    const lease = new SharedValues<string>().lease()
    expect([lease.get('a', () => 'one'), lease.get('b', () => 'two')]).toEqual(['one', 'two'])
  })
})
