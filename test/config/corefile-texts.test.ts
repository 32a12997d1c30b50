import { describe, expect, test } from 'vitest'

import { corefileText, textsOf } from '../../src/config/corefile-texts.ts'
import { parseWith } from './parse-with.ts'

const text = (source: string): string => corefileText(parseWith(source))

describe('corefileText', () => {
  test('is the same whatever the comments, spaces and lines', () => {
    expect(text('.:53 {\n\n  errors # all of them\n\tcache "30"\n}\n')).toBe(
      text('.:53 {\n errors\n cache 30\n}'),
    )
  })

  test.for([
    '.:54 {\n errors\n cache 30\n}',
    '.:53 {\n errors\n cache 31\n}',
    '.:53 {\n errors\n cache 30 {\n disable\n }\n}',
  ])('is another for %j', (source) => {
    expect(text(source)).not.toBe(text('.:53 {\n errors\n cache 30\n}'))
  })
})

test('textsOf has the words of a directive and of its properties', () => {
  const [directive] =
    parseWith('. {\n forward . 10.0.0.1 {\n  policy random\n }\n}').serverBlocks[0]?.directives ?? []
  expect(directive && textsOf(directive)).toEqual([
    'forward',
    ['.', '10.0.0.1'],
    [['policy', ['random'], []]],
  ])
})
