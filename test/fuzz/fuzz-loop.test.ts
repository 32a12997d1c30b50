import { describe, expect, test } from 'vitest'

import { fuzz, tryOut } from './fuzz-loop.ts'
import { SeededRandom } from './random.ts'
import { insist, words } from './target.ts'
import type { FuzzTarget } from './target.ts'

function target(run: FuzzTarget['run']): FuzzTarget {
  return { name: 'test', seedForm: 'txt', maxOctets: 64, maxRunMs: 10, dictionary: words('fault'), run }
}

const seeds = [{ name: 'seed', octets: Buffer.from('a harmless input') }]

const after = (most: number) => (runs: number) => runs >= most

/** What a target is given, in hexadecimal digits. */
async function inputs(seed: number): Promise<readonly string[]> {
  const seen: string[] = []
  const noting = target((octets) => {
    seen.push(Buffer.from(octets).toString('hex'))
    return String(octets.length)
  })
  await fuzz(noting, { seeds, random: new SeededRandom(seed), isOver: after(200) })
  return seen
}

describe('fuzz', () => {
  test('finds the input that shows a fault, and cuts it down to what the fault needs', async () => {
    const faulty = target((octets) => {
      insist(!Buffer.from(octets).includes('fault'), 'it holds the word')
      return 'good'
    })
    const { findings } = await fuzz(faulty, { seeds, random: new SeededRandom(7), isOver: after(5_000) })
    expect(findings.map(({ octets, fault }) => [Buffer.from(octets).toString(), fault])).toEqual([
      ['fault', 'Error: it holds the word'],
    ])
  })

  test('repeats itself from the same seed', async () => {
    expect(await inputs(5)).toEqual(await inputs(5))
    expect(await inputs(5)).not.toEqual(await inputs(6))
  })

  test('calls an input slow that is slow every time', async () => {
    const slow = target(() => {
      const until = performance.now() + 12
      while (performance.now() < until);
      return 'slow'
    })
    expect((await tryOut(slow, Buffer.from('x'))).fault).toMatch(/^slow: \d+ ms for 1 octets$/)
    let runs = 0
    const slowOnce = target(() => {
      const until = performance.now() + (runs++ === 0 ? 12 : 0)
      while (performance.now() < until);
      return 'slow once'
    })
    expect(await tryOut(slowOnce, Buffer.from('x'))).toEqual({ outcome: 'slow once' })
  })
})
