import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { lowerCase } from '../../../src/wire/name.ts'
import type { Query, Reply } from '../../../src/zone/responder.ts'
import { anyName } from '../../wire/arbitraries.ts'
import { clientQuery, nameOf } from '../client-query.ts'
import { cacheBench, positive } from './cache-harness.ts'

/** Few values each, so that two queries often have all in common, and names of any octets. */
const anyQuery: fc.Arbitrary<Query> = fc
  .record({
    qname: fc.oneof(anyName, fc.constantFrom('a.', 'A.', 'a.b.', '1.a.').map(nameOf)),
    qtype: fc.constantFrom(1000, 11000, 10001),
    dnssecOk: fc.boolean(),
    checkingDisabled: fc.boolean(),
    forUpstream: fc.array(fc.record({ code: fc.constantFrom(3, 8), data: fc.uint8Array({ maxLength: 2 }) }), {
      maxLength: 2,
    }),
  })
  .map(({ qname, qtype, dnssecOk, checkingDisabled, forUpstream }) => {
    const question = { qname, qtype, qclass: 1 }
    const options = { ofClient: [], forUpstream }
    const query = clientQuery('.', { question, dnssecOk, checkingDisabled, options })
    return Object.assign(query, { lowerName: lowerCase(qname) })
  })

const partsOf = ({ lowerName, question, dnssecOk, checkingDisabled, options }: Query) =>
  JSON.stringify([
    lowerName,
    question.qtype,
    dnssecOk,
    checkingDisabled,
    options.forUpstream.map(({ code, data }) => [code, [...data]]),
  ])

test('R15 F30 a reply is found by the queries that have all in common with its own, and by no other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyQuery, { minLength: 2, maxLength: 30 }), async (queries) => {
      const { cache, asked, answer } = cacheOfWhoAsked()
      for (const query of queries) {
        const reply = await cache.respond(query, answer)
        expect(textOf(reply)).toBe(partsOf(query))
      }
      expect(asked).toEqual([...new Set(queries.map(partsOf))])
    }),
    { numRuns: 50 },
  )
})

/** Whoever gets through to the upstream is told what it asked. */
function cacheOfWhoAsked() {
  const { cache } = cacheBench()
  const asked: string[] = []
  const answer = (query: Query): Reply => {
    const { qname: owner, qtype: rrtype } = query.question
    const parts = partsOf(query)
    asked.push(parts)
    return positive({
      owner,
      rrtype,
      ttlSeconds: 60,
      rdatas: [{ kind: 'OPAQUE', octets: Buffer.from(parts) }],
    })
  }
  return { cache, asked, answer }
}

function textOf({ answer }: Reply): string | undefined {
  const rdata = answer[0]?.rdatas[0]
  return rdata?.kind === 'OPAQUE' ? Buffer.from(rdata.octets).toString() : undefined
}
