import { expect, test } from 'vitest'

import { SeededRandom } from './random.ts'
import { soak } from './soak.ts'
import { SoakTraffic } from './soak-traffic.ts'

test('R15 a running server answers every query once and nothing else', async () => {
  const lines: string[] = []
  const isGood = await soak({ datagrams: 3_000, print: (text) => void lines.push(text) })
  expect(lines.at(-1)).toBe('3000 passed, 0 failed\n')
  expect(isGood).toBe(true)
}, 60_000)

test('SoakTraffic has datagrams of every kind, and knows which get a reply', () => {
  const traffic = new SoakTraffic(new SeededRandom(1))
  const datagrams = Array.from({ length: 2_000 }, () => traffic.next())
  const kinds = new Set(datagrams.map(({ kind, isAnswered }) => `${kind} ${isAnswered}`))
  for (const kind of [
    'valid true',
    'changed true',
    'changed false',
    'random true',
    'random false',
    'short false',
  ])
    expect(kinds).toContain(kind)
  expect(kinds).not.toContain('valid false')
  expect(
    datagrams.filter(
      ({ kind, isAnswered, octets }) => kind === 'response' && isAnswered && octets.length > 2,
    ),
  ).toEqual([])
})
