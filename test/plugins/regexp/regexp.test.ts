import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { Regexp } from '../../../src/plugins/regexp/regexp.ts'
import { errorOf } from '../plugin-harness.ts'
import { template } from '../../../src/plugins/template.ts'

const matchOf = (pattern: string, text: string) => new Regexp(pattern).match(text)

const patternError = (pattern: string) => errorOf(template, `template IN A {\n match "${pattern}"\n}`)

describe('Regexp', () => {
  test.for([
    ['', 'abc', ['']],
    ['b', 'abc', ['b']],
    ['^b', 'abc', undefined],
    ['c$', 'abc', ['c']],
    ['(a+)(b*)', 'caab', ['aab', 'aa', 'b']],
    ['(a+?)(a*)', 'aaa', ['aaa', 'a', 'aa']],
    ['(?U)(a+)(a*?)', 'aaa', ['aaa', 'a', 'aa']],
    ['a|ab', 'ab', ['a']],
    ['(?:a|ab)(?:c|bcd)', 'abcd', ['abcd']],
    ['(x)?(y)', 'y', ['y', '', 'y']],
    ['(?i)WEB', 'web', ['web']],
    ['(?i:W)eb', 'Web', ['Web']],
    ['(?i:w)EB', 'web', undefined],
    ['a{2,3}', 'aaaa', ['aaa']],
    ['a{2}', 'a', undefined],
    ['a{2,}', 'aaaa', ['aaaa']],
    ['a{0}b', 'ab', ['b']],
    ['a{,2}', 'a{,2}', ['a{,2}']],
    ['[a-c]+', 'xabcx', ['abc']],
    ['[^.]+', 'web.shop', ['web']],
    ['[]a]+', ']a', [']a']],
    ['[a-]+', 'a-', ['a-']],
    ['[[:digit:]_]+', 'a1_2', ['1_2']],
    ['[[:^digit:]]+', 'ab1', ['ab']],
    [String.raw`[\d.]+`, 'a1.2', ['1.2']],
    [String.raw`\pN+`, 'a12', ['12']],
    [String.raw`\p{Lu}`, 'aB', ['B']],
    [String.raw`\P{Latin}`, 'a1', ['1']],
    [String.raw`\p{^L}`, 'a1', ['1']],
    [String.raw`\bweb\b`, 'a-web.x', ['web']],
    [String.raw`\Bb`, 'b ab', ['b']],
    [String.raw`\Aa\z`, 'a', ['a']],
    [String.raw`\Qa.b\E+`, 'a.bb', ['a.bb']],
    [String.raw`\x61\x{62}\143`, 'abc', ['abc']],
    ['(?m)^b$', 'a\nb\nc', ['b']],
    ['a.b', 'a\nb', undefined],
    ['(?s)a.b', 'a\nb', ['a\nb']],
    ['(?P<x>a)(?<y>b)', 'ab', ['ab', 'a', 'b']],
    ['(a*)*', 'aa', ['aa', 'aa']],
    [
      String.raw`^(?:[^.]+\.){4,}internal\.cloudapp\.net\.$`,
      'a.b.c.d.internal.cloudapp.net.',
      ['a.b.c.d.internal.cloudapp.net.'],
    ],
    [String.raw`^(?:[^.]+\.){4,}internal\.cloudapp\.net\.$`, 'b.c.d.internal.cloudapp.net.', undefined],
  ] as const)('%s in %j', ([pattern, text, expected]) => {
    expect(matchOf(pattern, text)).toEqual(expected)
  })

  test('names its groups', () => {
    expect(new Regexp('(a)(?P<b>c)').groupNames).toEqual([undefined, undefined, 'b'])
  })

  test('matches as JavaScript does, where both have the syntax', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '^', '$', String.raw`\b`, String.raw`\w`)
    const pattern = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        atom,
        fc.tuple(tie('node'), tie('node')).map(([one, two]) => one + two),
        fc.tuple(tie('node'), tie('node')).map(([one, two]) => `(${one}|${two})`),
        // What is repeated takes at least one character: of empty rounds JavaScript has rules of its own.
        fc
          .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{1,2}', '*?', '+?', '??'))
          .map(([node, count]) => `(?:a${node})${count}`),
      ),
    })).node
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), maxLength: 12 })
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        // A group that a later round passes by keeps what it held, other than in JavaScript: the whole match is compared.
        expect(matchOf(source, subject)?.[0]).toBe(new RegExp(source).exec(subject)?.[0])
      }),
      { numRuns: 2_000 },
    )
  })

  test.for(['(a+)+$', '(a|a)*$', '(a*)*b', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*)*x', '((a?){20}){20}b'])(
    'takes no longer for a name made to hurt: %s',
    (pattern) => {
      const regexp = new Regexp(pattern)
      const started = performance.now()
      regexp.match(`${'a'.repeat(250)}!`)
      expect(performance.now() - started).toBeLessThan(500)
    },
  )

  test.for([
    ['(a', 'has a "(" without its ")"'],
    ['a)', 'has a ")" without its "("'],
    ['[a', 'has a "[" without its "]"'],
    ['[b-a]', 'has a range in brackets whose end is before its start'],
    ['*a', 'has a "*" with nothing to repeat before it'],
    ['a**', 'repeats a repetition: use a group'],
    ['a{1001}', 'repeats {1001}: at most 1000 times, the smaller number first'],
    ['a{2,1}', 'repeats {2,1}: at most 1000 times, the smaller number first'],
    ['((a{100}){100})', 'is too large: it repeats too much too often'],
    [String.raw`(a)\1`, String.raw`has the escape "\1", which RE2 does not know`],
    ['(?=a)', 'has "(?=a", which RE2 does not know'],
    ['(?<!a)', 'has "(?<!", which RE2 does not know'],
    ['(?P<x>a)(?P<x>b)', 'has two groups called "x"'],
    [String.raw`\p{Nonsense}`, String.raw`has the unknown character class \p{Nonsense}`],
    ['[[:nonsense:]]', 'has the unknown character class [:nonsense:]'],
    [String.raw`a\Z`, String.raw`has the escape "\Z", which RE2 does not know`],
  ] as const)('%s is an error', ([pattern, expected]) => {
    const text = patternError(pattern)
    expect(text).toContain('SLICEDNS_CONFIG_REGEXP Corefile:3:8: the pattern')
    expect(text).toContain(expected)
  })

  test('is bounded in length and depth', () => {
    expect(patternError('a'.repeat(10_001))).toContain('has more than 10000 characters')
    expect(patternError('('.repeat(101) + ')'.repeat(101))).toContain('has more than 100 groups')
  })
})
