import { describe, expect, test } from 'vitest'
import { Rcode } from '../../src/wire/rcode.ts'
import { replyFromZoneAnswer } from '../../src/zone/zone-answer.ts'
import { ask, zoneOf } from './ask-zone.ts'

const zone = zoneOf(`
@ 60 SOA ns.test. hostmaster 1 2 3 4 5
@ 60 NS ns.test.
a 60 A 192.0.2.1
out 60 CNAME x.test.
gone 60 CNAME nothing
loop 60 CNAME loop
cut 60 NS ns.test.
into 60 CNAME x.cut
d 60 DNAME ${`${'x'.repeat(60)}.`.repeat(4)}
`)

describe('replyFromZoneAnswer', () => {
  test.each([
    ['a.example. A', Rcode.NOERROR, true, undefined],
    ['out.example. A', Rcode.NOERROR, true, undefined],
    ['a.example. MX', Rcode.NOERROR, true, 'a.example.: no MX record'],
    [
      'b.example. A',
      Rcode.NXDOMAIN,
      true,
      'zone example. has no name b.example.: what exists above it is example.',
    ],
    [
      'gone.example. A',
      Rcode.NXDOMAIN,
      true,
      'zone example. has no name nothing.example.: what exists above it is example.',
    ],
    ['x.cut.example. A', Rcode.NOERROR, false, undefined],
    ['into.example. A', Rcode.NOERROR, true, undefined],
    ['loop.example. A', Rcode.SERVFAIL, true, 'the chain of CNAMEs comes back to loop.example.'],
    [
      `${'y'.repeat(20)}.d.example. A`,
      Rcode.YXDOMAIN,
      true,
      'the DNAME at d.example. makes the name longer than 255 octets',
    ],
  ])('says %s with RCODE %i, AA %s', (question, rcode, authoritativeAnswer, text) => {
    const reply = replyFromZoneAnswer(ask(zone, question))
    expect([reply.rcode, reply.authoritativeAnswer, reply.extendedError?.text]).toEqual([
      rcode,
      authoritativeAnswer,
      text,
    ])
  })

  test('tells the log what failed', () => {
    expect(replyFromZoneAnswer(ask(zone, 'loop.example. A')).error).toContain('comes back')
    expect(replyFromZoneAnswer(ask(zone, 'b.example. A')).error).toBeUndefined()
  })
})
