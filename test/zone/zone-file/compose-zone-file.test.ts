import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rrTypeToText } from '../../../src/wire/rrtype.ts'
import { rdataToText } from '../../../src/wire/rdata-text.ts'
import { loadZone } from '../../../src/zone/load-zone.ts'
import type { Zone, ZoneNode } from '../../../src/zone/zone.ts'
import { composeRecordLines, composeZoneFile } from '../../../src/zone/zone-file/compose-zone-file.ts'
import { parseZoneFile } from '../../../src/zone/zone-file/parse-zone-file.ts'
import { anyRecord } from '../../wire/arbitraries.ts'
import { name } from '../../wire/packet.ts'
import { zoneOf } from '../ask-zone.ts'
import { coherentZoneText } from '../any-zone.ts'

/** All that a zone says, without the places in the file. */
function contents({ origin, nodes, negativeSoa }: Zone): unknown {
  const all = new Map(Array.from(nodes, ([at, node]) => [at, contentsOf(node)]))
  return { origin, negativeTtlSeconds: negativeSoa.ttlSeconds, all }
}

function contentsOf({ rrsets, cut }: ZoneNode): unknown {
  const data = Array.from(rrsets, ([rrtype, { owner, ttlSeconds, rdatas }]) => {
    return [rrtype, { owner, ttlSeconds, rdatas }] as const
  })
  return { cut: cut?.name, rrsets: new Map(data) }
}

test('composeZoneFile writes what loadZone reads as the same zone', () => {
  fc.assert(
    fc.property(coherentZoneText, (text) => {
      const zone = zoneOf(text)
      const again = composeZoneFile(zone)
      expect(contents(zoneOf(again))).toEqual(contents(zone))
      expect(composeZoneFile(zoneOf(again))).toBe(again)
    }),
  )
})

test('parseZoneFile reads every record that composeRecordLines writes', () => {
  fc.assert(
    fc.property(anyRecord, ({ owner, rrtype, ttlSeconds, rdata }) => {
      const [line = ''] = composeRecordLines([{ owner, rrtype, ttlSeconds, rdatas: [rdata] }])
      const { records, problems } = parseZoneFile(line, { file: 'f', origin: name('elsewhere.') })
      expect(problems).toEqual([])
      expect(records.map((record) => [record.owner, record.ttlSeconds, rrTypeToText(record.rrtype)])).toEqual(
        [[owner, ttlSeconds, rrTypeToText(rrtype)]],
      )
      expect(records[0]?.rdata).toEqual(rdata)
      expect(line.endsWith(rdataToText(rdata))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('composeZoneFile sorts names canonically (RFC 4034 6.1), the SOA first', () => {
  // The RFC's own example, but for its octets that no mnemonic can show.
  const owners = [
    'example.',
    'a.example.',
    'yljkjljk.a.example.',
    'Z.a.example.',
    'zABC.a.EXAMPLE.',
    'z.example.',
    String.raw`\001.z.example.`,
    '*.z.example.',
    String.raw`\200.z.example.`,
  ]
  const rows = owners.toReversed().map((owner) => `${owner} 60 TXT x`)
  const text = composeZoneFile(zoneOf(['example. 60 SOA a b 1 2 3 4 5', ...rows].join('\n')))
  expect(text.split('\n').map((line) => line.split(' ')[0])).toEqual(['example.', ...owners, ''])
})

test('loadZone reads the origin in any letter case', () => {
  const { zone } = loadZone('@ 60 SOA a b 1 2 3 4 5', { file: 'f', origin: name('EXAMPLE.Org.') })
  expect(zone?.origin).toBe('example.org.')
})
