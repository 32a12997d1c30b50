import { describe, expect, test } from 'vitest'
import { lex } from '../../src/config/lexer.ts'
import { SourceFiles } from '../../src/config/source-files.ts'
import { TokenStream } from '../../src/config/token-stream.ts'

function streamOf(text: string, files: Readonly<Record<string, string>> = {}): TokenStream {
  const context = {
    file: 'Corefile',
    env: {},
    readFile: (path: string) => files[path] ?? '',
    glob: () => Object.keys(files),
  }
  return new TokenStream(text, context, new SourceFiles(context.readFile))
}

function rest(stream: TokenStream): readonly string[] {
  const words: string[] = []
  for (let token = stream.next(); token !== undefined; token = stream.next()) {
    words.push(token.startsLine ? `|${token.text}` : token.text)
  }
  return words
}

describe('TokenStream', () => {
  test('puts the words of imports in their place, each beginning a line', () => {
    const stream = streamOf('a\nimport s\nimport f\nb', { f: 'd' })
    stream.snippets.set('s', lex('c { import f }', 'Corefile'))
    expect(rest(stream)).toEqual(['|a', '|c', '{', '|d', '}', '|d', '|b'])
  })

  test('peek leaves the word where it is', () => {
    const stream = streamOf('import f', { f: 'a b' })
    expect(stream.peek()?.text).toBe('a')
    expect(stream.peek()?.text).toBe('a')
    expect(rest(stream)).toEqual(['|a', 'b'])
    expect(stream.peek()).toBeUndefined()
  })

  test('nextRaw does not follow an import', () => {
    const stream = streamOf('import f', { f: 'a' })
    expect(stream.nextRaw()?.text).toBe('import')
    expect(rest(stream)).toEqual(['f'])
  })

  test('the files of a pattern follow each other', () => {
    expect(rest(streamOf('import *\nz', { a: 'x', b: 'y' }))).toEqual(['|x', '|y', '|z'])
  })
})
