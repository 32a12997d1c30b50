import { expect, test } from 'vitest'
import { rdataFromText } from '../../../src/wire/rdata-text.ts'
import { RrType } from '../../../src/wire/rrtype.ts'
import { rdataForm } from '../../../src/zone/zone-file/rdata-forms.ts'
import { name } from '../../wire/packet.ts'

const QUERY_TYPES: ReadonlySet<number> = new Set([RrType.OPT, RrType.IXFR, RrType.AXFR, RrType.ANY])
const types = Object.entries(RrType).filter(([, rrtype]) => !QUERY_TYPES.has(rrtype))

test.each(types)('rdataForm of %s is its own', (_, rrtype) => {
  expect(rdataForm(rrtype)).not.toBe(rdataForm(1000))
})

test.each(types.filter(([, rrtype]) => /: |such as /.test(rdataForm(rrtype))))(
  'rdataForm of %s shows data that is read',
  (_, rrtype) => {
    const example =
      rdataForm(rrtype)
        .split(/: |such as /)
        .at(-1) ?? ''
    expect(rdataFromText(rrtype, example, name('example.'))).toBeDefined()
  },
)
