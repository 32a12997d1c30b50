import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import type { Argument, Directive } from '../../src/config/corefile.ts'
import {
  domainArgument,
  eachProperty,
  noBlock,
  oneOf,
  parseDuration,
  parseInteger,
  requireArgs,
  requireBlock,
  zoneArguments,
} from '../../src/config/directive-arguments.ts'
import { configErrorOf } from './config-error-of.ts'
import { parseWith } from './parse-with.ts'

const POSITION = { file: 'Corefile', line: 4, column: 9 }

const argument = (text: string): Argument => ({ text, position: POSITION })

/** The one directive of a Corefile; it begins at 1:5. */
function directive(text: string): Directive {
  const found = parseWith(`. { ${text}\n}`).serverBlocks[0]?.directives[0]
  if (found === undefined) throw new Error('no directive')
  return found
}

function fault(work: () => unknown): string {
  const { code, position, what, hint } = configErrorOf(work)
  return `${code.replace('SLICEDNS_CONFIG_', '')} ${position.line}:${position.column} ${what} | ${hint}`
}

describe('requireArgs', () => {
  test('lets the right number pass', () => {
    expect(() => requireArgs(directive('log'), 0, 0, 'log')).not.toThrow()
    expect(() => requireArgs(directive('log a b'), 1, 2, 'log')).not.toThrow()
    expect(() => requireArgs(directive('log a b c'), 1, Infinity, 'log')).not.toThrow()
  })

  test.each<readonly [string, number, number, string]>([
    ['log', 1, 2, 'ARGUMENT 1:5 "log" needs an argument | write log USAGE'],
    ['log', 1, 1, 'ARGUMENT 1:5 "log" needs an argument | write log USAGE'],
    ['log a', 2, 2, 'ARGUMENT 1:5 "log" needs 2 arguments | write log USAGE'],
    ['log', 2, 3, 'ARGUMENT 1:5 "log" needs at least 2 arguments | write log USAGE'],
    ['log a', 0, 0, 'ARGUMENT 1:9 "log" takes no argument, not also "a" | write log USAGE'],
    ['log a b', 0, 1, 'ARGUMENT 1:11 "log" takes at most 1 argument, not also "b" | write log USAGE'],
    ['log a b c', 0, 2, 'ARGUMENT 1:13 "log" takes at most 2 arguments, not also "c" | write log USAGE'],
  ])('%s is refused for %d to %d', (text, min, max, expected) => {
    expect(fault(() => requireArgs(directive(text), min, max, 'log USAGE'))).toBe(expected)
  })
})

describe('noBlock', () => {
  test('lets a directive without properties pass', () => {
    expect(() => noBlock(directive('log'))).not.toThrow()
    expect(() => noBlock(directive('log {\n}'))).not.toThrow()
  })

  test('refuses the first property', () => {
    expect(fault(() => noBlock(directive('log {\n  x\n  y\n}')))).toBe(
      'BLOCK 2:3 "log" takes no properties in braces | remove the braces and what is in them',
    )
  })
})

describe('requireBlock', () => {
  test('refuses a directive without properties', () => {
    expect(() => requireBlock(directive('header {\n  x\n}'), 'header { x }')).not.toThrow()
    for (const text of ['header', 'header {\n}'])
      expect(fault(() => requireBlock(directive(text), 'header { x }'))).toBe(
        'EMPTY_BLOCK 1:5 "header" needs a property in braces | write header { x }, or remove it',
      )
  })
})

describe('eachProperty', () => {
  test('calls the handler of each line in order', () => {
    const seen: string[] = []
    const handlers = {
      ttl: (property: Directive) => seen.push(`ttl ${property.args[0]?.text}`),
      pods: () => seen.push('pods'),
    }
    eachProperty(directive('kubernetes {\n ttl 5\n pods\n ttl 6\n}'), handlers)
    expect(seen).toEqual(['ttl 5', 'pods', 'ttl 6'])
  })

  test.each([
    ['tll', 'UNKNOWN_PROPERTY 2:2 unknown property "tll" of "x" | did you mean "ttl"?'],
    ['other', 'UNKNOWN_PROPERTY 2:2 unknown property "other" of "x" | known are ttl, pods'],
    ['constructor', 'UNKNOWN_PROPERTY 2:2 unknown property "constructor" of "x" | known are ttl, pods'],
    ['ttl\n pods\n ttl', 'DUPLICATE_PROPERTY 4:2 property "ttl" of "x" stands twice | keep one of them'],
    [
      'ttl {\n  y\n }',
      'BLOCK 3:3 "ttl" takes no properties in braces | remove the braces and what is in them',
    ],
  ])('%j is refused', (block, expected) => {
    const handlers = { ttl: () => undefined, pods: () => undefined }
    expect(fault(() => eachProperty(directive(`x {\n ${block}\n}`), handlers, ['ttl']))).toBe(expected)
  })

  test('says where none is taken', () => {
    expect(fault(() => eachProperty(directive('x {\n y\n}'), {}))).toBe(
      'UNKNOWN_PROPERTY 2:2 unknown property "y" of "x" | it takes none',
    )
  })
})

