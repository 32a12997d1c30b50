import { describe, expect, onTestFinished, test, vi } from 'vitest'

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

  test('stacktrace asks for stack traces of faults', () => {
    expect(setUp(errors, 'errors {\n  stacktrace\n}').showsStacks).toBe(true)
    expect(setUp(errors, 'errors').showsStacks).toBeUndefined()
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
      'errors {\n  consolidate 5m\n}',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:3:3: "consolidate" needs at least 2 arguments',
    ],
    ['errors {\n  consolidate 5 x\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:15: "5" is not a duration'],
    ['errors {\n  consolidate 5m "(x"\n}', 'SLICEDNS_CONFIG_REGEXP Corefile:3:18: '],
    ['errors {\n  consolidate 5m x eror\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:20: "eror" is not one of'],
    [
      'errors {\n  consolidate 5m x show_first error\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:31: "error" is not "show_first"',
    ],
    [
      'errors {\n  consolidate 5m x error warning\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:26: "warning" is not "show_first"',
    ],
    [
      'errors {\n  stacktrace on\n}',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:3:14: "stacktrace" takes no argument',
    ],
    [
      'errors {\n  consolidat\n}',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:3: unknown property "consolidat" of "errors"; did you mean "consolidate"?',
    ],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(errors, text)).toContain(expected)
  })
})

/** The lines that failures with these reasons give, 10 s apart, until the process ends. */
async function consolidated(properties: string, ...reasons: readonly string[]): Promise<readonly string[]> {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const closers: (() => void)[] = []
  const host = testHost({ onClose: (close) => void closers.push(close) })
  const { responder } = setUp(errors, `errors {\n${properties}\n}`, host)
  for (const error of reasons) {
    await responder?.(clientQuery('a. A'), () => ({ ...FAILED, error }))
    vi.advanceTimersByTime(10_000)
  }
  host.lines.push('end')
  for (const close of closers) close()
  return host.lines.map((entry) => entry.replace('plugin/errors: ', ''))
}

describe('consolidate', () => {
  test('counts what matches, and writes one line when the time since the first is over', async () => {
    expect(
      await consolidated('consolidate 25s ".* timeout$"', 'i/o timeout', 'a timeout', 'timeout', 'timeout'),
    ).toEqual([
      'error 2 a. A: timeout',
      "error 2 errors like '.* timeout$' occurred in last 25s",
      'error 2 a. A: timeout',
      'end',
    ])
  })

  test('writes what is left when the process ends', async () => {
    expect(await consolidated('consolidate 5m timeout', 'timeout', 'timeout')).toEqual([
      'end',
      "error 2 errors like 'timeout' occurred in last 5m",
    ])
  })

  test('the first pattern that matches takes it, at its level', async () => {
    const properties = 'consolidate 1h ^no warning\nconsolidate 1h . info\nconsolidate 1h x debug'
    expect(await consolidated(properties, 'no', 'yes', 'nope', 'x')).toEqual([
      'end',
      "warn 2 errors like '^no' occurred in last 1h",
      "info 2 errors like '.' occurred in last 1h",
    ])
    expect(await consolidated('consolidate 1h x debug', 'x')).toEqual(['end'])
  })

  test('show_first writes the first at once, and a summary only where there are more', async () => {
    expect(await consolidated('consolidate 5s no warning show_first', 'no', 'no')).toEqual([
      'warn 2 a. A: no',
      'warn 2 a. A: no',
      'end',
    ])
    expect(await consolidated('consolidate 15s no show_first', 'no', 'no')).toEqual([
      'error 2 a. A: no',
      "error 2 errors like 'no' occurred in last 15s",
      'end',
    ])
  })
})
