import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Token } from '../../src/config/lexer.ts'
import { lex } from '../../src/config/lexer.ts'
import { ConfigError } from '../../src/config/config-error.ts'
import { configErrorOf } from './config-error-of.ts'

const texts = (source: string) => lex(source, 'Corefile').map((token) => token.text)

const places = (source: string) =>
  lex(source, 'Corefile').map(({ text, position: { line, column } }) => `${text}@${line}:${column}`)

describe('lex', () => {
  test('white space separates words and each knows its place', () => {
    expect(places('.:53 {\n\tlog  errors\n}\n')).toEqual([
      '.:53@1:1',
      '{@1:6',
      'log@2:2',
      'errors@2:7',
      '}@3:1',
    ])
  })

  test('the first word of each line starts a line', () => {
    const starts = lex('a b\n\n  c d', 'Corefile').map((token) => token.startsLine)
    expect(starts).toEqual([true, false, true, false])
  })

  test('a comment reaches from # to the end of the line, also from the middle of a word', () => {
    expect(texts('# all\nlog # some\nerrors#none at all\nwhoami')).toEqual(['log', 'errors', 'whoami'])
  })

  test('the word after a comment line starts a line', () => {
    expect(lex('a # x\nb', 'Corefile').map((token) => token.startsLine)).toEqual([true, true])
  })

  test('quotes keep white space, # and braces, and are marked', () => {
    const [, word, brace] = lex('match "a b # c" "{"', 'Corefile')
    expect(word).toMatchObject({ text: 'a b # c', quoted: true, position: { column: 7 } })
    expect(brace).toMatchObject({ text: '{', quoted: true })
  })

  test('a backslash escapes a quote in quotes and nothing else', () => {
    expect(texts(String.raw`"a\"b" "\d\\" "\\\"" c\"d \ `)).toEqual([
      'a"b',
      String.raw`\d\\`,
      String.raw`\\"`,
      String.raw`c\"d`,
      '\\',
    ])
  })

  test('quotes hold line ends, and lines go on counting', () => {
    expect(places('"a\nb\\\nc" d\ne')).toEqual(['a\nb\\\nc@1:1', 'd@3:4', 'e@4:1'])
  })

  test('quotes in the middle of a word are letters, and a word may follow a closing quote at once', () => {
    expect(texts('a"b c" "d"e ""')).toEqual(['a"b', 'c"', 'd', 'e', ''])
  })

  test('CRLF ends lines as LF does', () => {
    expect(places('a b\r\nc\r\n')).toEqual(['a@1:1', 'b@1:3', 'c@2:1'])
  })

  test('Unicode spaces separate', () => {
    expect(texts('a\u00A0b\u3000c\u0085d')).toEqual(['a', 'b', 'c', 'd'])
  })

  test('a quote that is never closed is an error at the quote', () => {
    const error = configErrorOf(() => lex('. {\n  match "a b\n}\n', 'Corefile'))
    expect(error.code).toBe('SLICEDNS_CONFIG_OPEN_QUOTE')
    expect(error.message).toBe(
      'Corefile:2:9: this quote is never closed; end the word with " (inside it, a quote is \\")',
    )
  })

  test('a backslash at the very end does not close a quote', () => {
    expect(configErrorOf(() => lex('"a\\', 'Corefile')).position.column).toBe(1)
  })

  test('more than a million words are an error', () => {
    const error = configErrorOf(() => lex('a '.repeat(1_000_001), 'Corefile'))
    expect(error.code).toBe('SLICEDNS_CONFIG_TOO_LARGE')
    expect(error.position.column).toBe(2_000_001)
  })

  test('tokens printed and read again are the same', () => {
    const character = fc.constantFrom(
      'a',
      'b',
      '"',
      '\\',
      '#',
      '{',
      '}',
      ' ',
      '\n',
      '\r',
      '\t',
      'é',
      '\u3000',
      '😀',
    )
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 60 }), (source) => {
        const tokens = lexOrUndefined(source)
        if (tokens === undefined) return
        expect(lex(print(tokens), 'Corefile').map(shape)).toEqual(tokens.map(shape))
      }),
      { numRuns: 2_000 },
    )
  })

  test('every token stands in the text where its position says', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '#', '{', ' ', '\n', '\r', 'é', '😀') }),
        (source) => {
          const lines = source.split('\n')
          for (const { text, position } of lex(source, 'Corefile')) {
            const start = position.column - 1
            expect(lines[position.line - 1]?.slice(start, start + text.length)).toBe(text)
          }
        },
      ),
    )
  })
})

function lexOrUndefined(source: string): readonly Token[] | undefined {
  try {
    return lex(source, 'Corefile')
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

/** The tokens as a Corefile again, each line of it on its own line. */
function print(tokens: readonly Token[]): string {
  return tokens
    .map(({ text, quoted, startsLine }) => {
      return `${startsLine ? '\n' : ' '}${quoted ? `"${text.replaceAll('"', '\\"')}"` : text}`
    })
    .join('')
}

function shape({ text, quoted, startsLine }: Token) {
  return { text, quoted, startsLine }
}
