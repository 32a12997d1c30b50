import { describe, expect, test } from 'vitest'
import { checkDirectives, COREDNS_DIRECTIVES } from '../../src/config/directive-names.ts'
import { configErrorOf } from './config-error-of.ts'
import { parseWith } from './parse-with.ts'

const KNOWN = new Set(['forward', 'log', 'kubernetes', 'errors'])

const errorIn = (text: string) => configErrorOf(() => checkDirectives(parseWith(text), KNOWN))

describe('checkDirectives', () => {
  test('lets known directives pass, their properties whatever they are', () => {
    const corefile = parseWith('. {\n log\n forward . 8.8.8.8 {\n  nonsense\n }\n}\na {\n errors\n}')
    expect(() => checkDirectives(corefile, KNOWN)).not.toThrow()
  })

  test('shows an unknown word, its server block and the nearest known word', () => {
    const error = errorIn('.:53 {\n    log\n    forwrd . 8.8.8.8\n}')
    expect(error.code).toBe('SLICEDNS_CONFIG_UNKNOWN_DIRECTIVE')
    expect(error.message.split('\n')).toEqual([
      'Corefile:3:5: unknown directive "forwrd" in server block ".:53"',
      '    forwrd . 8.8.8.8',
      '    ^ did you mean "forward"?',
    ])
  })

  test('lists what is known where no word is near', () => {
    expect(errorIn('. a {\n unbound\n}')).toMatchObject({
      what: 'unknown directive "unbound" in server block ". a"',
      hint: 'known are errors, forward, kubernetes, log',
    })
  })

  test('says of a directive of CoreDNS that it is not supported', () => {
    const error = errorIn('. {\n log\n}\na {\n  cache 30\n}')
    expect(error.code).toBe('SLICEDNS_CONFIG_DIRECTIVE_NOT_SUPPORTED')
    expect(error.position).toEqual({ file: 'Corefile', line: 5, column: 3 })
    expect(error.message.split('\n')).toEqual([
      'Corefile:5:3: directive "cache" of CoreDNS is not supported',
      '    cache 30',
      '    ^ remove it; there are errors, forward, kubernetes, log',
    ])
  })

  test('suspects missing braces where the directive looks like a server block', () => {
    expect(errorIn('.\nlog\nexample.org:53 {\n log\n}')).toMatchObject({
      position: { line: 3, column: 1 },
      hint: 'if this is a server block, the one above it lacks its braces',
    })
  })

  test('shows the file that the directive was imported from', () => {
    const corefile = parseWith('. {\n import a.conf\n}', { files: { 'a.conf': 'log\n  erors' } })
    expect(configErrorOf(() => checkDirectives(corefile, KNOWN)).message).toBe(
      'a.conf:2:3: unknown directive "erors" in server block "."\n    erors\n    ^ did you mean "errors"?',
    )
  })
})

describe('COREDNS_DIRECTIVES', () => {
  test('holds the sixty directives of the chain once each', () => {
    expect(COREDNS_DIRECTIVES).toHaveLength(60)
    expect(new Set(COREDNS_DIRECTIVES).size).toBe(60)
    const order = ['bind', 'errors', 'log', 'cache', 'kubernetes', 'forward', 'whoami'].map((name) => {
      return COREDNS_DIRECTIVES.indexOf(name)
    })
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })
})