describe('parseInteger', () => {
  test.each([
    ['0', 0],
    ['3600', 3600],
    ['+7', 7],
    ['-1', -1],
    ['007', 7],
  ])('%s', (text, value) => {
    expect(parseInteger(argument(text), { min: -1, max: 3600 })).toBe(value)
  })

  test.each(['', '3601', '-2', '1.0', '1e3', '0x10', ' 1', '5s', '9'.repeat(30), '+', '１'])(
    '%j is refused',
    (text) => {
      expect(fault(() => parseInteger(argument(text), { min: -1, max: 3600 }))).toBe(
        `VALUE 4:9 "${text}" is not a whole number from -1 to 3600 | undefined`,
      )
    },
  )
})

describe('parseDuration', () => {
  test.each([
    ['0', 0],
    ['+0', 0],
    ['5s', 5_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1_000],
    ['250us', 0.25],
    ['250µs', 0.25],
    ['250μs', 0.25],
    ['1000000ns', 1],
    ['+2h0m1s', 7_201_000],
    ['2562047h', 2_562_047 * 3_600_000],
  ])('%s is %d ms', (text, valueMs) => {
    expect(parseDuration(argument(text))).toBeCloseTo(valueMs, 9)
  })

  test.each([
    '',
    '5',
    '5 s',
    '-5s',
    's',
    '.s',
    '5S',
    '1d',
    '1m30',
    '5s ',
    '0x5s',
    '1e3s',
    '9'.repeat(70) + 's',
  ])('%j is refused', (text) => {
    expect(fault(() => parseDuration(argument(text)))).toMatch(
      /^VALUE 4:9 "[^"]*" is not a duration \| write a number and a unit, such as 500ms, 5s or 1m30s$/,
    )
  })

  test('what Go cannot count is refused', () => {
    expect(fault(() => parseDuration(argument('2562048h')))).toBe(
      'VALUE 4:9 "2562048h" is too long a duration | the longest is 2562047h',
    )
  })

  test('any text gives a number of milliseconds or a ConfigError', () => {
    const part = fc.oneof(
      fc.constantFrom('s', 'ms', 'h', '.', '-', 'µs'),
      fc.nat().map(String),
      fc.string({ maxLength: 2 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        try {
          expect(parseDuration(argument(parts.join('')))).toBeGreaterThanOrEqual(0)
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError)
        }
      }),
    )
  })
})

describe('oneOf', () => {
  test('gives the word', () => {
    const mode: 'disabled' | 'insecure' = oneOf(argument('insecure'), ['disabled', 'insecure'])
    expect(mode).toBe('insecure')
  })

  test.each([
    ['insecur', 'VALUE 4:9 "insecur" is not one of "disabled", "insecure" | did you mean "insecure"?'],
    ['x', 'VALUE 4:9 "x" is not one of "disabled", "insecure" | undefined'],
  ])('%s is refused', (text, expected) => {
    expect(fault(() => oneOf(argument(text), ['disabled', 'insecure']))).toBe(expected)
  })

  test('names the only word', () => {
    expect(fault(() => oneOf(argument('random'), ['round_robin']))).toBe(
      'VALUE 4:9 "random" is not "round_robin" | undefined',
    )
  })
})

describe('domainArgument', () => {
  test('gives the name in lower case, with its last dot', () => {
    expect(domainArgument(argument('Example.org'))).toBe('example.org.')
    expect(domainArgument(argument('.'))).toBe('.')
  })

  test('refuses what is none', () => {
    expect(fault(() => domainArgument(argument('a..b')))).toBe(
      'VALUE 4:9 "a..b" is not a domain name | labels hold 1 to 63 octets, a name 255',
    )
  })
})

describe('zoneArguments', () => {
  test('gives names and the reverse zones of CIDRs', () => {
    expect(zoneArguments([argument('Cluster.local'), argument('10.0.0.0/15')])).toEqual([
      'cluster.local.',
      '0.10.in-addr.arpa.',
      '1.10.in-addr.arpa.',
    ])
  })

  test('refuses what is neither', () => {
    expect(fault(() => zoneArguments([argument('.'), argument('10.0.0.0/40')]))).toBe(
      'VALUE 4:9 "10.0.0.0/40" is not a zone | write a domain name, or a CIDR such as 10.0.0.0/8',
    )
  })
})
