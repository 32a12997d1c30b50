import { describe, expect, test } from 'vitest'
import {
  ConfigError,
  describeConfigError,
  quoted,
  withSourceLine,
  withSourceLineLater,
} from '../../src/config/config-error.ts'
import { configErrorOf } from './config-error-of.ts'

function errorAt(line: number, column: number, hint?: string): ConfigError {
  const position = { file: 'Corefile', line, column }
  return new ConfigError({ code: 'SLICEDNS_CONFIG_VALUE', message: 'it is wrong', position, hint })
}

function describeIn(text: string, error: ConfigError): readonly string[] {
  return describeConfigError(error, new Map([['Corefile', text]])).split('\n')
}

describe('ConfigError', () => {
  test('says where, what and how to mend on one line, and keeps the parts', () => {
    const error = errorAt(3, 5, 'mend it')
    expect(error.message).toBe('Corefile:3:5: it is wrong; mend it')
    expect(error).toMatchObject({
      name: 'ConfigError',
      code: 'SLICEDNS_CONFIG_VALUE',
      what: 'it is wrong',
      hint: 'mend it',
    })
    expect(errorAt(1, 1).message).toBe('Corefile:1:1: it is wrong')
  })
})

test('ConfigError stays short and on one line, whatever it quotes', () => {
  const position = { file: 'Corefile', line: 1, column: 1 }
  const long = `"${'x\n'.repeat(1_000)}" is no address`
  const error = new ConfigError({ code: 'SLICEDNS_CONFIG_VALUE', message: long, position, hint: long })
  expect(error.message.length).toBeLessThan(1_500)
  expect(error.message).not.toContain('\n')
})

describe('describeConfigError', () => {
  test('shows the line without its indentation, a caret under the place, and the hint', () => {
    expect(describeIn('.:53 {\n\t\tforwrd . 8.8.8.8\r\n}\n', errorAt(2, 10, 'mend it'))).toEqual([
      'Corefile:2:10: it is wrong',
      '    forwrd . 8.8.8.8',
      '           ^ mend it',
    ])
  })

  test('without a hint the caret stands alone', () => {
    expect(describeIn('log', errorAt(1, 1))).toEqual(['Corefile:1:1: it is wrong', '    log', '    ^'])
  })

  test('a long line is cut around the place', () => {
    const [, shown = '', caret = ''] = describeIn(
      `${'a '.repeat(200)}HERE ${'b '.repeat(200)}`,
      errorAt(1, 401),
    )
    expect(shown).toMatch(/^ {4}…(a )+HERE (b )+b?…$/)
    expect(shown.length).toBeLessThan(160)
    expect(shown.indexOf('HERE')).toBe(caret.indexOf('^'))
  })

  test('control characters in the line do not reach the terminal', () => {
    const [, shown] = describeIn('log \u001B[31m\u202Ex', errorAt(1, 1))
    expect(shown).toBe('    log  [31m x')
  })

  test('an empty line is not shown', () => {
    expect(describeIn(' \n', errorAt(1, 1, 'mend it'))).toEqual(['Corefile:1:1: it is wrong; mend it'])
  })

  test('a file or line that is not at hand leaves the one-line message', () => {
    expect(describeIn('log', errorAt(7, 1, 'mend it'))).toEqual(['Corefile:7:1: it is wrong; mend it'])
    expect(describeConfigError(errorAt(1, 1), new Map())).toBe('Corefile:1:1: it is wrong')
  })
})

test('withSourceLineLater shows the line of the error that work under way ends with', async () => {
  const position = { file: 'Corefile', line: 1, column: 3 }
  const error = new ConfigError({ code: 'SLICEDNS_CONFIG_VALUE', message: 'no good', position })
  const sources = new Map([['Corefile', 'a b c']])
  await expect(withSourceLineLater(sources, Promise.reject(error))).rejects.toThrow('    a b c\n      ^')
  expect(await withSourceLineLater(sources, Promise.resolve(7))).toBe(7)
})

describe('withSourceLine', () => {
  const sources = new Map([['Corefile', 'log']])

  test('gives what the work gives', () => {
    expect(withSourceLine(sources, () => 7)).toBe(7)
  })

  test('adds the line to a ConfigError, once however often it passes', () => {
    const error = configErrorOf(() =>
      withSourceLine(sources, () =>
        withSourceLine(sources, () => {
          throw errorAt(1, 1)
        }),
      ),
    )
    expect(error.message).toBe('Corefile:1:1: it is wrong\n    log\n    ^')
  })

  test('other errors pass as they are', () => {
    const other = new TypeError('other')
    expect(() =>
      withSourceLine(sources, () => {
        throw other
      }),
    ).toThrow(other)
  })
})

describe('quoted', () => {
  test('is short and on one line', () => {
    expect(quoted('a\nb')).toBe('"a b"')
    expect(quoted('x'.repeat(100))).toBe(`"${'x'.repeat(60)}…"`)
  })
})
