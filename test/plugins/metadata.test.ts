import { expect, test } from 'vitest'

import { metadata } from '../../src/plugins/metadata.ts'
import { errorOf, setUp } from './plugin-harness.ts'

test('metadata is accepted, with zones, and adds nothing', () => {
  expect(setUp(metadata, 'metadata example.org 10.0.0.0/8')).toEqual({})
})

test.for([
  ['metadata a..b', 'SLICEDNS_CONFIG_VALUE Corefile:2:10:'],
  ['metadata {\n x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:2:'],
  ['metadata\nmetadata', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1:'],
] as const)('metadata: %s is an error', ([text, expected]) => {
  expect(errorOf(metadata, text)).toContain(expected)
})
