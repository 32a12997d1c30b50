import { describe, expect, test } from 'vitest'

import { composeExposition } from '../../src/metrics/exposition.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'

const textOf = (fill: (registry: MetricsRegistry) => void): string => {
  const registry = new MetricsRegistry()
  fill(registry)
  return composeExposition(registry.families())
}

describe('composeExposition', () => {
  test('writes help, type and samples of each metric, by name', () => {
    const text = textOf((registry) => {
      registry.gauge({ name: 'b_bytes', help: 'Two.' }).with().value = 1.5
      registry.counter({ name: 'a_total', help: 'One.', labels: ['x', 'y'] }).with('1', '').value += 3
    })
    expect(text).toBe(
      '# HELP a_total One.\n# TYPE a_total counter\na_total{x="1",y=""} 3\n' +
        '# HELP b_bytes Two.\n# TYPE b_bytes gauge\nb_bytes 1.5\n',
    )
  })

  test('adds up the buckets of a histogram', () => {
    const text = textOf((registry) => {
      const family = registry.histogram({ name: 'h', help: 'H.', labels: ['p'], upperBounds: [1, 2.5] })
      for (const value of [0, 1, 2, 3, 100]) family.with('u').observe(value)
    })
    expect(text).toBe(
      '# HELP h H.\n# TYPE h histogram\n' +
        'h_bucket{p="u",le="1"} 2\nh_bucket{p="u",le="2.5"} 3\nh_bucket{p="u",le="+Inf"} 5\n' +
        'h_sum{p="u"} 106\nh_count{p="u"} 5\n',
    )
  })

  test('leaves out what has labels and no value yet, and shows a plain counter at 0', () => {
    const text = textOf((registry) => {
      registry.counter({ name: 'none_total', help: 'None.', labels: ['x'] })
      registry.counter({ name: 'zero_total', help: 'Zero.' })
    })
    expect(text).toBe('# HELP zero_total Zero.\n# TYPE zero_total counter\nzero_total 0\n')
  })

  test('escapes backslash, quote and line break, and keeps to valid UTF-8', () => {
    const text = textOf((registry) => {
      registry.gauge({ name: 'g', help: 'a\\b\n"c"', labels: ['l'] }).with('a\\b\n"c" \ud800 é').value = 1
    })
    expect(text).toBe('# HELP g a\\\\b\\n"c"\n# TYPE g gauge\ng{l="a\\\\b\\n\\"c\\" \ufffd é"} 1\n')
    expect(Buffer.from(text).toString()).toBe(text)
  })

  test('writes the numbers that are no numbers', () => {
    const text = textOf((registry) => {
      const family = registry.gauge({ name: 'g', help: 'G.', labels: ['l'] })
      family.with('a').value = Infinity
      family.with('b').value = -Infinity
      family.with('c').value = Number.NaN
    })
    expect(text.match(/\S+$/gm)?.slice(-3)).toEqual(['+Inf', '-Inf', 'NaN'])
  })
})
