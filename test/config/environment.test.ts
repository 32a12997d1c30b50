import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Environment } from '../../src/config/environment.ts'
import { replaceEnvironment } from '../../src/config/environment.ts'

const replace = (text: string, environment: Environment) => replaceEnvironment(text, environment, 100)

describe('replaceEnvironment', () => {
  test('both forms give the value, anywhere in a word and several times', () => {
    const environment = { ZONE: 'example.org', PORT: '53' }
    expect(replace('{$ZONE}:{%PORT%}', environment)).toBe('example.org:53')
    expect(replace('{$ZONE}{$ZONE}', environment)).toBe('example.orgexample.org')
  })

  test('an unset variable is empty, whatever its name', () => {
    expect(replace('a{$NONE}b{%constructor%}{$__proto__}', {})).toBe('ab')
    expect(replace('a{$NONE}b', { NONE: undefined })).toBe('ab')
  })

  test('what is no reference stays', () => {
    for (const text of ['{$}', '{%%}', '{$A', '{%A}', '$A', '{A}', '{4,}', '{{ .Name }}', '{']) {
      expect(replace(text, { A: 'x' })).toBe(text)
    }
  })

  test('a value is not read again', () => {
    expect(replace('{$A}', { A: '{$A}{$B}$&', B: 'x' })).toBe('{$A}{$B}$&')
  })

  test('time grows with the text, not with its square', () => {
    const text = '{$'.repeat(500_000)
    expect(replace(text, {})).toBe(text)
    expect(replace(`{$${'a'.repeat(1_000_000)}`, {})).toHaveLength(1_000_002)
  })

  test('values above the bound together give nothing', () => {
    expect(replaceEnvironment('{$A}{$A}', { A: 'x'.repeat(50) }, 100)).toHaveLength(100)
    expect(replaceEnvironment('{$A}{$A}', { A: 'x'.repeat(51) }, 100)).toBeUndefined()
    expect(replaceEnvironment('{$A}'.repeat(1_000_000), { A: 'x'.repeat(100_000) }, 100)).toBeUndefined()
  })

  test('a text without braces is the same for every environment', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), (text, environment) => {
        fc.pre(!text.includes('{'))
        expect(replace(text, environment)).toBe(text)
      }),
    )
  })
})
