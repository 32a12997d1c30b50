import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { zonesFromText } from '../../src/config/zone-text.ts'

test('zonesFromText lets a prefix between two labels stand for several zones', () => {
  expect(zonesFromText('10.96.0.0/12')).toHaveLength(16)
  expect(zonesFromText('10.96.0.0/12')?.at(-1)).toBe('111.10.in-addr.arpa.')
  expect(zonesFromText('0.0.0.0/0')).toEqual(['in-addr.arpa.'])
  expect(zonesFromText('::/0')).toEqual(['ip6.arpa.'])
})

test('zonesFromText gives any text one zone or more in lower case, or nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.domain(), fc.ipV4(), fc.ipV6()), fc.nat(140), (text, length) => {
      for (const candidate of [text, `${text}/${length}`]) {
        const zones = zonesFromText(candidate)
        expect(zones?.length ?? 1).toBeGreaterThan(0)
        for (const zone of zones ?? []) expect(zone).toBe(zone.toLowerCase())
      }
    }),
  )
})
