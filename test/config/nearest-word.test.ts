import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { didYouMean, nearestWord } from '../../src/config/nearest-word.ts'

const WORDS = ['log', 'loop', 'forward', 'kubernetes', 'errors', 'loadbalance']

describe('nearestWord', () => {
  test.each([
    ['forwrd', 'forward'],
    ['fowrard', 'forward'],
    ['FORWARD', 'forward'],
    ['kubernets', 'kubernetes'],
    ['kuberentes', 'kubernetes'],
    ['lgo', 'log'],
    ['error', 'errors'],
    ['load_balance', 'loadbalance'],
  ])('%s means %s', (text, word) => {
    expect(nearestWord(text, WORDS)).toBe(word)
  })

  test.each(['', 'x', 'dog-house', 'fwd', 'example.org', 'l', 'k8s'])('%j is close to nothing', (text) => {
    expect(nearestWord(text, WORDS)).toBeUndefined()
  })

  test('the closer of two wins, and of equal ones the first', () => {
    expect(nearestWord('loopp', ['log', 'loop'])).toBe('loop')
    expect(nearestWord('cat', ['car', 'can'])).toBe('car')
  })

  test('a long text is not compared', () => {
    expect(nearestWord('a'.repeat(41), ['a'.repeat(41)])).toBeUndefined()
  })

  test('one letter left out of a long word is always found', () => {
    fc.assert(
      fc.property(fc.constantFrom('kubernetes', 'loadbalance', 'forward'), fc.nat(), (word, at) => {
        const index = at % word.length
        expect(nearestWord(word.slice(0, index) + word.slice(index + 1), WORDS)).toBe(word)
      }),
    )
  })
})

describe('didYouMean', () => {
  test('asks for the nearest word', () => {
    expect(didYouMean('lok', WORDS)).toBe('did you mean "log"?')
    expect(didYouMean('zone', WORDS)).toBeUndefined()
  })
})
