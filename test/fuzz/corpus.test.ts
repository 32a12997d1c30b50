import { describe, expect, test } from 'vitest'

import { notApplicable } from '../helpers/not-applicable.ts'
import { readSeeds } from './corpus.ts'
import { fuzz, tryOut } from './fuzz-loop.ts'
import { SeededRandom } from './random.ts'
import { createTargets } from './targets.ts'

const targets = await createTargets()

describe.each(targets)('$name', (target) => {
  const seeds = readSeeds(target)

  test.each(seeds)('R15 takes the kept input $name', async ({ octets }) => {
    expect(await tryOut(target, octets, false)).not.toHaveProperty('fault')
  })

  test('R15 takes kept inputs with random changes', async () => {
    const isOver = (runs: number): boolean => runs >= seeds.length + 500
    const result = await fuzz(target, { seeds, random: new SeededRandom(1), isOver })
    expect(result.findings.map(({ octets, fault }) => [fault, Buffer.from(octets).toString('hex')])).toEqual(
      [],
    )
    expect(result.outcomes).toBeGreaterThan(5)
  })
})

notApplicable(
  'R15',
  'the loader of snapshots: there are none; keys of the cache are in reply-cache.keys.test.ts',
)
