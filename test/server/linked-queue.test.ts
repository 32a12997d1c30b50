import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { LinkedQueue } from '../../src/server/linked-queue.ts'
import type { Place } from '../../src/server/linked-queue.ts'

test('LinkedQueue keeps items in the order they came, whichever are taken out', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(), { nil: undefined }), { maxLength: 50 }), (steps) => {
      const queue = new LinkedQueue<number>()
      const places: Place<number>[] = []
      // A number takes one out, nothing adds one.
      for (const [index, step] of steps.entries()) {
        const [place] = step === undefined ? [] : places.splice(step % Math.max(1, places.length), 1)
        if (step === undefined) places.push(queue.add(index))
        if (place === undefined) continue
        queue.remove(place)
        expect([place.queue, place.before, place.behind]).toEqual([undefined, undefined, undefined])
      }
      expect([...queue]).toEqual(places.map(({ item }) => item))
      expect([queue.size, queue.oldest]).toEqual([places.length, places[0]])
    }),
  )
})

test('LinkedQueue can be emptied while it is gone through', () => {
  const queue = new LinkedQueue<string>()
  const places = new Map(['a', 'b', 'c'].map((item) => [item, queue.add(item)]))
  const seen: string[] = []
  for (const item of queue) {
    seen.push(item)
    const place = places.get(item)
    if (place !== undefined) queue.remove(place)
  }
  expect([seen, queue.size]).toEqual([['a', 'b', 'c'], 0])
})
