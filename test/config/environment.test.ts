import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replaceEnvironment } from '../../src/config/environment.ts'

describe('replaceEnvironment', () => {
  test('both forms give the value, anywhere in a word and several times', () => {
    const environment = { ZONE: 'example.org', PORT: '53' }
    expect(replaceEnvironment('{$ZONE}:{%PORT%}', environment)).toBe('example.org:53')
    expect(replaceEnvironment('{$ZONE}{$ZONE}', environment)).toBe('example.orgexample.org')
  })

  test('an unset variable is empty, whatever its name', () => {
    expect(replaceEnvironment('a{$NONE}b{%constructor%}{$__proto__}', {})).toBe('ab')
    expect(replaceEnvironment('a{$NONE}b', { NONE: undefined })).toBe('ab')
  })

  test('what is no reference stays', () => {
    for (const text of ['{$}', '{%%}', '{$A', '{%A}', '$A', '{A}', '{4,}', '{{ .Name }}', '{']) {
      expect(replaceEnvironment(text, { A: 'x' })).toBe(text)
    }
  })

  test('a value is not read again', () => {
    expect(replaceEnvironment('{$A}', { A: '{$A}{$B}$&', B: 'x' })).toBe('{$A}{$B}$&')
  })

  test('time grows with the text, not with its square', () => {
    const text = '{$'.repeat(500_000)
    expect(replaceEnvironment(text, {})).toBe(text)
    expect(replaceEnvironment(`{$${'a'.repeat(1_000_000)}`, {})).toHaveLength(1_000_002)
  })

  test('a text without braces is the same for every environment', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), (text, environment) => {
        fc.pre(!text.includes('{'))
        expect(replaceEnvironment(text, environment)).toBe(text)
      }),
    )
  })
})
