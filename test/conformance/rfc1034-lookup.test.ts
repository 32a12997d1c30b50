// RFC 1034 section 6: the sample zones, and the queries and responses of 6.2 as its authoritative servers give them.
import { describe, expect, test } from 'vitest'

import { ask, lines, zoneOf } from '../zone/ask-zone.ts'
import { replyFromZoneAnswer } from '../../src/zone/zone-answer.ts'

const root = zoneOf(
  `
.       86400   SOA   SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400
        86400   NS    A.ISI.EDU.
                NS    C.ISI.EDU.
                NS    SRI-NIC.ARPA.
MIL.    86400   NS    SRI-NIC.ARPA.
                NS    A.ISI.EDU.
EDU.    86400   NS    SRI-NIC.ARPA.
                NS    C.ISI.EDU.
SRI-NIC.ARPA.         A     26.0.0.73
                      A     10.0.0.51
                      MX    0 SRI-NIC.ARPA.
                      HINFO DEC-2060 TOPS20
ACC.ARPA.             A     26.6.0.65
                      HINFO PDP-11/70 UNIX
                      MX    10 ACC.ARPA.
USC-ISIC.ARPA.        CNAME C.ISI.EDU.
73.0.0.26.IN-ADDR.ARPA.  PTR SRI-NIC.ARPA.
65.0.6.26.IN-ADDR.ARPA.  PTR ACC.ARPA.
A.ISI.EDU. 86400      A     26.3.0.103
C.ISI.EDU. 86400      A     10.0.0.52
`,
  '.',
)

const edu = zoneOf(
  `
EDU.    86400 SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870729 1800 300 604800 86400
              NS  SRI-NIC.ARPA.
              NS  C.ISI.EDU.
UCI    172800 NS  ICS.UCI
       172800 NS  ROME.UCI
ICS.UCI  172800 A 192.5.19.1
ROME.UCI 172800 A 192.5.19.31
ISI    172800 NS  VAXA.ISI
       172800 NS  A.ISI
       172800 NS  VENERA.ISI.EDU.
VAXA.ISI 172800 A 10.2.0.27
         172800 A 128.9.0.33
VENERA.ISI.EDU. 172800 A 10.1.0.52
A.ISI  172800 A   26.3.0.103
MIT.EDU. 43200 NS XX.LCS.MIT.EDU.
XX.LCS.MIT.EDU. 43200 A 10.0.0.44
`,
  'EDU.',
)

describe('section 6.2', () => {
  test('6.2.1 SRI-NIC.ARPA A: both addresses, authoritative', () => {
    const answer = ask(root, 'SRI-NIC.ARPA. A')
    expect(lines(answer.answer)).toEqual([
      'SRI-NIC.ARPA. 86400 IN A 26.0.0.73',
      'SRI-NIC.ARPA. 86400 IN A 10.0.0.51',
    ])
    expect(replyFromZoneAnswer(answer)).toMatchObject({ rcode: 0, authoritativeAnswer: true })
  })

  test('6.2.2 SRI-NIC.ARPA *: one RRset of what the name holds (RFC 8482 4.1 in place of all)', () => {
    expect(lines(ask(root, 'SRI-NIC.ARPA. ANY').answer)).toEqual([
      'SRI-NIC.ARPA. 86400 IN A 26.0.0.73',
      'SRI-NIC.ARPA. 86400 IN A 10.0.0.51',
    ])
  })

  test('6.2.3 SRI-NIC.ARPA MX: the addresses of the mail server in additional', () => {
    const { answer, additional } = ask(root, 'SRI-NIC.ARPA. MX')
    expect(lines(answer)).toEqual(['SRI-NIC.ARPA. 86400 IN MX 0 SRI-NIC.ARPA.'])
    expect(lines(additional)).toEqual([
      'SRI-NIC.ARPA. 86400 IN A 26.0.0.73',
      'SRI-NIC.ARPA. 86400 IN A 10.0.0.51',
    ])
  })

  test('6.2.4 SRI-NIC.ARPA NS: the name exists, the type does not', () => {
    expect(ask(root, 'SRI-NIC.ARPA. NS')).toMatchObject({ kind: 'nodata', answer: [], additional: [] })
  })

  test('6.2.5 SIR-NIC.ARPA A: a name error with the SOA', () => {
    const { kind, authority } = ask(root, 'SIR-NIC.ARPA. A')
    expect([kind, lines(authority)]).toEqual([
      'nxdomain',
      ['. 86400 IN SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400'],
    ])
  })

  test('6.2.6 BRL.MIL A: a referral, not authoritative, with the addresses of the servers', () => {
    const answer = ask(root, 'BRL.MIL. A')
    expect(replyFromZoneAnswer(answer)).toMatchObject({ rcode: 0, authoritativeAnswer: false, answer: [] })
    expect(lines(answer.authority)).toEqual(['MIL. 86400 IN NS SRI-NIC.ARPA.', 'MIL. 86400 IN NS A.ISI.EDU.'])
    expect(lines(answer.additional)).toEqual([
      'SRI-NIC.ARPA. 86400 IN A 26.0.0.73',
      'SRI-NIC.ARPA. 86400 IN A 10.0.0.51',
      'A.ISI.EDU. 86400 IN A 26.3.0.103',
    ])
  })

  test('6.2.7 USC-ISIC.ARPA A: the alias, and a referral to the servers of its target', () => {
    const answer = ask(root, 'USC-ISIC.ARPA. A')
    expect(lines(answer.answer)).toEqual(['USC-ISIC.ARPA. 86400 IN CNAME C.ISI.EDU.'])
    expect(lines(answer.authority)).toEqual(['EDU. 86400 IN NS SRI-NIC.ARPA.', 'EDU. 86400 IN NS C.ISI.EDU.'])
    expect(replyFromZoneAnswer(answer).authoritativeAnswer).toBe(true)
  })

  test('6.2.8 USC-ISIC.ARPA CNAME: the alias alone', () => {
    const { kind, answer, authority } = ask(root, 'USC-ISIC.ARPA. CNAME')
    expect([kind, answer.length, authority]).toEqual(['positive', 1, []])
  })
})

describe('section 4.2.1 and 4.3.2: zone cuts', () => {
  test('the servers below a cut are glue: told in a referral, never as an answer', () => {
    const answer = ask(edu, 'XX.LCS.MIT.EDU. A')
    expect([answer.kind, lines(answer.additional)]).toEqual([
      'referral',
      ['XX.LCS.MIT.EDU. 43200 IN A 10.0.0.44'],
    ])
  })

  test.each([
    'ISI.EDU. NS',
    'ISI.EDU. A',
    'ISI.EDU. ANY',
    'ISI.EDU. SOA',
    'nothing.ISI.EDU. A',
    'LCS.MIT.EDU. A',
  ])('%s is a referral', (question) => {
    expect(ask(edu, question).kind).toBe('referral')
  })

  test('a DS is asked of the zone above the cut (RFC 4035 3.1.4.1)', () => {
    expect(ask(edu, 'ISI.EDU. DS')).toMatchObject({ kind: 'nodata' })
    expect(ask(edu, 'A.ISI.EDU. DS')).toMatchObject({ kind: 'referral' })
    expect(ask(edu, 'EDU. DS')).toMatchObject({ kind: 'nodata' })
  })
})

test('section 3.1: names are compared without letter case and keep it', () => {
  expect(lines(ask(root, 'acc.Arpa. MX').answer)).toEqual(['acc.Arpa. 86400 IN MX 10 ACC.ARPA.'])
})
