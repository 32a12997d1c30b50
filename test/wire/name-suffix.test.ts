import { describe, expect, test } from 'vitest'

import { nameFromText } from '../../src/wire/name.ts'
import type { DomainName } from '../../src/wire/name.ts'
import { composePrefix, suffixStart } from '../../src/wire/name-suffix.ts'
import { composeName, parseName } from '../../src/wire/name-wire.ts'
import { OctetReader } from '../../src/wire/octets.ts'

function nameOf(text: string): DomainName {
  const name = nameFromText(text)
  if (name === undefined) throw new Error(`no name: ${text}`)
  return name
}

describe('suffixStart', () => {
  test.for([
    ['web.svc.cluster.local.', 'cluster.local.', 8],
    ['cluster.local.', 'cluster.local.', 0],
    ['web.xlocal.', 'local.', -1],
    ['web.Local.', 'local.', -1],
    ['local.', 'web.local.', -1],
    ['web.local.', '.', -1],
    [String.raw`web\.local.`, 'local.', -1],
    [String.raw`a\\.local.`, 'local.', -1],
  ] as const)('%s ends in %s from %i on', ([name, suffix, start]) => {
    expect(suffixStart(nameOf(name), nameOf(suffix))).toBe(start)
  })
})

describe('composePrefix', () => {
  test.for(['ns.dns.cluster.local.', 'a.cluster.local.', 'cluster.local.'])(
    '%s is read as it was',
    (text) => {
      const name = nameOf(text)
      const octets = new Uint8Array(100)
      const qname = nameOf('web.svc.cluster.local.')
      const offset = composeName(qname, octets, 12)
      const start = suffixStart(name, nameOf('cluster.local.'))
      const end = composePrefix(name, start, { target: 12 + 8, octets, offset })
      expect(end - offset).toBe(start + 2)
      expect(parseName(new OctetReader(octets.subarray(0, end), offset))).toBe(name)
    },
  )
})
