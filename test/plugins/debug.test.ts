import { describe, expect, test } from 'vitest'

import { debug } from '../../src/plugins/debug.ts'
import { errorOf, setUp } from './plugin-harness.ts'

describe('debug', () => {
  test('asks for stack traces, and adds nothing else to the block', () => {
    expect(setUp(debug, 'debug')).toEqual({ showsStacks: true })
  })

  test.for([
    [
      'debug on',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:2:7: "debug" takes no argument, not also "on"; write debug',
    ],
    ['debug {\n x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:2: "debug" takes no properties in braces'],
  ] as const)('%j is an error', ([text, expected]) => {
    expect(errorOf(debug, text)).toContain(expected)
  })
})
