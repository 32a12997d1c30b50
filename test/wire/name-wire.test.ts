import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { countOctets } from '../../src/wire/name.ts'
import { composeName, parseName } from '../../src/wire/name-wire.ts'
import { OctetReader } from '../../src/wire/octets.ts'
import { anyName } from './arbitraries.ts'
import { name, nameOctets } from './packet.ts'

test('composeName writes length octets, labels and the root', () => {
  expect(nameOctets('ab.c.')).toEqual([2, 0x61, 0x62, 1, 0x63, 0])
  expect(nameOctets('.')).toEqual([0])
  expect(nameOctets(String.raw`\.\007\255.`)).toEqual([3, 0x2e, 7, 255, 0])
})

test('parseName(composeName(name)) is the name', () => {
  fc.assert(
    fc.property(anyName, (generated) => {
      const octets = new Uint8Array(255)
      const end = composeName(generated, octets, 0)
      expect(end).toBe(countOctets(generated))
      const reader = new OctetReader(octets.subarray(0, end))
      expect(parseName(reader)).toBe(generated)
      expect(reader.offset).toBe(end)
    }),
  )
})

test('parseName steps behind a pointer, not behind its target', () => {
  const octets = Uint8Array.from([...new Uint8Array(12), ...nameOctets('b.c.'), 1, 0x61, 0xc0, 12, 9])
  const reader = new OctetReader(octets, 17)
  expect(parseName(reader)).toBe(name('a.b.c.'))
  expect(reader.offset).toBe(21)
})

test('parseName does not read past the end of the rdata it stands in', () => {
  const octets = Uint8Array.from(nameOctets('abc.'))
  for (let end = 0; end < octets.length; end++) {
    const reader = new OctetReader(octets)
    reader.end = end
    expect(parseName(reader)).toBeUndefined()
  }
})

test('N04 a pointer to a pointer that leads forward again is malformed', () => {
  const octets = Uint8Array.from([...new Uint8Array(12), 0xc0, 14, 0xc0, 12, 0xc0, 14])
  expect(parseName(new OctetReader(octets, 16))).toBeUndefined()
})

test('N08 127 pointers in a row are read, more are malformed', () => {
  const chain = [...new Uint8Array(12), 1, 0x61, 0]
  for (let count = 0; count < 128; count++) {
    const target = count === 0 ? 12 : chain.length - 2
    chain.push(0xc0 | (target >>> 8), target & 0xff)
  }
  const octets = Uint8Array.from(chain)
  expect(parseName(new OctetReader(octets, 15 + 126 * 2))).toBe('a.')
  expect(parseName(new OctetReader(octets, 15 + 127 * 2))).toBeUndefined()
})
