import { describe, expect, test } from 'vitest'

import { createServingPlan } from '../../src/server/serving-plan.ts'
import { blockPlan, domainName } from './harness.ts'

const TYPE_A = 1
const TYPE_DS = 43

function planOf(...zones: readonly string[]) {
  const plan = createServingPlan(zones.map((zone) => blockPlan([], { zone: domainName(zone) })))
  return (name: string, qtype = TYPE_A) => plan.match(domainName(name), qtype)?.zone
}

describe('createServingPlan match', () => {
  test('takes the longest zone that holds the name', () => {
    const match = planOf('.', 'local.', 'cluster.local.', 'svc.cluster.local.')
    expect(match('web.default.svc.cluster.local.')).toBe('svc.cluster.local.')
    expect(match('svc.cluster.local.')).toBe('svc.cluster.local.')
    expect(match('pod.cluster.local.')).toBe('cluster.local.')
    expect(match('printer.local.')).toBe('local.')
  })

  test('takes the root last, also for the root itself', () => {
    const match = planOf('.', 'cluster.local.')
    expect(match('example.org.')).toBe('.')
    expect(match('.')).toBe('.')
  })

  test('is undefined where no zone holds the name', () => {
    expect(planOf('cluster.local.')('example.org.')).toBeUndefined()
    expect(planOf('cluster.local.')('.')).toBeUndefined()
    expect(planOf()('example.org.')).toBeUndefined()
  })

  test('cuts at labels only', () => {
    const match = planOf('cluster.local.')
    expect(match('mycluster.local.')).toBeUndefined()
    expect(match('ocal.')).toBeUndefined()
    expect(match('a\\.cluster.local.')).toBeUndefined()
    expect(match('a\\\\.cluster.local.')).toBe('cluster.local.')
    expect(match('a\\\\\\.cluster.local.')).toBeUndefined()
  })

  test('gives DS to the shortest zone other than the root, as the parent side of a zone cut', () => {
    const match = planOf('.', 'local.', 'cluster.local.')
    expect(match('cluster.local.', TYPE_DS)).toBe('local.')
    expect(match('example.org.', TYPE_DS)).toBe('.')
    expect(planOf('.', 'cluster.local.')('cluster.local.', TYPE_DS)).toBe('cluster.local.')
  })

  test('takes the first of several blocks for one zone', () => {
    const [first, second] = [blockPlan([]), blockPlan([], { recursionAvailable: true })]
    expect(createServingPlan([first, second]).match(domainName('web.cluster.local.'), TYPE_A)).toBe(first)
  })
})
