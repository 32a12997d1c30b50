import { describe, expect, test } from 'vitest'
import { checkDuplicateKeys } from '../../src/config/duplicate-keys.ts'
import { configErrorOf } from './config-error-of.ts'
import { parseWith } from './parse-with.ts'

const check = (text: string, defaultPort = 53) => checkDuplicateKeys(parseWith(text), defaultPort)

describe('checkDuplicateKeys', () => {
  test.each<readonly [string, string]>([
    ['other zones', 'a b {\n}\nc {\n}'],
    ['other ports', 'a:53 {\n}\na:54 {\n}'],
    ['other transports', 'dns://a:53 {\n}\ntls://a:53 {\n}'],
    ['other addresses', 'a {\n bind 127.0.0.1\n}\na {\n bind ::1\n}'],
    ['a view beside none', 'a {\n view x {\n }\n}\na {\n}'],
    ['two views', 'a {\n view x {\n }\n}\na {\n view y {\n }\n}'],
    ['a zone and its parent', 'a.b {\n}\nb {\n}'],
  ])('allows %s', (_title, text) => {
    expect(() => check(text)).not.toThrow()
  })

  test.each<readonly [string, string, string]>([
    [
      'in one block',
      'a b\n a {\n}'.replace('\n', ''),
      '1:5 zone "a." on port 53 is already served by Corefile:1:1',
    ],
    ['in two blocks', 'a {\n}\nx a {\n}', '3:3 zone "a." on port 53 is already served by Corefile:1:1'],
    [
      'in another letter case',
      'A {\n}\na. {\n}',
      '3:1 zone "a." on port 53 is already served by Corefile:1:1',
    ],
    [
      'with the default port spelt out',
      'a {\n}\na:53 {\n}',
      '3:1 zone "a." on port 53 is already served by Corefile:1:1',
    ],
    [
      'with the transport spelt out',
      'a {\n}\ndns://a {\n}',
      '3:1 zone "a." on port 53 is already served by Corefile:1:1',
    ],
    [
      'as a CIDR and its reverse zone',
      '10.0.0.0/15 {\n}\n1.10.in-addr.arpa {\n}',
      '3:1 zone "1.10.in-addr.arpa." on port 53 is already served by Corefile:1:1',
    ],
    [
      'on the same of several addresses',
      'a {\n bind 127.0.0.1 ::1\n}\na {\n bind ::2\n bind ::1\n}',
      '4:1 zone "a." on port 53 on "::1" is already served by Corefile:1:1',
    ],
    [
      'on one address, then on all',
      'a {\n bind ::1\n}\na {\n}',
      '4:1 zone "a." on port 53 is already served by Corefile:1:1',
    ],
    [
      'on all addresses, then on one',
      'a {\n}\na {\n bind ::1\n}',
      '3:1 zone "a." on port 53 on "::1" is already served by Corefile:1:1',
    ],
    [
      'on all addresses, then on one in a view',
      'a {\n}\na {\n bind ::1\n view x {\n }\n}',
      '3:1 zone "a." on port 53 on "::1" is already served by Corefile:1:1',
    ],
  ])('refuses a zone twice %s', (_title, text, placeAndFault) => {
    const error = configErrorOf(() => check(text))
    expect(error.code).toBe('SLICEDNS_CONFIG_DUPLICATE_KEY')
    expect(`${error.position.line}:${error.position.column} ${error.what}`).toBe(placeAndFault)
  })

  test('keys without a port meet on the default port, whichever it is', () => {
    const text = 'a {\n}\na:1053 {\n}'
    expect(() => check(text, 53)).not.toThrow()
    expect(configErrorOf(() => check(text, 1053)).message.split('\n')).toEqual([
      'Corefile:3:1: zone "a." on port 1053 is already served by Corefile:1:1',
      '    a:1053 {',
      '    ^ join the two blocks, or give each its own port or bind addresses',
    ])
  })

  test('takes the addresses that are looked up instead of the words after bind', () => {
    const corefile = parseWith('a {\n bind lo\n}\na {\n bind 127.0.0.1\n}')
    expect(() => checkDuplicateKeys(corefile, 53)).not.toThrow()
    expect(configErrorOf(() => checkDuplicateKeys(corefile, 53, () => ['127.0.0.1'])).what).toBe(
      'zone "a." on port 53 on "127.0.0.1" is already served by Corefile:1:1',
    )
    expect(configErrorOf(() => checkDuplicateKeys(corefile, 53, () => [])).what).toBe(
      'zone "a." on port 53 is already served by Corefile:1:1',
    )
  })
})
