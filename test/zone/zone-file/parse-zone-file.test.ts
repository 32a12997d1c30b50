import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type IncludedFile, parseZoneFile } from '../../../src/zone/zone-file/parse-zone-file.ts'
import { composeRecordLines } from '../../../src/zone/zone-file/compose-zone-file.ts'
import { name } from '../../wire/packet.ts'
import { problemLine } from '../ask-zone.ts'

function parse(text: string, files: Readonly<Record<string, string>> = {}) {
  const readFile = (path: string): IncludedFile => {
    const included = files[path]
    return included === undefined ? { reason: 'it is not there' } : { file: path, text: included }
  }
  return parseZoneFile(text, { file: 'zone', origin: name('example.'), readFile })
}

function fifty(file: string): string {
  return `$INCLUDE ${file}\n`.repeat(50)
}

/** The records as lines, in the order of the file; the text must have no errors. */
function recordLines(text: string, files?: Readonly<Record<string, string>>): readonly string[] {
  const { records, problems } = parse(text, files)
  expect(problems.filter(({ severity }) => severity === 'error').map(problemLine)).toEqual([])
  return records.flatMap(({ rdata, ...rest }) => composeRecordLines([{ ...rest, rdatas: [rdata] }]))
}

function problemsOf(text: string, files?: Readonly<Record<string, string>>): readonly string[] {
  return parse(text, files).problems.map((problem) => problemLine(problem).replace(/(SLICEDNS_\w+).*/s, '$1'))
}

describe('parseZoneFile reads', () => {
  test.each([
    [
      'TTL and class in either order',
      'a 60 IN A 192.0.2.1\nb IN 60 A 192.0.2.1\nc 60 A 192.0.2.1\nd in 1h30m a 192.0.2.1',
      [
        'a.example. 60 IN A 192.0.2.1',
        'b.example. 60 IN A 192.0.2.1',
        'c.example. 60 IN A 192.0.2.1',
        'd.example. 5400 IN A 192.0.2.1',
      ],
    ],
    [
      'the owner before, across comments and directives',
      'a 1 A 192.0.2.1\n; x\n\n$TTL 2\n  TXT b',
      ['a.example. 1 IN A 192.0.2.1', 'a.example. 2 IN TXT "b"'],
    ],
    [
      'an owner that looks like a type, class or TTL',
      '$TTL 1\nA A 192.0.2.1\nIN A 192.0.2.1\n60 A 192.0.2.1',
      ['A.example. 1 IN A 192.0.2.1', 'IN.example. 1 IN A 192.0.2.1', '60.example. 1 IN A 192.0.2.1'],
    ],
    [
      'the stated TTL, $TTL, or the one stated last (RFC 2308 4)',
      'a 5 A 192.0.2.1\na A 192.0.2.2\n$TTL 7\na A 192.0.2.3\na 9 A 192.0.2.4\na A 192.0.2.5',
      [
        'a.example. 5 IN A 192.0.2.1',
        'a.example. 5 IN A 192.0.2.2',
        'a.example. 7 IN A 192.0.2.3',
        'a.example. 9 IN A 192.0.2.4',
        'a.example. 7 IN A 192.0.2.5',
      ],
    ],
    [
      'the MINIMUM of a SOA without a TTL',
      '@ SOA a b 1 2 3 4 5\na A 192.0.2.1',
      ['example. 5 IN SOA a.example. b.example. 1 2 3 4 5', 'a.example. 5 IN A 192.0.2.1'],
    ],
    [
      '$ORIGIN, relative to the one before',
      '$TTL 1\n$ORIGIN sub\na A 192.0.2.1\n$origin x.\n@ CNAME b\n$ORIGIN .\nc CNAME @',
      ['a.sub.example. 1 IN A 192.0.2.1', 'x. 1 IN CNAME b.x.', 'c. 1 IN CNAME .'],
    ],
    [
      'escapes in names and strings',
      String.raw`a\.b\065 1 TXT "\"\009" c\;d`,
      [String.raw`a\.bA.example. 1 IN TXT "\"\009" "c;d"`],
    ],
    ['parentheses over lines', 'a ( 1\n IN ; x\n TXT "b"\n  c )', ['a.example. 1 IN TXT "b" "c"']],
    [
      'generic types, classes and data (RFC 3597)',
      String.raw`a 1 CLASS1 TYPE1 \# 4 c0000201` + '\n' + String.raw`a 1 TYPE65280 \# 3 0a 0b0c`,
      ['a.example. 1 IN A 192.0.2.1', String.raw`a.example. 1 IN TYPE65280 \# 3 0a0b0c`],
    ],
    [
      'SvcParams with their quotes inside a word (RFC 9460 2.1)',
      'a 1 HTTPS 1 . alpn="h2,h3" key667="a b"\na 1 TXT k="v w"',
      ['a.example. 1 IN HTTPS 1 . alpn=h2,h3 key667="a b"', 'a.example. 1 IN TXT "k=" "v w"'],
    ],
    [
      'quoted dollars and escaped ones as data',
      String.raw`\$TTL 1 TXT "$TTL"`,
      [String.raw`\$TTL.example. 1 IN TXT "$TTL"`],
    ],
  ])('%s', (_, text, expected) => {
    expect(recordLines(text)).toEqual(expected)
  })

  test('where each record stands', () => {
    const { records } = parse('$TTL 1\n\na A 192.0.2.1\n  A 192.0.2.2')
    expect(records.map(({ position }) => [position.line, position.column])).toEqual([
      [3, 1],
      [4, 3],
    ])
  })
})

