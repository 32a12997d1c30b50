import { expect, test } from 'vitest'
import { composeTable, median, replaceSection } from '../../bench/report.ts'

test('median is the middle value, or the mean of the two in the middle', () => {
  expect(median([30, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})

test('composeTable pads its columns, figures to the right', () => {
  const table = composeTable(
    ['server', 'µs'],
    [
      ['a', '9.5'],
      ['longer name', '12.25'],
    ],
  )
  expect(table).toBe(
    '| server      |    µs |\n|-------------|------:|\n| a           |   9.5 |\n| longer name | 12.25 |\n',
  )
})

test('replaceSection changes what is between the marks and nothing else', () => {
  const page = '# Page\n<!-- start:begin -->\nold\n<!-- start:end -->\nafter\n'
  const replaced = replaceSection(page, 'start', 'new\n\n')
  expect(replaced).toBe('# Page\n<!-- start:begin -->\nnew\n<!-- start:end -->\nafter\n')
  expect(replaceSection(replaced, 'start', 'new')).toBe(replaced)
})

test('replaceSection names the mark that a page lacks', () => {
  expect(() => replaceSection('# Page\n', 'start', 'new')).toThrow('<!-- start:begin -->')
})
