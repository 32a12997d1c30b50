import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { lowerCase, parentName } from '../../src/wire/name.ts'
import { findNode } from '../../src/zone/find-node.ts'
import { name } from '../wire/packet.ts'
import { coherentZoneText, probes } from './any-zone.ts'
import { zoneOf } from './ask-zone.ts'

const HEAD = '@ 60 SOA ns.test. hostmaster 1 2 3 4 5\n@ 60 NS ns.test.\n'

/** Where a name leads: `none example.`, by the closest encloser. */
function where(text: string, qname: string, origin = 'example.'): string | undefined {
  const found = findNode(zoneOf(HEAD + text, origin), name(qname), 1)
  if (found === undefined) return undefined
  if (found.kind === 'none') return `none ${found.closestEncloser.name}`
  return found.kind === 'dname' ? `dname ${found.dname.owner}` : `${found.kind} ${found.node.name}`
}

test.each([
  ['a.b 60 A 192.0.2.1', 'a.b.example.', 'node a.b.example.'],
  ['a.b 60 A 192.0.2.1', 'c.b.example.', 'none b.example.'],
  ['a.b 60 A 192.0.2.1', 'x.y.z.a.b.example.', 'none a.b.example.'],
  ['*.b 60 A 192.0.2.1', 'x.y.b.example.', 'wildcard *.b.example.'],
  ['b 60 NS ns.test.', 'x.y.b.example.', 'cut b.example.'],
  ['b 60 DNAME test.', 'x.y.b.example.', 'dname b.example.'],
  // A dot inside a label separates nothing; one behind an escaped backslash does.
  [String.raw`b 60 A 192.0.2.1`, String.raw`a\.b.example.`, 'none example.'],
  [String.raw`b 60 A 192.0.2.1`, String.raw`a\\.b.example.`, 'none b.example.'],
  [String.raw`a\.b 60 A 192.0.2.1`, String.raw`x.a\.b.example.`, String.raw`none a\.b.example.`],
])('findNode in %j of %s is %s', (text, qname, expected) => {
  expect(where(text, qname)).toBe(expected)
})

test('findNode in the root zone', () => {
  expect(where('', 'a.b.', '.')).toBe('none .')
  expect(where('b 60 A 192.0.2.1', 'a.b.', '.')).toBe('none b.')
  expect(where('* 60 A 192.0.2.1', 'a.b.', '.')).toBe('wildcard *.')
})

test('findNode looks a name of 127 labels up without looking at each', () => {
  const zone = zoneOf(HEAD)
  const long = name('a.'.repeat(123) + 'example.')
  const start = performance.now()
  for (let count = 0; count < 10_000; count++) findNode(zone, long, 1)
  expect(performance.now() - start).toBeLessThan(1000)
})

test('findNode finds the longest name that exists', () => {
  fc.assert(
    fc.property(coherentZoneText, (text) => {
      const zone = zoneOf(text)
      for (const probe of probes) {
        const found = findNode(zone, lowerCase(name(probe)), 1)
        if (found?.kind !== 'none') continue
        let above = parentName(lowerCase(name(probe)))
        while (above !== undefined && !zone.nodes.has(above)) above = parentName(above)
        expect(found.closestEncloser.name).toBe(above)
      }
    }),
    { numRuns: 60 },
  )
})