describe('parseZoneFile with $INCLUDE', () => {
  test('reads the file with its origin, and has origin and owner back after it; $TTL stays', () => {
    const text = '$TTL 1\nown A 192.0.2.1\n$INCLUDE f sub\n A 192.0.2.3\nx A 192.0.2.4'
    expect(recordLines(text, { f: 'a A 192.0.2.2\n$ORIGIN y.\n$TTL 2' })).toEqual([
      'own.example. 1 IN A 192.0.2.1',
      'a.sub.example. 1 IN A 192.0.2.2',
      'own.example. 2 IN A 192.0.2.3',
      'x.example. 2 IN A 192.0.2.4',
    ])
  })

  test('names the files and shows positions in them', () => {
    const { files, problems } = parse('$INCLUDE f\n$INCLUDE "g h"', { f: 'a 1 A x', 'g h': '\n b' })
    expect(files).toEqual(['zone', 'f', 'g h'])
    expect(problems.map(({ position }) => position)).toEqual([
      { file: 'f', line: 1, column: 7 },
      { file: 'g h', line: 2, column: 2 },
      { file: 'g h', line: 2, column: 2 },
    ])
  })

  test.each([
    ['a file that cannot be read', '$INCLUDE missing', {}, 'it is not there'],
    ['itself', '$INCLUDE f', { f: '$INCLUDE g', g: '$INCLUDE f' }, 'itself'],
  ])('refuses %s', (_, text, files, why) => {
    const { problems } = parse(text, files)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ code: 'SLICEDNS_ZONE_INCLUDE', severity: 'error' })
    expect(problems[0]?.message).toContain(why)
  })

  test('refuses files too deep within each other', () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`f${index}`, `$INCLUDE f${index + 1}`]),
    )
    expect(problemsOf('$INCLUDE f0', files)).toEqual(['f9:1:10 SLICEDNS_ZONE_INCLUDE'])
  })

  test('bounds how many files nested includes come to', () => {
    const { problems } = parse(fifty('f0'), { f0: fifty('f1'), f1: fifty('f2'), f2: 'a 1 A 192.0.2.1' })
    expect(problems.at(-1)).toMatchObject({ severity: 'error' })
    expect(problems[0]?.message).toContain('at most 1000 files')
  })

  test('refuses any where no files are read', () => {
    const { problems } = parseZoneFile('$INCLUDE f', { file: 'zone', origin: name('example.') })
    expect(problems.map(({ code }) => code)).toEqual(['SLICEDNS_ZONE_INCLUDE'])
  })
})

