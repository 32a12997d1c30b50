import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import { parseCorefile } from '../../src/config/parser.ts'
import { configErrorOf } from './config-error-of.ts'
import { outlineOf, parseWith } from './parse-with.ts'

describe('parseCorefile', () => {
  test('keys, directives, arguments and nested blocks with their places', () => {
    const corefile = parseWith('.:53 {\n  forward . 8.8.8.8 {\n    policy random\n  }\n  log\n}\n')
    expect(outlineOf(corefile)).toEqual({
      '.:53': [['forward', '.', '8.8.8.8', [['policy', 'random']]], ['log']],
    })
    const [block] = corefile.serverBlocks
    expect(block?.position).toEqual({ file: 'Corefile', line: 1, column: 1 })
    const [forward, log] = block?.directives ?? []
    expect(forward?.position).toEqual({ file: 'Corefile', line: 2, column: 3 })
    expect(forward?.args[1]?.position).toEqual({ file: 'Corefile', line: 2, column: 13 })
    expect(forward?.block[0]?.args[0]?.position).toEqual({ file: 'Corefile', line: 3, column: 12 })
    expect(log?.position.line).toBe(5)
  })

  test('several server blocks, in order', () => {
    const corefile = parseWith('a {\n log\n}\nb {\n}\nc {\n errors\n}')
    expect(outlineOf(corefile)).toEqual({ a: [['log']], b: [], c: [['errors']] })
  })

  test('keys are separated by spaces or commas, which carry on to the next line', () => {
    const corefile = parseWith('a b,\n  c , d,\n\n e {\n log\n}')
    expect(outlineOf(corefile)).toEqual({ 'a b c d e': [['log']] })
    expect(corefile.serverBlocks[0]?.keys[4]?.position).toEqual({ file: 'Corefile', line: 4, column: 2 })
  })

  test('one server block may do without braces', () => {
    expect(outlineOf(parseWith('. a:1053\nlog\nforward . 8.8.8.8 {\n max_fails 1\n}\nerrors'))).toEqual({
      '. a:1053': [['log'], ['forward', '.', '8.8.8.8', [['max_fails', '1']]], ['errors']],
    })
    expect(outlineOf(parseWith('example.org'))).toEqual({ 'example.org': [] })
  })

  test('the brace of a server block may stand on the next line', () => {
    expect(outlineOf(parseWith('a\n{\n log\n}'))).toEqual({ a: [['log']] })
  })

  test('blocks may stand on one line', () => {
    expect(outlineOf(parseWith('a { log }\nb { health { lameduck 5s } } c { whoami }'))).toEqual({
      a: [['log']],
      b: [['health', [['lameduck', '5s']]]],
      c: [['whoami']],
    })
  })

  test('quoted braces and quoted import are plain words', () => {
    expect(outlineOf(parseWith('a {\n answer "{" "}"\n "import" x\n}'))).toEqual({
      a: [
        ['answer', '{', '}'],
        ['import', 'x'],
      ],
    })
  })

  test('a byte order mark is skipped and the first column stays 1', () => {
    const corefile = parseWith('\uFEFF. {\n}')
    expect(corefile.serverBlocks[0]?.keys[0]?.position.column).toBe(1)
    expect(corefile.sources.get('Corefile')).toBe('. {\n}')
  })

  test('CRLF files parse as LF ones', () => {
    expect(outlineOf(parseWith('a {\r\n  log\r\n  errors x\r\n}\r\n'))).toEqual({
      a: [['log'], ['errors', 'x']],
    })
  })

  test('the files read and their texts are listed', () => {
    const corefile = parseWith('import a.conf\n', { files: { 'a.conf': '. {\n}\n' } })
    expect(corefile.files).toEqual(['Corefile', 'a.conf'])
    expect(corefile.sources.get('a.conf')).toBe('. {\n}\n')
    expect(corefile.warnings).toEqual([])
  })
})

describe('parseCorefile environment', () => {
  test('variables are replaced in keys, names, arguments, quotes and imports', () => {
    const corefile = parseWith('{$ZONE}:{%PORT%} {\n {$NAME} "a {$ARG} b"\n import {$FILE}\n}', {
      env: { ZONE: 'example.org', PORT: '1053', NAME: 'log', ARG: '"{', FILE: 'a.conf' },
      files: { 'a.conf': 'errors' },
    })
    expect(outlineOf(corefile)).toEqual({ 'example.org:1053': [['log', 'a "{ b'], ['errors']] })
  })

  test('an unset key is left out, and a block without any other with a warning', () => {
    const corefile = parseWith('{$NONE} a {\n}\n{$NONE} {\n log\n}')
    expect(outlineOf(corefile)).toEqual({ a: [] })
    expect(corefile.warnings).toEqual([
      'Corefile:3:1: a server block is left out: the variables in its keys are unset',
    ])
  })

  test('an unset argument is an empty word', () => {
    expect(outlineOf(parseWith('a {\n log {$NONE}\n}'))).toEqual({ a: [['log', '']] })
  })
})

