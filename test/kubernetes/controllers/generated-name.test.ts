import { expect, test } from 'vitest'

import { generatedName, hash32, templateHash } from '../../../src/kubernetes/controllers/generated-name.ts'

test('generatedName appends five letters of the safe alphabet that follow from the seed', () => {
  const name = generatedName('web', 'seed', () => false)
  expect(name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  expect(generatedName('web', 'seed', () => false)).toBe(name)
  expect(generatedName('web', 'other', () => false)).not.toBe(name)
})

test('generatedName tries again while the name is taken', () => {
  const first = generatedName('web', 'seed', () => false)
  const second = generatedName('web', 'seed', (name) => name === first)
  expect(second).toMatch(/^web-[a-z0-9]{5}$/)
  expect(second).not.toBe(first)
})

test('generatedName cuts a long base to 58 characters, so that the name is a DNS label', () => {
  expect(generatedName('a'.repeat(70), 'seed', () => false)).toMatch(/^a{58}[a-z0-9]{5}$/)
})

test('templateHash is ten letters of the safe alphabet', () => {
  expect(templateHash('Deployment default/web')).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/)
})

test('hash32 spreads names that differ in the last digit over the whole range', () => {
  const hashes = Array.from({ length: 1000 }, (_, index) => hash32(`Service shop/web-${index}`))
  expect(new Set(hashes).size).toBe(1000)
  const perSixteenth = Map.groupBy(hashes, (hash) => Math.floor(hash / 2 ** 28))
  expect(perSixteenth.size).toBe(16)
  for (const part of perSixteenth.values()) expect(part.length).toBeGreaterThan(30)
})
