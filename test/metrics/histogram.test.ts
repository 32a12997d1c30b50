import { array, assert, double, property } from 'fast-check'
import { expect, test } from 'vitest'

import { exponentialBounds, Histogram, TIME_BOUNDS_SECONDS } from '../../src/metrics/histogram.ts'

test('Histogram puts a value into the first bucket whose bound it does not exceed', () => {
  const histogram = new Histogram([0, 1, 10])
  for (const value of [-1, 0, 0.5, 1, 1.5, 10, 10.1, Infinity]) histogram.observe(value)
  expect([...histogram.counts]).toEqual([2, 2, 2, 2])
})

test('Histogram counts every value once, in one bucket', () => {
  assert(
    property(array(double({ noNaN: true })), (values) => {
      const histogram = new Histogram(TIME_BOUNDS_SECONDS)
      for (const value of values) histogram.observe(value)
      expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length)
    }),
  )
})

test('TIME_BOUNDS_SECONDS are 16 bounds from 0.25 ms, each twice the one before', () => {
  expect(TIME_BOUNDS_SECONDS).toHaveLength(16)
  expect(TIME_BOUNDS_SECONDS[0]).toBe(0.000_25)
  expect(TIME_BOUNDS_SECONDS[15]).toBe(8.192)
})

test('exponentialBounds multiplies', () => {
  expect(exponentialBounds(1, 3, 4)).toEqual([1, 3, 9, 27])
})
