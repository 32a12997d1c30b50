import { describe, expect, test } from 'vitest'

import { composeChain } from '../../src/server/chain.ts'
import { MAX_CNAME_LINKS } from '../../src/zone/cname-chain.ts'
import type { Query, Reply, Responder, Sent } from '../../src/zone/responder.ts'
import {
  addresses,
  domainName,
  headerOf,
  positive,
  rawQuery,
  startTestServer,
  udpReply,
  UdpClient,
  until,
} from './harness.ts'

const target = domainName('target.cluster.local.')
const isPlainQuery = (query: Query): boolean => query.lowerName.startsWith('web.')

/** Passes the query on twice, the second time with another question. */
const rewrite: Responder = async (query, next) => {
  await next(query)
  return next(query.withQuestion({ ...query.question, qname: domainName('Other.cluster.local.') }))
}

/** Asks below itself, where it breaks, and says NXDOMAIN when it was told SERVFAIL. */
const brokenBelow: Responder = async (query) => {
  if (!isPlainQuery(query)) throw new Error('broken')
  const nested = await query.resolve({ ...query.question, qname: target })
  return positive([], { rcode: nested.rcode === 2 ? 3 : 0 })
}

const chase: Responder = (query, next) =>
  isPlainQuery(query) ? query.resolve({ ...query.question, qname: target }) : next(query)

describe('composeChain', () => {
  test('asks in order, and may be asked again with another question', async () => {
    const seen: string[] = []
    const note =
      (label: string): Responder =>
      (query, next) => {
        seen.push(`${label} ${query.lowerName}`)
        return next(query)
      }
    await using server = await startTestServer([note('first'), rewrite, note('last'), addresses(1)])
    expect(headerOf(await udpReply(server.port, rawQuery({ name: 'a.cluster.local' }))).rcode).toBe(0)
    expect(seen).toEqual(['first a.cluster.local.', 'last a.cluster.local.', 'last other.cluster.local.'])
  })

  test('ends in SERVFAIL that says so', async () => {
    const replies: Reply[] = []
    const end = composeChain([])
    await using server = await startTestServer([
      async (query) => {
        replies.push(await end(query))
        return end(query)
      },
    ])
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(2)
    expect(replies[0]).toMatchObject({ rcode: 2, unanswered: true, extendedError: { code: 20 } })
  })
})

describe('ServerQuery resolve', () => {
  test('re-enters block selection one deeper, as the same client', async () => {
    const seen: Query[] = []
    const responder: Responder = (query, next) => {
      seen.push(query)
      return isPlainQuery(query) ? query.resolve({ ...query.question, qname: target }) : next(query)
    }
    await using server = await startTestServer([responder, addresses(1)])
    await udpReply(server.port, rawQuery({ id: 77, edns: { size: 1400, flags: 0x8000 } }))
    expect(seen.map(({ lowerName, depth }) => [lowerName, depth])).toEqual([
      ['web.default.svc.cluster.local.', 0],
      ['target.cluster.local.', 1],
    ])
    const [outer, inner] = seen
    expect(inner).toMatchObject({ id: 77, dnssecOk: true, udpPayloadSize: 1400, client: outer?.client })
    expect(inner?.signal).toBe(outer?.signal)
  })

  test('gives REFUSED with unanswered set where no block holds the name', async () => {
    const replies: Reply[] = []
    await using server = await startTestServer([
      async (query) => {
        replies.push(await query.resolve({ ...query.question, qname: domainName('example.org.') }))
        return positive([])
      },
    ])
    await udpReply(server.port, rawQuery())
    expect(replies).toMatchObject([{ rcode: 5, unanswered: true }])
  })

  test('gives SERVFAIL beyond 12 links, so that a circle ends', async () => {
    let asked = 0
    const circle: Responder = (query) => {
      asked++
      return query.resolve(query.question)
    }
    await using server = await startTestServer([circle])
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(2)
    expect(asked).toBe(MAX_CNAME_LINKS + 1)
    expect(MAX_CNAME_LINKS).toBe(12)
  })

  test('turns what a nested responder throws into SERVFAIL for that question alone', async () => {
    await using server = await startTestServer([brokenBelow])
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(3)
    expect(server.errors).toEqual(['target.cluster.local. A: broken'])
  })
})

describe('ServerQuery withRecursionDesired', () => {
  test('changes RD for what comes behind and what it resolves, not in the reply', async () => {
    const seen: Query[] = []
    const behind: Responder = (query, next) => {
      seen.push(query)
      return isPlainQuery(query) ? query.resolve({ ...query.question, qname: target }) : next(query)
    }
    await using server = await startTestServer([withoutRecursion, behind, addresses(1)])
    const reply = await udpReply(server.port, rawQuery({ id: 77 }))
    expect(seen.map(({ recursionDesired, depth }) => [recursionDesired, depth])).toEqual([
      [false, 0],
      [false, 1],
    ])
    expect(seen[0]).toMatchObject({ id: 77, lowerName: 'web.default.svc.cluster.local.' })
    expect(headerOf(reply).rd).toBe(true)
  })
})

describe('ServerQuery onReplied', () => {
  test('tells each listener once, with what was sent and the query it listened on', async () => {
    const told: { sent: Sent; name: string }[] = []
    const listen: Responder = (query, next) => {
      query.onReplied((sent, { lowerName }) => told.push({ sent, name: lowerName }))
      return next(query)
    }
    await using server = await startTestServer([listen, chase, addresses(100)], {
      block: { recursionAvailable: true },
    })
    const reply = await udpReply(server.port, rawQuery())
    await until(() => told.length === 2, 1_000)
    const sent: Sent = {
      rcode: 0,
      sizeOctets: reply.length,
      authoritativeAnswer: true,
      truncated: true,
      recursionAvailable: true,
      authenticData: false,
    }
    expect(told).toEqual([
      { sent, name: 'web.default.svc.cluster.local.' },
      { sent, name: 'target.cluster.local.' },
    ])
  })

  test('reports what a listener throws and still tells the others', async () => {
    let told = 0
    const listen: Responder = (query, next) => {
      query.onReplied(() => {
        throw new Error('broken listener')
      })
      query.onReplied(() => told++)
      return next(query)
    }
    await using server = await startTestServer([listen, addresses(1)])
    await udpReply(server.port, rawQuery())
    expect(await until(() => told === 1, 1_000)).toBe(true)
    expect(server.errors).toEqual(['web.default.svc.cluster.local.: broken listener'])
  })
})

describe('ServerQuery signal', () => {
  test('is aborted when the server closes before the answer is there, looked at before or after', async () => {
    const signals: AbortSignal[] = []
    const queries: Query[] = []
    const server = await startTestServer([
      (query) => {
        queries.push(query)
        if (queries.length === 1) signals.push(query.signal)
        return new Promise(() => {})
      },
    ])
    using client = await UdpClient.open(server.port)
    client.send(rawQuery())
    client.send(rawQuery())
    await until(() => queries.length === 2, 1_000)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    await server.group.close({ graceMs: 0 })
    expect(queries.map(({ signal }) => signal.aborted)).toEqual([true, true])
    expect(server.counters.abandoned).toBe(2)
  })
})

const withoutRecursion: Responder = (query, next) =>
  next(query.depth === 0 ? query.withRecursionDesired(false) : query)
