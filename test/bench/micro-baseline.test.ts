import { expect, test } from 'vitest'
import {
  baselineOf,
  compareToBaseline,
  composeMicroTable,
  findRegressions,
} from '../../bench/micro-baseline.ts'

const BEFORE = baselineOf(figures({ calibration: 1000, parse: 200, answer: 1500 }))

test('baselineOf keeps what a case costs beside the calibration', () => {
  expect(BEFORE).toEqual({ calibrationNanoseconds: 1000, ratios: { parse: 0.2, answer: 1.5 } })
})

test('compareToBaseline takes the speed of the machine out', () => {
  const slower = compareToBaseline(figures({ calibration: 3000, parse: 600, answer: 4500 }), BEFORE)
  expect(slower.map(({ change }) => change)).toEqual([1, 1])
})

test('compareToBaseline knows no change of a case that is new', () => {
  const [added] = compareToBaseline(figures({ calibration: 1000, compose: 90 }), BEFORE)
  expect(added).toEqual({ name: 'compose', nanoseconds: 90, change: undefined })
})

test('findRegressions names what costs more than one and a half times the baseline', () => {
  const results = compareToBaseline(
    figures({ calibration: 1000, parse: 301, answer: 2250, add: 9e9 }),
    BEFORE,
  )
  expect(findRegressions(results)).toEqual(['parse'])
})

test('composeMicroTable shows the change in percent', () => {
  const results = compareToBaseline(figures({ calibration: 1000, parse: 150, answer: 1800, add: 1 }), BEFORE)
  const rows = composeMicroTable(results).split('\n').slice(2, 5)
  expect(rows.map((row) => row.replaceAll(/\s+/g, ' '))).toEqual([
    '| parse | 150 | -25 % |',
    '| answer | 1,800 | +20 % |',
    '| add | 1 | new |',
  ])
})

test('compareToBaseline refuses figures without the calibration', () => {
  expect(() => compareToBaseline(figures({ parse: 1 }), BEFORE)).toThrow(RangeError)
})

function figures(values: Record<string, number>): Map<string, number> {
  return new Map(Object.entries(values))
}
