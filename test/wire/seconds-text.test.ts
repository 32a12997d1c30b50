import { expect, test } from 'vitest'
import { secondsFromText } from '../../src/wire/seconds-text.ts'

test.each([
  ['0', 0],
  ['300', 300],
  ['5s', 5],
  ['2H', 7200],
  ['1h30m', 5400],
  ['1w1d', 691_200],
  ['2147483647', 2_147_483_647],
])('secondsFromText(%j) is %i', (text, expected) => {
  expect(secondsFromText(text, 0x7fff_ffff)).toBe(expected)
})

test.each(['', '-1', '1.5', 'h', '1y', '1h ', '2147483648', '9999w'])(
  'secondsFromText refuses %j',
  (text) => {
    expect(secondsFromText(text, 0x7fff_ffff)).toBeUndefined()
  },
)

test('secondsFromText refuses long texts at once', () => {
  const started = performance.now()
  for (const text of [
    '62'.repeat(2_000),
    `${'62'.repeat(2_000)}x`,
    '1h'.repeat(2_000),
    `${'1h'.repeat(2_000)}x`,
  ])
    expect(secondsFromText(text, 2 ** 31 - 1) ?? 0).toBeLessThan(2 ** 31)
  expect(performance.now() - started).toBeLessThan(500)
})
