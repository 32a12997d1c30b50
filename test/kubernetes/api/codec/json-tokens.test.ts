import { expect, test, vi } from 'vitest'

import { JsonTokens } from '../../../../src/kubernetes/api/codec/json-tokens.ts'

// The real bound, 16 MiB, would take a second to come to.
vi.mock(import('../../../../src/kubernetes/api/codec/octet-queue.ts'), async (original) => ({
  ...(await original()),
  WHOLE_OCTETS_MAX: 1_000,
}))

test('JsonTokens refuses a value beyond the bound while it comes', () => {
  const tokens = new JsonTokens()
  const push = (text: string): unknown => {
    tokens.push(Buffer.from(text))
    const taken = tokens.takeValue()
    tokens.release()
    return taken
  }
  expect(push(`["${'x'.repeat(500)}`)).toBeUndefined()
  expect(push('x'.repeat(490))).toBeUndefined()
  expect(() => push('x'.repeat(10))).toThrow('an object has more than')
})

test('JsonTokens gives marks and values one after the other', () => {
  const tokens = new JsonTokens()
  tokens.push(Buffer.from(' { "a\\"" : [1,{"b":"]"}] , -1.5e3 }'))
  const seen: unknown[] = []
  for (const isValue of [false, true, false, true, false, true, false]) {
    seen.push(tokens.peek())
    if (isValue) seen.push(tokens.takeValue()?.value)
    else tokens.take()
  }
  expect(seen).toEqual(['{', '"', 'a"', ':', '[', [1, { b: ']' }], ',', '-', -1500, '}'])
  expect(tokens.peek()).toBeUndefined()
})
