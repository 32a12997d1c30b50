import { expect, test } from 'vitest'

import { knownOrLate } from '../../src/cli/known-or-late.ts'

test('knownOrLate resolves when all is known, or when that takes too long', async () => {
  const never = new Promise<void>(() => {})
  await expect(knownOrLate(Promise.resolve(), 60_000)).resolves.toBeUndefined()
  await expect(knownOrLate(never, 1)).resolves.toBeUndefined()
  await expect(knownOrLate(Promise.reject(new Error('broken')), 60_000)).rejects.toThrow('broken')
})
