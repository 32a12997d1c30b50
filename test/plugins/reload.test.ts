import { describe, expect, test } from 'vitest'

import { reload } from '../../src/plugins/reload.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

/** The shortest and the longest interval that chance can give. */
const bounds = (text: string) =>
  [0, 1].map((chance) => setUp(reload, text, testHost({ random: () => chance })).reloadIntervalMs)

describe('reload', () => {
  test.for([
    ['reload', [22_500, 37_500]],
    ['reload 10s', [7_500, 12_500]],
    ['reload 10s 2s', [9_000, 11_000]],
    ['reload 10s 1h', [7_500, 12_500]],
    ['reload 2s 0', [2_000, 2_000]],
    ['reload 10s 0s', [10_000, 10_000]],
  ] as const)('%j: looks after an interval within the jitter', ([text, expected]) => {
    expect(bounds(text)).toEqual(expected)
  })

  test.for([
    ['reload 1s', 'SLICEDNS_CONFIG_VALUE Corefile:2:8: "1s" is too short for "reload"; write at least 2s'],
    ['reload 0', 'SLICEDNS_CONFIG_VALUE Corefile:2:8: "0" is too short'],
    ['reload 2s 999ms', 'SLICEDNS_CONFIG_VALUE Corefile:2:11: "999ms" is too short'],
    ['reload soon', 'SLICEDNS_CONFIG_VALUE Corefile:2:8: "soon" is not a duration'],
    ['reload 2s 2s 2s', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:14:'],
    ['reload {\n x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:2:'],
    ['reload\nreload', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1:'],
  ] as const)('%j is an error', ([text, expected]) => {
    expect(errorOf(reload, text)).toContain(expected)
  })
})
