import { expect, test } from 'vitest'
import { RrType } from '../../src/wire/rrtype.ts'
import { name } from '../wire/packet.ts'
import { lines, zoneOf } from './ask-zone.ts'

const SOA = '@ 60 SOA ns hostmaster 1 2 3 4 5\n@ 60 NS ns.test.\n'

const at = (text: string, owner: string) => zoneOf(SOA + text).nodes.get(name(owner))
const recordsAt = (text: string, owner: string) => lines([...(at(text, owner)?.rrsets.values() ?? [])])

test('createZone joins records of one name and type in any letter case, equal ones once', () => {
  expect(recordsAt('a 60 A 192.0.2.1\nA 60 A 192.0.2.2\na 60 A 192.0.2.1', 'a.example.')).toEqual([
    'a.example. 60 IN A 192.0.2.1',
    'a.example. 60 IN A 192.0.2.2',
  ])
})

test('createZone gives an RRset the lowest of its TTLs (RFC 2181 5.2)', () => {
  const text = 'a 60 A 192.0.2.1\na 30 A 192.0.2.2\na 90 A 192.0.2.3'
  expect(recordsAt(text, 'a.example.').map((line) => line.split(' ')[1])).toEqual(['30', '30', '30'])
})

test('createZone adds empty non-terminals up to the apex (RFC 4592 2.2.2)', () => {
  const { nodes } = zoneOf(`${SOA}a.b.c 60 A 192.0.2.1`)
  expect([...nodes.keys()].toSorted()).toEqual(['a.b.c.example.', 'b.c.example.', 'c.example.', 'example.'])
  expect(nodes.get(name('c.example.'))?.rrsets.size).toBe(0)
})

test('createZone knows the topmost cut of each name', () => {
  const { nodes } = zoneOf(
    `${SOA}c 60 NS a.c\na.c 60 A 192.0.2.1\nb.c 60 NS ns.test.\nx.b.c 60 A 192.0.2.2\nd 60 A 192.0.2.3`,
  )
  const cuts = [...nodes].map(([owner, { cut }]) => `${owner} ${cut?.name}`)
  expect(cuts.filter((line) => !line.endsWith('undefined')).toSorted()).toEqual([
    'a.c.example. c.example.',
    'b.c.example. c.example.',
    'c.example. c.example.',
    'x.b.c.example. c.example.',
  ])
})

test.each([
  [60, 30, 30],
  [30, 60, 30],
])('createZone with SOA TTL %i and MINIMUM %i denies with %i (RFC 2308 3)', (ttl, minimum, expected) => {
  const { negativeSoa, nodes } = zoneOf(`@ ${ttl} SOA ns hostmaster 1 2 3 4 ${minimum}\n@ NS ns.test.`)
  expect(negativeSoa.ttlSeconds).toBe(expected)
  expect(nodes.get(name('example.'))?.rrsets.get(RrType.SOA)?.ttlSeconds).toBe(ttl)
})

test('createZone serves the root', () => {
  const { nodes } = zoneOf('. 60 SOA ns hostmaster 1 2 3 4 5\n. 60 NS a.\na. 60 A 192.0.2.1', '.')
  expect([...nodes.keys()]).toEqual(['.', 'a.'])
})
