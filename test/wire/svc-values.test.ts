import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { svcValueFromText, svcValueToText } from '../../src/wire/svc-values.ts'

const toKey = (name: string) => Number(name.slice(3))
const fromKey = (key: number) => `key${key}`

test('svcValueFromText reads what svcValueToText writes', () => {
  let written = 0
  fc.assert(
    fc.property(fc.nat(9), fc.uint8Array({ maxLength: 20 }), (key, octets) => {
      const value = Buffer.from(octets).toString('latin1')
      const text = svcValueToText(key, value, fromKey)
      if (text === undefined) return
      written++
      expect(svcValueFromText(key, text, toKey)).toBe(value)
    }),
    { numRuns: 2000 },
  )
  expect(written).toBeGreaterThan(100)
})
