import { expect, test } from 'vitest'
import { composeChart } from '../../bench/chart.ts'

test('composeChart draws bars in proportion, the longest as wide as there is room', () => {
  const svg = composeChart('CPU', [
    { title: 'a & b', bars: [{ label: 'one', value: 10 }] },
    { title: 'c', bars: [{ label: 'two', value: 40 }] },
  ])
  const widths = Array.from(svg.matchAll(/<rect [^>]*width="([\d.]+)"/g), ([, width]) => Number(width))
  expect(widths).toEqual([130, 520])
  expect(svg).toContain('>a &amp; b</text>')
})
