import { expect, test } from 'vitest'
import { loadZone } from '../../src/zone/load-zone.ts'
import { name } from '../wire/packet.ts'

const HEAD = '@ 60 SOA ns.test. hostmaster 1 2 3 4 5\n@ 60 NS ns.test.\n'
const readFile = (file: string) => ({ file, text: 'a A 192.0.2.1\na CNAME b\n' })

test('loadZone reports what is wrong with lines and with what they say, and names the files', () => {
  const text = `${HEAD}$INCLUDE other\nc NONSENSE x`
  const { zone, problems, files } = loadZone(text, { file: 'zone', origin: name('example.'), readFile })
  expect(zone).toBeUndefined()
  expect(files).toEqual(['zone', 'other'])
  expect(problems.map(({ code, position }) => [code, position.file, position.line])).toEqual([
    ['SLICEDNS_ZONE_TYPE', 'zone', 4],
    ['SLICEDNS_ZONE_CNAME', 'other', 2],
  ])
})

test('loadZone gives a zone that has nothing but warnings', () => {
  const { zone, problems } = loadZone('@ 60 SOA ns.test. hostmaster 1 2 3 4 5', {
    file: 'zone',
    origin: name('example.'),
  })
  expect(zone?.origin).toBe('example.')
  expect(problems.map(({ severity }) => severity)).toEqual(['warning'])
})
