import { describe, expect, test } from 'vitest'

import { any } from '../../src/plugins/any.ts'
import { clientQuery } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { startPair } from './beside-coredns.ts'
import { chainOf, errorOf, setUp } from './plugin-harness.ts'

const FROM_BELOW = { rcode: 3, authoritativeAnswer: true, answer: [], authority: [], additional: [] }

describe('any', () => {
  test('answers ANY with one HINFO at the name as asked, not AA', async () => {
    const chain = chainOf(setUp(any, 'any'), FROM_BELOW)
    expect(await chain(clientQuery('WWW.Example. ANY'))).toEqual({
      rcode: 0,
      authoritativeAnswer: false,
      answer: [
        {
          owner: 'WWW.Example.',
          rrtype: 13,
          ttlSeconds: 8482,
          rdatas: [{ kind: 'HINFO', cpu: 'ANY obsoleted', os: 'See RFC 8482' }],
        },
      ],
      authority: [],
      additional: [],
    })
  })

  test.for(['A', 'HINFO', 'TXT'])('passes %s on', async (type) => {
    expect(await chainOf(setUp(any, 'any'), FROM_BELOW)(clientQuery(`www.example. ${type}`))).toBe(FROM_BELOW)
  })

  test.for([
    ['any x', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:5: "any" takes no argument, not also "x"; write any'],
    ['any {\n  x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:3: "any" takes no properties in braces'],
    ['any\nany x', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:5'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(any, text)).toContain(expected)
  })
})

describe.skipIf(COREDNS === undefined)('any beside CoreDNS', () => {
  test('says the same', async () => {
    const pair = await startPair('any\n whoami')
    for (const question of ['Www.Example. ANY', '. ANY', String.raw`a\.b.example. ANY`]) {
      const { ours, theirs } = await pair.ask(question)
      expect(ours, question).toEqual(theirs)
      expect(ours.answer, question).toHaveLength(1)
    }
  })
})