describe('parseZoneFile with $GENERATE', () => {
  test('makes a record for each value, and leaves the owner as it was', () => {
    const text = '$TTL 1\nown A 192.0.2.9\n$GENERATE 1-5/2 h${0,2} 60 IN A 192.0.2.$\n A 192.0.2.8'
    expect(recordLines(text)).toEqual([
      'own.example. 1 IN A 192.0.2.9',
      'h01.example. 60 IN A 192.0.2.1',
      'h03.example. 60 IN A 192.0.2.3',
      'h05.example. 60 IN A 192.0.2.5',
      'own.example. 1 IN A 192.0.2.8',
    ])
  })

  test('fills in quoted strings and several words', () => {
    expect(recordLines('$TTL 1\n$GENERATE 7-7 $ MX $ m$')).toEqual(['7.example. 1 IN MX 7 m7.example.'])
    expect(recordLines('$TTL 1\n$GENERATE 7-7 a TXT "number $"')).toEqual(['a.example. 1 IN TXT "number 7"'])
  })

  test('delegates classless reverse zones (RFC 2317)', () => {
    const text = '$TTL 1\n$ORIGIN 2.0.192.in-addr.arpa.\n$GENERATE 1-2 $ CNAME $.0-127'
    expect(recordLines(text)).toEqual([
      '1.2.0.192.in-addr.arpa. 1 IN CNAME 1.0-127.2.0.192.in-addr.arpa.',
      '2.2.0.192.in-addr.arpa. 1 IN CNAME 2.0-127.2.0.192.in-addr.arpa.',
    ])
  })

  test.each([
    ['$GENERATE', '1:1'],
    ['$GENERATE 1-2 a A', '1:1'],
    ['$GENERATE 2-1 a$ A 192.0.2.$', '1:11'],
    ['$GENERATE 1-2 a${x} A 192.0.2.$', '1:15'],
    ['$GENERATE 1-2 a${-2} A 192.0.2.$', '1:1'],
  ])('reports %s', (text, place) => {
    expect(problemsOf(text)).toEqual([`zone:${place} SLICEDNS_ZONE_GENERATE`])
  })

  test('reports once what is wrong with every value', () => {
    expect(problemsOf('$TTL 1\n$GENERATE 1-1000 h$ A 192.0.2.256')).toEqual(['zone:2:23 SLICEDNS_ZONE_RDATA'])
    expect(parse('$TTL 1\n$GENERATE 250-300 h$ A 192.0.2.$').records).toHaveLength(6)
  })
})

