import { expect, test } from 'vitest'
import { extendedErrorCodeToText } from '../../src/wire/extended-error.ts'
import { rcodeToText } from '../../src/wire/rcode.ts'
import { rrClassToText } from '../../src/wire/rrclass.ts'

test('numbers have their mnemonics, unknown ones a generic form', () => {
  expect([rcodeToText(0), rcodeToText(3), rcodeToText(16), rcodeToText(42)]).toEqual([
    'NOERROR',
    'NXDOMAIN',
    'BADVERS',
    'RCODE42',
  ])
  expect([rrClassToText(1), rrClassToText(255), rrClassToText(42)]).toEqual(['IN', 'ANY', 'CLASS42'])
  expect([extendedErrorCodeToText(14), extendedErrorCodeToText(99)]).toEqual(['not ready', 'code 99'])
})
