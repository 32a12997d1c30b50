import { describe, expect, test } from 'vitest'

import { errors } from '../../src/plugins/errors.ts'
import type { Reply } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { chainOf, errorOf, setUp, testHost } from './plugin-harness.ts'

const FAILED: Reply = {
  rcode: 2,
  authoritativeAnswer: false,
  answer: [],
  authority: [],
  additional: [],
  error: 'no upstream gave an answer',
}
const { error: _, ...FINE } = FAILED

async function logged(reply: Reply | Promise<Reply>): Promise<readonly string[]> {
  const host = testHost()
  const chain = chainOf(setUp(errors, 'errors', host), reply)
  expect(await chain(clientQuery('WWW.Example. AAAA'))).toBe(await reply)
  return host.lines
}

describe('errors', () => {
  test('logs RCODE, name in lower case, type and reason of what failed, in the words of CoreDNS', async () => {
    const line = 'error plugin/errors: 2 www.example. AAAA: no upstream gave an answer'
    expect(await logged(FAILED)).toEqual([line])
    expect(await logged(Promise.resolve(FAILED))).toEqual([line])
  })

  test('is silent about an answer that is no and no fault', async () => {
    expect(await logged(FINE)).toEqual([])
    expect(await logged(Promise.resolve({ ...FINE, rcode: 3 }))).toEqual([])
  })

  test('takes the place that CoreDNS takes', () => {
    expect(errorOf(errors, 'errors stdout')).toBe('no error')
  })

  test.for([
    ['errors stderr', 'SLICEDNS_CONFIG_VALUE Corefile:2:8: "stderr" is not "stdout"'],
    [
      'errors stdout x',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:2:15: "errors" takes at most 1 argument, not also "x"',
    ],
    [
      'errors\nerrors',
      'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1: a server block takes one "errors" only; remove this one',
    ],
    [
      'errors {\n  consolidate 5m ".*"\n}',
      'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:3:3: property "consolidate" of "errors" is not supported yet; remove it',
    ],
    [
      'errors {\n  stacktrace\n}',
      'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:3:3: property "stacktrace"',
    ],
    [
      'errors {\n  consolidat\n}',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:3: unknown property "consolidat" of "errors"; did you mean "consolidate"?',
    ],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(errors, text)).toContain(expected)
  })
})