describe('parseZoneFile reports', () => {
  test.each([
    ['  A 192.0.2.1', ['1:3 NAME']],
    ['a..b 1 A 192.0.2.1', ['1:1 NAME']],
    ['"a" 1 A 192.0.2.1', ['1:1 NAME']],
    ['a A 192.0.2.1', ['1:1 TTL']],
    ['a 1x A 192.0.2.1', ['1:3 TTL']],
    ['a 2147483648 A 192.0.2.1', ['1:3 TTL']],
    ['a 1 CH TXT b', ['1:5 CLASS']],
    ['a 1', ['1:1 SYNTAX']],
    ['a 1 NONSENSE b', ['1:5 TYPE']],
    ['a 1 IN IN A 192.0.2.1', ['1:8 TYPE']],
    ['a 1 ANY b', ['1:5 TYPE']],
    [String.raw`a 1 OPT \# 0`, ['1:5 TYPE']],
    [String.raw`a 1 TYPE0 \# 0`, ['1:5 TYPE']],
    ['a 1 A', ['1:5 RDATA']],
    ['a 1 A ::1', ['1:7 RDATA']],
    ['a 1 LOC 52 N', ['1:9 RDATA']],
    ['a 1 MX mail', ['1:8 RDATA']],
    ['$NONSENSE', ['1:1 DIRECTIVE']],
    [' $TTL 1', ['1:2 DIRECTIVE']],
    ['$TTL', ['1:1 DIRECTIVE']],
    ['$TTL x', ['1:6 TTL']],
    ['$ORIGIN', ['1:1 DIRECTIVE']],
    ['$ORIGIN a b', ['1:1 DIRECTIVE']],
    ['$ORIGIN a..b', ['1:9 NAME']],
    ['$INCLUDE', ['1:1 DIRECTIVE']],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual(expected.map((line) => `zone:${line.replace(' ', ' SLICEDNS_ZONE_')}`))
  })

  test('all that is wrong, each once, and keeps what is right', () => {
    const text = '$TTL 1\na..b A 192.0.2.1\n  A x\nc A 192.0.2.2\nd NONSENSE\n"open\ne A 192.0.2.3'
    expect(problemsOf(text).map((line) => line.slice(5, 8))).toEqual(['2:1', '3:5', '5:3', '6:1'])
    expect(parse(text).records.map(({ owner }) => owner)).toEqual(['c.example.', 'e.example.'])
  })

  test('what to write instead', () => {
    const { problems } = parse('$TTL 1\na MX mail.example.\nb LOC 52')
    expect(problems.map(problemLine)).toEqual([
      'zone:2:6 SLICEDNS_ZONE_RDATA "mail.example." is no data of type MX: write preference (0 to 65535) and mail server: 10 mail',
      String.raw`zone:3:7 SLICEDNS_ZONE_RDATA "52" is no data of type LOC: write its octets as \# SIZE HEX, the only form read for this type`,
    ])
  })

  test('relative names that end in the origin', () => {
    const text =
      '$TTL 1\n$ORIGIN a.example.\nw CNAME www.A.example\nwww.a.example A 192.0.2.1\nx CNAME a\ny TXT www.a.example\nz CNAME w.a.example.'
    expect(problemsOf(text)).toEqual([
      'zone:3:9 SLICEDNS_ZONE_MISSING_DOT',
      'zone:4:1 SLICEDNS_ZONE_MISSING_DOT',
    ])
  })
})

describe('parseZoneFile', () => {
  test('never throws, and every problem has a place in the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const rows = text.split('\n')
        for (const { position, message } of parse(text, { f: text }).problems) {
          expect(position.line).toBeLessThanOrEqual(rows.length)
          expect(position.column).toBeLessThanOrEqual((rows[position.line - 1]?.length ?? 0) + 1)
          expect(message).not.toMatch(/\n/)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('stops at too many records, with one word about it', () => {
    const text = '$TTL 1\n$GENERATE 1-100 h$ A 192.0.2.1\na A 192.0.2.1\n'
    const { records, problems } = parseZoneFile(text, {
      file: 'zone',
      origin: name('example.'),
      maxRecords: 50,
    })
    expect(records).toHaveLength(50)
    expect(problems.map(({ code }) => code)).toEqual(['SLICEDNS_ZONE_TOO_LARGE'])
  })

  test('bounds the problems of a file', () => {
    expect(parse('a..b\n'.repeat(5000)).problems).toHaveLength(1001)
  })
})

const WORDS = [
  '$TTL',
  '$ORIGIN',
  '$INCLUDE',
  '$GENERATE',
  '1-3',
  'f',
  'h$',
  '${0,2,n}',
  '@',
  'a',
  '*',
  'a.b.',
  '..',
  '60',
  '1h',
  'IN',
  'CH',
  'A',
  '192.0.2.1',
  'SOA',
  'MX',
  'TXT',
  '"x y"',
  'SVCB',
  'alpn="h2"',
  'k=',
  'TYPE9',
  String.raw`\#`,
  '4',
  '00ff',
  '(',
  ')',
  ';',
  '"',
  '\\',
  String.raw`\999`,
  '\u00e9',
  '\u0000',
  '\ud800',
]
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc
    .array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(' ', ' ', '\n', '')), { maxLength: 40 })
    .map((words) => words.flat().join('')),
)
