import { expect, test } from 'vitest'

import { isDnsLabel, isDnsSubdomain, mendedName } from '../../../src/kubernetes/controllers/object-name.ts'

test('isDnsLabel takes RFC 1123 labels', () => {
  expect(['a', '0', 'a-b', '9x', 'a'.repeat(63)].every(isDnsLabel)).toBe(true)
  for (const text of ['', 'A', '-a', 'a-', 'a.b', 'a_b', '*', 'a\n', 'ü', 'a'.repeat(64)]) {
    expect(isDnsLabel(text), text).toBe(false)
  }
})

test('isDnsSubdomain takes labels joined by dots, up to 253 characters', () => {
  expect(isDnsSubdomain('a.b-c.d')).toBe(true)
  expect(isDnsSubdomain('a'.repeat(253))).toBe(true)
  for (const text of ['', '.', 'a.', '.a', 'a..b', 'a.-b', 'A.b', 'a'.repeat(254)]) {
    expect(isDnsSubdomain(text), text).toBe(false)
  }
})

test('mendedName gives the nearest label', () => {
  expect(mendedName('My_Web.App')).toBe('my-web-app')
  expect(mendedName('-x-')).toBe('x')
  expect(mendedName('__')).toBeUndefined()
  expect(mendedName(`${'a'.repeat(62)}.b`)).toBe('a'.repeat(62))
})
