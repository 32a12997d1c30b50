import { expect, test } from 'vitest'

import { CellFamily, MAX_SERIES } from '../../src/metrics/family.ts'
import type { NumberCell } from '../../src/metrics/family.ts'

const family = (labels: readonly string[]) =>
  new CellFamily<NumberCell>({ name: 'x', help: 'X.', labels }, 'counter', () => ({ value: 0 }))

test('CellFamily gives the same cell for the same label values, and another for others', () => {
  const cells = family(['a', 'b'])
  expect(cells.with('1', '2')).toBe(cells.with('1', '2'))
  expect(cells.with('12', '')).not.toBe(cells.with('1', '2'))
})

test('S10 CellFamily has no more than MAX_SERIES: what comes later is counted together', () => {
  const cells = family(['name', 'kind'])
  for (let index = 0; index < 100_000; index++) cells.with(`random-${index}.example.`, 'a').value++
  const series = [...cells.series()]
  expect(series).toHaveLength(MAX_SERIES + 1)
  expect(series.at(-1)).toEqual({ labelValues: ['other', 'other'], value: 100_000 - MAX_SERIES })
})