describe('parseCorefile snippets and imports', () => {
  test('a snippet stands in for its import, each line a line', () => {
    const corefile = parseWith('(one) {\n log a\n}\n. {\n import one\n import one\n errors\n}')
    expect(outlineOf(corefile)).toEqual({ '.': [['log', 'a'], ['log', 'a'], ['errors']] })
    expect(corefile.serverBlocks[0]?.directives[1]?.position).toEqual({
      file: 'Corefile',
      line: 2,
      column: 2,
    })
  })

  test('a snippet may hold blocks and import others, and stand inside a directive', () => {
    const corefile = parseWith(
      '(a) {\n max_fails 1\n}\n(b) {\n forward . 1.1.1.1 {\n  import a\n }\n}\n. {\n import b\n}',
    )
    expect(outlineOf(corefile)).toEqual({ '.': [['forward', '.', '1.1.1.1', [['max_fails', '1']]]] })
  })

  test('a snippet may hold server blocks', () => {
    expect(outlineOf(parseWith('(s) {\n a {\n  log\n }\n}\nimport s\nb {\n}'))).toEqual({
      a: [['log']],
      b: [],
    })
  })

  test('a snippet on one line, imported on one line', () => {
    expect(outlineOf(parseWith('(s) { log }\n. { import s }'))).toEqual({ '.': [['log']] })
  })

  test('files are relative to the file that imports them', () => {
    const corefile = parseWith('. {\n import conf/a.conf\n}', {
      files: { 'conf/a.conf': 'log\nimport b.conf', 'conf/b.conf': 'errors' },
    })
    expect(outlineOf(corefile)).toEqual({ '.': [['log'], ['errors']] })
    expect(corefile.serverBlocks[0]?.directives[1]?.position).toEqual({
      file: 'conf/b.conf',
      line: 1,
      column: 1,
    })
  })

  test('an absolute path is taken as it is', () => {
    expect(outlineOf(parseWith('. {\n import /etc/a.conf\n}', { files: { '/etc/a.conf': 'log' } }))).toEqual({
      '.': [['log']],
    })
  })

  test('an imported file may define the snippets used after it', () => {
    const corefile = parseWith('import a.conf\n. {\n import s\n}', { files: { 'a.conf': '(s) {\n log\n}' } })
    expect(outlineOf(corefile)).toEqual({ '.': [['log']] })
  })

  test('a pattern brings in its files in order of name', () => {
    const corefile = parseWith('import custom/*.server\n. {\n import custom/*.override\n errors\n}', {
      files: {
        'custom/b.override': 'log b',
        'custom/a.override': 'log a',
        'custom/z.server': 'z {\n whoami\n}',
      },
    })
    expect(outlineOf(corefile)).toEqual({ z: [['whoami']], '.': [['log', 'a'], ['log', 'b'], ['errors']] })
  })

  test('a pattern without a match is a warning', () => {
    const corefile = parseWith('. {\n import custom/*.override\n log\n}\nimport custom/*.server')
    expect(outlineOf(corefile)).toEqual({ '.': [['log']] })
    expect(corefile.warnings).toEqual([
      'Corefile:2:9: no file matches the import pattern "custom/*.override"',
      'Corefile:5:8: no file matches the import pattern "custom/*.server"',
    ])
  })

  test('import after the first word of a line is a plain word', () => {
    expect(outlineOf(parseWith('. {\n log import x\n}'))).toEqual({ '.': [['log', 'import', 'x']] })
  })

  test('a file may be imported in two places, and a pattern may match it and its sister', () => {
    const files = { 'c/a.conf': 'log', 'c/b.conf': 'import a.conf' }
    expect(outlineOf(parseWith('. {\n import c/*.conf\n import c/a.conf\n}', { files }))).toEqual({
      '.': [['log'], ['log'], ['log']],
    })
  })
})

