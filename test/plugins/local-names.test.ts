import { describe, expect, test } from 'vitest'

import { answerLocalName } from '../../src/plugins/local-names.ts'
import { lowerCase } from '../../src/wire/name.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { questionOf } from '../forward/client-query.ts'

const SOA = '604800 SOA localhost. root.localhost. 1 0 0 0 604800'
const lines = (rrsets: readonly RRset[]) =>
  rrsets.flatMap(({ owner, ttlSeconds, rrtype, rdatas }) =>
    rdatas.map((rdata) => `${owner} ${ttlSeconds} ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`),
  )

/** RCODE, then the records of answer and authority. */
function say(text: string, hasPrefix = true): readonly (number | string)[] | undefined {
  const question = questionOf(text)
  const reply = answerLocalName(question, lowerCase(question.qname), hasPrefix)
  if (reply === undefined) return undefined
  expect(reply.authoritativeAnswer).toBe(false)
  expect(reply.extendedError !== undefined).toBe(reply.answer.length === 0)
  return [reply.rcode, ...lines(reply.answer), ...lines(reply.authority)]
}

describe('answerLocalName', () => {
  test.for([
    ['localhost. A', 'localhost. 604800 A 127.0.0.1'],
    ['LocalHost. AAAA', 'LocalHost. 604800 AAAA ::1'],
    ['localhost. NS', 'localhost. 604800 NS localhost.'],
    ['localhost. SOA', `localhost. ${SOA}`],
    ['localhost. ANY', 'localhost. 604800 A 127.0.0.1'],
    ['127.in-addr.arpa. ANY', '127.in-addr.arpa. 604800 NS localhost.'],
    ['Www.localhost. A', 'Www.localhost. 604800 A 127.0.0.1'],
    ['a.b.localhost. AAAA', 'a.b.localhost. 604800 AAAA ::1'],
    ['localhost.Example. A', 'localhost.Example. 604800 A 127.0.0.1'],
    ['1.0.0.127.in-addr.arpa. PTR', '1.0.0.127.in-addr.arpa. 604800 PTR localhost.'],
    ['1.0.0.127.in-addr.arpa. ANY', '1.0.0.127.in-addr.arpa. 604800 PTR localhost.'],
    ['0.in-addr.arpa. SOA', `0.in-addr.arpa. ${SOA}`],
    ['255.in-addr.arpa. NS', '255.in-addr.arpa. 604800 NS localhost.'],
  ] as const)('%s is %s', ([text, expected]) => {
    expect(say(text)).toEqual([0, expected])
  })

  test.for([
    ['LOCALHOST. MX', `LOCALHOST. ${SOA}`],
    ['www.Localhost. TXT', `Localhost. ${SOA}`],
    ['localhost.example. TXT', `localhost.example. ${SOA}`],
    ['127.in-addr.arpa. A', `127.in-addr.arpa. ${SOA}`],
    ['1.0.0.127.in-addr.arpa. A', `127.in-addr.arpa. ${SOA}`],
    ['0.0.127.in-addr.arpa. PTR', `127.in-addr.arpa. ${SOA}`],
    ['0.127.in-addr.arpa. ANY', `127.in-addr.arpa. ${SOA}`],
  ] as const)('%s is NODATA with %s', ([text, expected]) => {
    expect(say(text)).toEqual([0, expected])
  })

  test.for([
    ['2.0.0.127.in-addr.arpa. PTR', `127.in-addr.arpa. ${SOA}`],
    ['1.1.0.0.127.in-addr.arpa. PTR', `127.in-addr.arpa. ${SOA}`],
    ['1.0.127.in-addr.arpa. SOA', `127.in-addr.arpa. ${SOA}`],
    ['1.0.0.0.In-Addr.arpa. PTR', `0.In-Addr.arpa. ${SOA}`],
    ['255.255.255.255.in-addr.arpa. PTR', `255.in-addr.arpa. ${SOA}`],
  ] as const)('%s is NXDOMAIN with %s', ([text, expected]) => {
    expect(say(text)).toEqual([3, expected])
  })

  test.for([
    '. NS',
    'example. A',
    'notlocalhost. A',
    'localhosts.example. A',
    String.raw`a\.localhost. A`,
    '10.in-addr.arpa. PTR',
    '1.127.example. A',
    'in-addr.arpa. NS',
  ])('%s is not local', (text) => {
    expect(say(text)).toBeUndefined()
  })

  test('without the prefix only what is below localhost is local', () => {
    expect(say('localhost.example. A', false)).toBeUndefined()
    expect(say('www.localhost. A', false)).toEqual([0, 'www.localhost. 604800 A 127.0.0.1'])
    expect(say('localhost.localhost. A', false)).toEqual([0, 'localhost.localhost. 604800 A 127.0.0.1'])
  })
})
