import { expect, test } from 'vitest'

import { Readiness } from '../../src/plugins/readiness.ts'

/** A check whose state can be set, and how often it was asked. */
function check(name: string) {
  const state = { name, ready: false, asked: 0 }
  return Object.assign(state, {
    isReady: () => {
      state.asked++
      return state.ready
    },
  })
}

test('Readiness names what is not ready in any block, each once, in order', () => {
  const readiness = new Readiness()
  const [one, two, three] = [check('kubernetes'), check('forward'), check('kubernetes')]
  readiness.add([one, two], { continuously: false })
  readiness.add([three], { continuously: false })
  expect(readiness.notReady()).toEqual(['forward', 'kubernetes'])
  one.ready = two.ready = true
  expect(readiness.notReady()).toEqual(['kubernetes'])
  three.ready = true
  expect(readiness.notReady()).toEqual([])
})

test('Readiness does not ask again who has been ready, unless it is watched continuously', () => {
  const readiness = new Readiness()
  const [once, always] = [check('a'), check('b')]
  once.ready = always.ready = true
  readiness.add([once], { continuously: false })
  readiness.add([always], { continuously: true })
  expect(readiness.notReady()).toEqual([])
  once.ready = always.ready = false
  expect(readiness.notReady()).toEqual(['b'])
  expect([once.asked, always.asked]).toEqual([1, 2])
})

test('Readiness sees checks that are added to the list of a block later', () => {
  const readiness = new Readiness()
  const checks = [check('a')]
  readiness.add(checks, { continuously: false })
  checks.push(check('b'))
  expect(readiness.notReady()).toEqual(['a', 'b'])
})
