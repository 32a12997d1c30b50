import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEntries } from '../../../src/zone/zone-file/lexer.ts'
import { ZoneProblems } from '../../../src/zone/zone-file/zone-problem.ts'

/** Words of each entry, quoted ones in quotes, `_` in front where the line began with a space; then the problems. */
function read(text: string): { entries: string[][]; problems: string[] } {
  const problems = new ZoneProblems()
  const entries = Array.from(
    readEntries(text, 'f', problems).filter((entry) => entry !== undefined),
    ({ tokens, startsBlank }) => [
      ...(startsBlank ? ['_'] : []),
      ...tokens.map((token) => (token.isQuoted ? `"${token.text}"` : token.text)),
    ],
  )
  const found = problems.list()
  return { entries, problems: found.map(({ position }) => `${position.line}:${position.column}`) }
}

describe('readEntries', () => {
  test.each<[string, string[][]]>([
    ['', []],
    ['\n\n ; comment\n', []],
    [
      'a b\nc d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a b\r\n\tc',
      [
        ['a', 'b'],
        ['_', 'c'],
      ],
    ],
    ['\uFEFFa b', [['a', 'b']]],
    ['a;b\nc ; d', [['a'], ['c']]],
    ['a ( b\n  c ; d )\n d ) e\nf', [['a', 'b', 'c', 'd', 'e'], ['f']]],
    ['a(b)c', [['a', 'b', 'c']]],
    ['a ((b\n)c\n)d', [['a', 'b', 'c', 'd']]],
    ['"a b" "c;(d" ""', [['"a b"', '"c;(d"', '""']]],
    [
      String.raw`a\;b \"c "\"d\\" e\(`,
      [[String.raw`a\;b`, String.raw`\"c`, String.raw`"\"d\\"`, String.raw`e\(`]],
    ],
    ['k="v w"', [['k=', '"v w"']]],
    ['a\\', [['a\\']]],
  ])('splits %j', (text, entries) => {
    expect(read(text)).toEqual({ entries, problems: [] })
  })

  test.each<[string, string[][], string[]]>([
    ['a "b\nc', [['c']], ['1:3']],
    ['a "b\\\nc', [['c']], ['1:3']],
    ['a b)\nc', [['c']], ['1:4']],
    ['a\nb (c\nd', [['a']], ['2:3']],
    ['"\n)\n(', [], ['1:1', '2:1', '3:1']],
  ])('reports %j and goes on', (text, entries, problems) => {
    expect(read(text)).toEqual({ entries, problems })
  })

  test('says where a word stands, and whether it follows without a space', () => {
    const [, entry] = readEntries('a\n b "c"d', 'f', new ZoneProblems())
    expect(entry?.tokens.map(({ position, isGlued }) => [position.line, position.column, isGlued])).toEqual([
      [2, 2, false],
      [2, 4, false],
      [2, 7, true],
    ])
  })

  test('takes any text, in time linear to it', () => {
    fc.assert(
      fc.property(zoneLikeText, (text) => void read(text)),
      { numRuns: 300 },
    )
    for (const unit of ['(', '"', '\\', '"\\', '\\"', 'a\\\n', '"\n', '\r']) {
      const start = performance.now()
      read(unit.repeat(100_000))
      expect(performance.now() - start).toBeLessThan(2000)
    }
  })
})

const zoneLikeText = fc
  .array(fc.constantFrom('a', ' ', '\n', '"', '\\', '(', ')', ';', '\t', '$', '\u0000', '\u00e9', '9'), {
    maxLength: 60,
  })
  .map((characters) => characters.join(''))
