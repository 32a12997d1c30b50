import { expect, test } from 'vitest'

import { OctetQueue } from '../../../../src/kubernetes/api/codec/octet-queue.ts'
import { SeededRandom } from '../../../fuzz/random.ts'

test('OctetQueue joins what was left to what comes, whatever is used up', () => {
  const random = new SeededRandom(7)
  for (let round = 0; round < 20; round++) {
    const queue = new OctetQueue()
    const given: number[] = []
    const used: number[] = []
    for (let count = 0; count < 30; count++) {
      const chunk = random.octets(random.below(random.chance(5) ? 500 : 20))
      given.push(...chunk)
      const octets = queue.join(chunk)
      const size = random.below(octets.length + 1)
      used.push(...octets.subarray(0, size))
      queue.leave(octets, size)
      chunk.fill(0)
    }
    expect(queue.isEmpty).toBe(used.length === given.length)
    used.push(...queue.join(new Uint8Array(0)))
    expect(Buffer.from(used).equals(Buffer.from(given))).toBe(true)
  }
})

test('OctetQueue gives a chunk as it is where nothing was left', () => {
  const queue = new OctetQueue()
  const chunk = Uint8Array.of(1, 2, 3)
  const octets = queue.join(chunk)
  expect(octets.buffer).toBe(chunk.buffer)
  queue.leave(octets, 3)
  expect(queue.isEmpty).toBe(true)
})
