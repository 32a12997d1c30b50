import { expect, test } from 'vitest'

import { root } from '../../src/plugins/root.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

const withFolder = () => testHost({ fileStamp: () => 'there' })

test('root names the folder, the last one where there are several', () => {
  expect(setUp(root, 'root zones', withFolder())).toEqual({ root: 'zones' })
  expect(setUp(root, 'root zones\nroot /etc/zones', withFolder())).toEqual({ root: '/etc/zones' })
})

test('root warns of a folder that is not there', () => {
  const host = testHost()
  expect(setUp(root, 'root zones', host)).toEqual({ root: 'zones' })
  expect(host.lines).toEqual(['warn there is no folder zones, which "root" names'])
})

test.for([
  ['root', '"root" needs an argument'],
  ['root a b', '"root" takes at most 1 argument, not also "b"'],
] as const)('%j is an error', ([text, expected]) => {
  expect(errorOf(root, text)).toContain(expected)
})