describe('parseCorefile errors', () => {
  const doubling = Array.from(
    { length: 20 },
    (_, level) => `(s${level + 1}) {\nimport s${level}\nimport s${level}\n}`,
  )
  const nested = Array.from({ length: 60 }, (_, level) => `(s${level + 1}) {\nimport s${level}\n}`)
  test.each<readonly [string, string, string, string]>([
    ['nothing', '', 'EMPTY 1:1', 'no server block'],
    ['only comments', '# nothing\n', 'EMPTY 1:1', 'no server block'],
    ['only a snippet', '(a) {\n log\n}', 'EMPTY 1:1', 'no server block'],
    ['a block without a key', '\n{\n log\n}', 'KEYS 2:1', 'a server block without a key'],
    ['a comma before the brace', 'a, b, {\n}', 'KEYS 1:4', 'another key must follow the comma'],
    ['a comma at the end', 'a,\n', 'KEYS 1:1', 'another key must follow the comma'],
    ['a block never closed', 'a {\n log\n', 'BRACE 1:3', 'this brace is never closed'],
    ['a directive never closed', 'a {\n log {\n class all\n}', 'BRACE 1:3', 'this brace is never closed'],
    ['a stray brace', 'a {\n}\n}\n', 'BRACE 3:1', 'this brace closes nothing'],
    ['a stray brace where none was opened', 'a\nlog\n}\n', 'BRACE 3:1', 'this brace closes nothing'],
    ['a stray brace after a key', 'a }', 'BRACE 1:3', 'this brace closes nothing'],
    ['a brace on its own line', 'a {\n log\n {\n }\n}', 'BRACE 3:2', 'an opening brace without a directive'],
    ['a word after the closing brace', 'a {\n log {\n } x\n}', 'BRACE 3:4', '"x" after a closing brace'],
    ['braces too deep', `a {\n${'x {\n'.repeat(20)}`, 'BRACE 21:3', 'more than 20 braces within each other'],
    ['an open quote', 'a {\n log "b\n}\n', 'OPEN_QUOTE 2:6', 'this quote is never closed'],
    ['an unset directive', 'a {\n {$NONE} b\n}', 'EMPTY_WORD 2:2', 'a directive with an empty name'],
    ['a snippet twice', '(a) {\n}\n(a) {\n}', 'SNIPPET 3:1', 'snippet "a" is defined twice'],
    ['a snippet without a name', '() {\n}', 'SNIPPET 1:1', 'a snippet without a name'],
    ['a snippet without a body', '(a)\nlog\n', 'SNIPPET 1:1', 'snippet "a" has no body'],
    ['a snippet never closed', '(a) {\n log {\n }\n', 'BRACE 1:5', 'this brace is never closed'],
    ['import of nothing', 'a {\n import\n}', 'IMPORT_ARGUMENT 2:2', 'import of nothing'],
    ['import of nothing on one line', 'a { import }', 'IMPORT_ARGUMENT 1:5', 'import of nothing'],
    ['import of an unset name', 'a {\n import {$NONE}\n}', 'IMPORT_ARGUMENT 2:9', 'import of an empty name'],
    [
      'import of two',
      'a {\n import b c\n}',
      'IMPORT_ARGUMENT 2:11',
      'import takes one argument, not also "c"',
    ],
    [
      'import of a missing file',
      'a {\n import b.conf\n}',
      'IMPORT_NOT_FOUND 2:9',
      'file to import not found: "b.conf"',
    ],
    [
      'two stars',
      'import */*.conf',
      'IMPORT_PATTERN 1:8',
      'import pattern "*/*.conf" has more than one wildcard',
    ],
    [
      'two question marks',
      'import ??',
      'IMPORT_PATTERN 1:8',
      'import pattern "??" has more than one wildcard',
    ],
    [
      'a class of letters',
      'import [ab]',
      'IMPORT_PATTERN 1:8',
      'import pattern "[ab]" has more than one wildcard',
    ],
    [
      'a snippet in itself',
      '(a) {\n import a\n}\n. {\n import a\n}',
      'IMPORT_CYCLE 2:9',
      'import cycle: snippet a brings in itself',
    ],
    [
      'the Corefile in itself',
      '. {\n import ./Corefile\n}',
      'IMPORT_CYCLE 2:9',
      'import cycle: file Corefile brings in itself',
    ],
    [
      'snippets that double twenty times',
      `(s0) {\nlog\n}\n${doubling.join('\n')}\n. {\nimport s20\n}`,
      'TOO_LARGE 5:8',
      'the imports bring in too much',
    ],
    [
      'sixty snippets within each other',
      `(s0) {\nlog\n}\n${nested.join('\n')}\n. {\nimport s60\n}`,
      'TOO_LARGE 35:8',
      'the imports bring in too much',
    ],
    ['too many zones', '0.0.0.0/1 '.repeat(1_000), 'TOO_LARGE 1:7811', 'more than 100000 zones'],
    ['a bad key', 'a {\n}\nb:port {\n}', 'SERVER_KEY 3:1', '"port" in "b:port" is not a port'],
  ])('%s', (_title, text, codeAndPlace, what) => {
    const error = configErrorOf(() => parseWith(text))
    const { line, column } = error.position
    expect(`${error.code.replace('SLICEDNS_CONFIG_', '')} ${line}:${column}`).toBe(codeAndPlace)
    expect(error.what).toBe(what)
  })

  test('the message shows the line, the place and the remedy', () => {
    expect(configErrorOf(() => parseWith('a {\n    log {\n    } x\n}')).message.split('\n')).toEqual([
      'Corefile:3:7: "x" after a closing brace',
      '    } x',
      '      ^ put it on a line of its own',
    ])
  })

  test('an error in an imported file shows that file', () => {
    const files = { 'c/a.conf': 'log\nerrors "\n' }
    expect(configErrorOf(() => parseWith('. {\n import c/a.conf\n}', { files })).message.split('\n')).toEqual(
      [
        'c/a.conf:2:8: this quote is never closed',
        '    errors "',
        '           ^ end the word with " (inside it, a quote is \\")',
      ],
    )
  })

  test('the missing file may be a snippet spelt wrong', () => {
    const text = '(common) {\n}\n. {\n import comon\n}'
    expect(configErrorOf(() => parseWith(text)).hint).toBe('did you mean "common"?')
    expect(configErrorOf(() => parseWith('. {\n import x\n}')).hint).toBe(
      'check the path; a snippet must stand above its import',
    )
  })

  test('files that import each other are a cycle', () => {
    const files = { 'a.conf': 'import b.conf', 'b.conf': '\nimport a.conf' }
    const error = configErrorOf(() => parseWith('import a.conf', { files }))
    expect(error.code).toBe('SLICEDNS_CONFIG_IMPORT_CYCLE')
    expect(error.position).toEqual({ file: 'b.conf', line: 2, column: 8 })
  })

  test('more than 10,000 imports are an error', () => {
    const error = configErrorOf(() => parseWith(`(s) {\n}\n. {\n${'import s\n'.repeat(10_001)}}`))
    expect(error.code).toBe('SLICEDNS_CONFIG_TOO_LARGE')
    expect(error.position.line).toBe(10_004)
  })

  test('more than 8 Mi characters are an error, in one file or several', () => {
    const half = `#${'x'.repeat(4 * 1024 * 1024)}`
    expect(configErrorOf(() => parseWith(half + half)).position).toEqual({
      file: 'Corefile',
      line: 1,
      column: 1,
    })
    const error = configErrorOf(() => parseWith('import a\nimport b', { files: { a: half, b: half } }))
    expect(error.code).toBe('SLICEDNS_CONFIG_TOO_LARGE')
    expect(error.position).toEqual({ file: 'Corefile', line: 2, column: 8 })
  })

  test('more than 8 Mi characters from the environment are an error', () => {
    const env = { A: 'x'.repeat(100_000) }
    const error = configErrorOf(() => parseWith('. {\n' + ' log {$A}\n'.repeat(100) + '}', { env }))
    expect(error.code).toBe('SLICEDNS_CONFIG_TOO_LARGE')
    expect(error.position).toEqual({ file: 'Corefile', line: 85, column: 6 })
    expect(configErrorOf(() => parseWith('{$A}'.repeat(1_000_000), { env })).code).toBe(error.code)
  })

  test('what readFile and glob throw becomes an error at the import', () => {
    const context = {
      file: 'Corefile',
      env: {},
      readFile: (): string => {
        throw new Error('EISDIR: illegal operation on a directory, read')
      },
      glob: (): readonly string[] => {
        throw new Error('EACCES: permission denied, scandir')
      },
    }
    const unreadable = configErrorOf(() => parseCorefile('import a', context))
    expect(unreadable.code).toBe('SLICEDNS_CONFIG_IMPORT_UNREADABLE')
    expect(unreadable.what).toBe('cannot import "a": EISDIR: illegal operation on a directory, read')
    const unsearchable = configErrorOf(() => parseCorefile('\nimport *', context))
    expect(unsearchable.code).toBe('SLICEDNS_CONFIG_IMPORT_UNREADABLE')
    expect(unsearchable.position).toEqual({ file: 'Corefile', line: 2, column: 8 })
  })
})

describe('parseCorefile on any text', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '\n',
      ' ',
      '"',
      '\\',
      '#',
      ',',
      '(a)',
      '(b)',
      'import',
      'a',
      'b',
      '*',
      '.:53',
      '{$A}',
      '{%A%}',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  const text = fc.array(word, { maxLength: 40 }).chain((words) => {
    return fc.constantFrom('', ' ').map((space) => words.join(space))
  })

  test('gives a Corefile or a ConfigError whose place is in one of the files, and ends', () => {
    let parsed = 0
    fc.assert(
      fc.property(text, text, text, fc.dictionary(fc.constant('A'), text), (corefile, a, b, env) => {
        try {
          parseWith(corefile, { files: { a, b }, env })
          parsed++
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError)
          if (!(error instanceof ConfigError)) return
          const { file, line, column } = error.position
          const source = { Corefile: corefile, a, b }[file]?.split('\n')[line - 1]
          expect(source?.length).toBeGreaterThanOrEqual(column - 1)
        }
      }),
      { numRuns: 3_000 },
    )
    expect(parsed).toBeGreaterThan(10)
  })
})
