import { describe, expect, test } from 'vitest'

import { bufsize } from '../../src/plugins/bufsize.ts'
import { errorOf, setUp } from './plugin-harness.ts'

describe('bufsize', () => {
  test.for([
    ['bufsize', 1232],
    ['bufsize 512', 512],
    ['bufsize 4096', 4096],
    ['bufsize 1400\nbufsize 600', 1400],
  ] as const)('%s', ([text, expected]) => {
    expect(setUp(bufsize, text).udpPayloadSizeOctets).toBe(expected)
  })

  test.for([
    ['bufsize 511', 'SLICEDNS_CONFIG_VALUE Corefile:2:9: "511" is not a whole number from 512 to 4096'],
    ['bufsize 4097', 'SLICEDNS_CONFIG_VALUE Corefile:2:9: "4097"'],
    ['bufsize 1e3', 'SLICEDNS_CONFIG_VALUE Corefile:2:9: "1e3"'],
    [
      'bufsize 512 600',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:2:13: "bufsize" takes at most 1 argument, not also "600"; write bufsize [SIZE]',
    ],
    [
      'bufsize {\n  size 512\n}',
      'SLICEDNS_CONFIG_BLOCK Corefile:3:3: "bufsize" takes no properties in braces',
    ],
    ['bufsize 1400\nbufsize 1', 'SLICEDNS_CONFIG_VALUE Corefile:3:9: "1"'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(bufsize, text)).toContain(expected)
  })
})
