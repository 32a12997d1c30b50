import { expect, test } from 'vitest'

import { simulate } from './simulation/simulate.ts'

/** Registers a test that runs so many seeds from the first on. A seed that fails says how it is run again. */
export function testSeeds(first: number, count: number): void {
  test(`K17 seeds ${first} to ${first + count - 1} of the simulation end as the model, and deny nothing that is there`, async () => {
    const faults: string[] = []
    for (let seed = first; seed < first + count; seed += 1) {
      const fault = await simulate(seed)
      if (fault !== undefined) faults.push(`npm run sim -- --seed ${seed} --trace   ${fault}`)
    }
    expect(faults).toEqual([])
  }, 300_000)
}
