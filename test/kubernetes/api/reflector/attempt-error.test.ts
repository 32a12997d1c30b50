import { expect, test } from 'vitest'

import {
  AttemptError,
  errorOfEvent,
  oneLine,
} from '../../../../src/kubernetes/api/reflector/attempt-error.ts'

test('AttemptError knows what only a list can mend', () => {
  expect(needs('unreachable', 'connect ECONNREFUSED')).toBe(true)
  expect(needs('silent', 'no octet')).toBe(true)
  expect(needs('response', 'down', { status: 503 })).toBe(true)
  expect(needs('response', 'forbidden', { status: 403 })).toBe(true)
  expect(needs('event', 'Too large resource version: 9, current: 5', { status: 504 })).toBe(true)
  expect(needs('response', 'invalid: too large resource version', { status: 400 })).toBe(true)
  expect(needs('event', 'gone', { status: 410 })).toBe(true)
  expect(needs('event', 'gone', { reason: 'Expired' })).toBe(true)
  expect(needs('event', 'etcd', { status: 500 })).toBe(false)
  expect(needs('response', 'slow down', { status: 429 })).toBe(false)
  expect(needs('response', 'who are you', { status: 401 })).toBe(false)
  expect(needs('cut', 'reset')).toBe(false)
  expect(needs('malformed', 'no JSON', { status: 200 })).toBe(false)
})

test('errorOfEvent says what the event says', () => {
  const event = { code: 500, reason: 'InternalError', message: '', retryAfterSeconds: 3 }
  expect(errorOfEvent(event)).toMatchObject({
    kind: 'event',
    message: 'ERROR event 500: InternalError',
    status: 500,
    retryAfterSeconds: 3,
  })
})

test('oneLine leaves no line breaks, no control characters and no more than the length', () => {
  expect(oneLine(' a\r\n\tb\u0000\u001b[31mc ')).toBe('a b [31mc')
  expect(oneLine('x'.repeat(600))).toBe(`${'x'.repeat(500)}…`)
})

function needs(...parts: ConstructorParameters<typeof AttemptError>): boolean {
  return new AttemptError(...parts).needsList
}
