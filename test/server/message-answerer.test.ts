import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createCounters } from '../../src/metrics/counters.ts'
import { MessageAnswerer } from '../../src/server/message-answerer.ts'
import { createServingPlan } from '../../src/server/serving-plan.ts'
import type { Reply, Responder } from '../../src/zone/responder.ts'
import {
  addresses,
  blockPlan,
  domainName,
  headerOf,
  positive,
  rawName,
  rawOpt,
  rawOption,
  rawQuery,
  rawQuestion,
  startTestServer,
  TcpClient,
  udpReply,
  UdpClient,
  uint16,
} from './harness.ts'

const FORMERR = 1
const NOTIMP = 4
const REFUSED = 5
const NOTHING = Buffer.alloc(0)

/** Flags of a query with this opcode, RD set. */
const opcode = (code: number): number => (code << 11) | 0x0100

/** A TSIG record with an unknown key. */
function rawTsig(rrclass = 255): Buffer {
  const rdata = Buffer.concat([rawName('hmac-sha256'), Buffer.alloc(6), uint16(300, 0, 1, 0, 0)])
  return Buffer.concat([rawName('key'), uint16(250, rrclass, 0, 0, rdata.length), rdata])
}

/** An A record of the root. */
const rawRecord = Buffer.concat([Buffer.of(0), uint16(1, 1, 0, 0, 4, 0, 0)])

/** A responder that counts how often it is asked. */
function counted(responder: Responder): { readonly responder: Responder; asked: number } {
  const counter = {
    asked: 0,
    responder: ((query, next) => {
      counter.asked++
      return responder(query, next)
    }) satisfies Responder,
  }
  return counter
}

async function serve(octets: Uint8Array, responder: Responder = addresses(1)) {
  const inner = counted(responder)
  await using server = await startTestServer([inner.responder])
  const reply = await udpReply(server.port, octets)
  return { reply, header: headerOf(reply), asked: inner.asked }
}

const nodata: Responder = () =>
  positive([], {
    authority: [
      {
        owner: domainName('cluster.local.'),
        rrtype: 6,
        ttlSeconds: 5,
        rdatas: [
          {
            kind: 'SOA',
            mname: domainName('ns.dns.cluster.local.'),
            rname: domainName('hostmaster.cluster.local.'),
            serial: 1,
            refresh: 7200,
            retry: 1800,
            expire: 86400,
            minimum: 5,
          },
        ],
      },
    ],
  })

/** Never answers names that begin with `slow`, and keeps the signals of those queries. */
function keeper(): { readonly responder: Responder; readonly signals: AbortSignal[] } {
  const signals: AbortSignal[] = []
  const responder: Responder = (query, next) => {
    if (!query.lowerName.startsWith('slow')) return next(query)
    signals.push(query.signal)
    return new Promise(() => {})
  }
  return { responder, signals }
}

/** A reply of nothing but a header. */
function expectBareHeader(reply: Buffer, rcode: number): void {
  expect(reply.length).toBe(12)
  expect(headerOf(reply)).toMatchObject({ qr: true, aa: false, tc: false, ad: false, z: false, rcode })
}

describe('header and envelope', () => {
  test('H01 datagrams of 0-11 octets get no reply', async () => {
    await using server = await startTestServer([addresses(1)])
    using client = await UdpClient.open(server.port)
    const short = Array.from({ length: 12 }, (_, length) => rawQuery().subarray(0, length))
    expect(await client.flood(short)).toEqual([])
    expect(server.counters.ignored).toBe(12)
  })

  test('H02 a header without question is FORMERR, header only', async () => {
    const { reply } = await serve(uint16(7, 0x0100, 0, 0, 0, 0))
    expectBareHeader(reply, FORMERR)
    expect(headerOf(reply)).toMatchObject({ id: 7, rd: true })
  })

  test('H03 responses of any opcode and rcode get no reply over UDP', async () => {
    await using server = await startTestServer([addresses(1)])
    using client = await UdpClient.open(server.port)
    const responses = Array.from({ length: 256 }, (_, index) =>
      rawQuery({ flags: 0x8000 | ((index >>> 4) << 11) | (index & 15) }),
    )
    expect(await client.flood(responses)).toEqual([])
  })

  test.each([
    ['same', rawQuestion('web.default.svc.cluster.local')],
    ['other name', rawQuestion('db.default.svc.cluster.local')],
    ['other type', rawQuestion('web.default.svc.cluster.local', 28)],
    ['other class', rawQuestion('web.default.svc.cluster.local', 1, 3)],
  ])('H04 two questions (%s) are FORMERR without a question', async (_, second) => {
    const { reply } = await serve(rawQuery({ counts: [2, 0, 0, 0], tail: second }))
    expectBareHeader(reply, FORMERR)
  })

  test('H05 QDCOUNT 65535 with one question is FORMERR', async () => {
    expectBareHeader((await serve(rawQuery({ counts: [65535, 0, 0, 0] }))).reply, FORMERR)
  })

  test('H06 record counts of 65535 without records are FORMERR', async () => {
    expectBareHeader((await serve(rawQuery({ counts: [1, 65535, 65535, 65535] }))).reply, FORMERR)
    expectBareHeader((await serve(uint16(1, 0, 0, 65535, 65535, 65535))).reply, FORMERR)
  })

  test.each([
    ['2 answers', [1, 2, 0, 0], 2],
    ['2 authorities', [1, 0, 2, 0], 2],
    ['3 additionals', [1, 0, 0, 3], 3],
  ] as const)('H07 a query with %s is FORMERR', async (_, counts, records) => {
    const tail = Buffer.concat(Array.from({ length: records }, () => rawRecord))
    expectBareHeader((await serve(rawQuery({ counts, tail }))).reply, FORMERR)
  })

  test('H08 opcode 15 is NOTIMP with the opcode echoed, with a question and without', async () => {
    for (const octets of [uint16(9, opcode(15), 0, 0, 0, 0), rawQuery({ flags: opcode(15) })]) {
      const { reply, asked } = await serve(octets)
      expectBareHeader(reply, NOTIMP)
      expect(headerOf(reply)).toMatchObject({ opcode: 15, rd: false })
      expect(asked).toBe(0)
    }
  })

  test.each([1, 2, 3, 6, 7, 14])('H09 opcode %i is NOTIMP', async (code) => {
    const { reply, header } = await serve(rawQuery({ flags: opcode(code) }))
    expectBareHeader(reply, NOTIMP)
    expect(header.opcode).toBe(code)
  })

  test('H10 TC in a query is ignored', async () => {
    const { header } = await serve(rawQuery({ flags: 0x0300 }))
    expect(header).toMatchObject({ rcode: 0, tc: false, counts: [1, 1, 0, 0] })
  })

  test('H11 Z in a query is ignored and clear in the reply', async () => {
    const { header } = await serve(rawQuery({ flags: 0x0140 }))
    expect(header).toMatchObject({ rcode: 0, z: false, counts: [1, 1, 0, 0] })
  })

  test('H12 AD is clear on our own data, CD is copied', async () => {
    const { header } = await serve(rawQuery({ flags: 0x0130 }), addresses(1, { authenticData: true }))
    expect(header).toMatchObject({ rcode: 0, aa: true, ad: false, cd: true })
  })

  test('H13 RD is copied, RA tells whether the block forwards', async () => {
    for (const recursionAvailable of [false, true]) {
      await using server = await startTestServer([addresses(1)], { block: { recursionAvailable } })
      for (const flags of [0, 0x0100]) {
        const header = headerOf(await udpReply(server.port, rawQuery({ flags })))
        expect(header).toMatchObject({ aa: true, rd: flags !== 0, ra: recursionAvailable })
      }
    }
  })

  test('H14 AA, RA and RCODE in a query are not echoed', async () => {
    const { header } = await serve(rawQuery({ flags: 0x0585 }), () =>
      positive([], { authoritativeAnswer: false }),
    )
    expect(header).toMatchObject({ aa: false, ra: false, rcode: 0, rd: true })
  })

  test('H15 ids 0 and 65535 are echoed', async () => {
    expect((await serve(rawQuery({ id: 0 }))).header.id).toBe(0)
    expect((await serve(rawQuery({ id: 65535 }))).header.id).toBe(65535)
  })

  test('H16 valid packets cut at every octet: silence below 12, else FORMERR of 12 octets', async () => {
    await using server = await startTestServer([addresses(1)])
    using client = await UdpClient.open(server.port)
    const names = [
      'a',
      'web.default.svc.cluster.local',
      'x'.repeat(63),
      '_http._tcp.web.default.svc.cluster.local',
    ]
    const packets = names.flatMap((label, index) => [
      rawQuery({ name: label, id: index }),
      rawQuery({ name: label, edns: {} }),
      rawQuery({ name: label, edns: { options: rawOption(3) } }),
      rawQuery({ name: label, counts: [1, 0, 1, 0], tail: rawRecord }),
      rawQuery({ name: label, counts: [1, 0, 0, 1], tail: rawTsig() }),
    ])
    expect(packets.length).toBe(20)
    for (const packet of packets) {
      const cuts = Array.from({ length: packet.length }, (_, length) => packet.subarray(0, length))
      const replies = await client.flood(cuts)
      expect(replies.length).toBe(packet.length - 12)
      for (const reply of replies) expectBareHeader(reply, FORMERR)
    }
    expect(server.errors).toEqual([])
  })

  test.each([1, 512, 4096, 65_000])('H17 %i octets after the message are ignored', async (size) => {
    const whole = await serve(rawQuery())
    const { reply } = await serve(rawQuery({ tail: Buffer.alloc(size, 0xaa) }))
    expect(reply).toEqual(whole.reply)
  })

  test('H18 the question is echoed octet by octet and matched without letter case', async () => {
    const { reply, header } = await serve(rawQuery({ name: 'wEB.deFAULT.Svc.CLUSTER.LocAL' }))
    const question = rawQuestion('wEB.deFAULT.Svc.CLUSTER.LocAL')
    expect(header).toMatchObject({ rcode: 0, counts: [1, 1, 0, 0] })
    expect(reply.subarray(12, 12 + question.length)).toEqual(question)
  })

  test('H19 a record whose RDLENGTH passes the end is FORMERR', async () => {
    const tail = Buffer.concat([Buffer.of(0), uint16(1, 1, 0, 0, 5, 0, 0)])
    expectBareHeader((await serve(rawQuery({ counts: [1, 0, 0, 1], tail }))).reply, FORMERR)
  })

  test('H20 TSIG: an unknown key is ignored; not the last record or of another class is FORMERR', async () => {
    const good = await serve(rawQuery({ counts: [1, 0, 0, 1], tail: rawTsig() }))
    expect(good.header).toMatchObject({ rcode: 0, counts: [1, 1, 0, 0] })
    const notLast = rawQuery({ counts: [1, 0, 0, 2], tail: Buffer.concat([rawTsig(), rawOpt({})]) })
    expect((await serve(notLast)).header.rcode).toBe(FORMERR)
    const wrongClass = rawQuery({ counts: [1, 0, 0, 1], tail: rawTsig(1) })
    expect((await serve(wrongClass)).header.rcode).toBe(FORMERR)
  })

  test('N17 root, underscore, xn-- and upper-case names are answered', async () => {
    await using server = await startTestServer([addresses(1)])
    for (const label of ['_x', 'xn--bcher-kva', 'WEB']) {
      const reply = await udpReply(server.port, rawQuery({ name: `${label}.cluster.local` }))
      expect(headerOf(reply)).toMatchObject({ rcode: 0, counts: [1, 1, 0, 0] })
    }
    expect(headerOf(await udpReply(server.port, rawQuery({ name: '.' }))).rcode).toBe(REFUSED)
  })
})

describe('types, classes, opcodes', () => {
  test('T01 an unknown type at an existing name is NODATA with SOA and AA', async () => {
    const { header } = await serve(rawQuery({ type: 1000 }), nodata)
    expect(header).toMatchObject({ rcode: 0, aa: true, counts: [1, 0, 1, 0] })
  })

  test('T02 ANY over UDP is never larger than other answers', async () => {
    const { reply, header } = await serve(rawQuery({ type: 255 }), addresses(100))
    expect(reply.length).toBeLessThanOrEqual(512)
    expect(header.tc).toBe(true)
  })

  test.each([
    ['T03 AXFR', 252, NOTHING, 0],
    ['T04 IXFR', 251, rawRecord, 1],
  ] as const)(
    '%s is REFUSED over UDP and TCP, and the connection lives',
    async (_, type, tail, authorities) => {
      const inner = counted(addresses(1))
      await using server = await startTestServer([inner.responder])
      const transfer = rawQuery({ type, tail, counts: [1, 0, authorities, 0] })
      expect(headerOf(await udpReply(server.port, transfer))).toMatchObject({
        rcode: REFUSED,
        counts: [1, 0, 0, 0],
      })
      using client = await TcpClient.open(server.port)
      expect(headerOf(await client.exchange(transfer)).rcode).toBe(REFUSED)
      expect(inner.asked).toBe(0)
      expect(headerOf(await client.exchange(rawQuery())).rcode).toBe(0)
    },
  )

  test('T05 NOTIFY is REFUSED and nobody is asked', async () => {
    const { reply, asked } = await serve(
      rawQuery({ flags: opcode(4), type: 6, counts: [1, 1, 0, 0], tail: rawRecord }),
    )
    expectBareHeader(reply, REFUSED)
    expect(headerOf(reply)).toMatchObject({ opcode: 4, rd: false })
    expect(asked).toBe(0)
  })

  test('T06 UPDATE is NOTIMP, malformed deletes too', async () => {
    const badDelete = Buffer.concat([rawName('web'), uint16(255, 255, 0, 0, 500)])
    for (const tail of [rawRecord, badDelete, NOTHING]) {
      const { reply } = await serve(rawQuery({ flags: opcode(5), type: 6, counts: [1, 0, 1, 0], tail }))
      expectBareHeader(reply, NOTIMP)
      expect(headerOf(reply).opcode).toBe(5)
    }
  })

  test.each(['version.bind', 'version.server', 'id.server', 'hostname.bind'])(
    'T07 CH TXT %s is REFUSED',
    async (label) => {
      const { header, asked } = await serve(rawQuery({ name: label, type: 16, class: 3 }))
      expect(header).toMatchObject({ rcode: REFUSED, aa: false, counts: [1, 0, 0, 0] })
      expect(asked).toBe(0)
    },
  )

  test.each([0, 2, 3, 4, 254, 255])('T08 class %i is REFUSED and nobody is asked', async (rrclass) => {
    const { header, asked } = await serve(rawQuery({ class: rrclass }))
    expect(header).toMatchObject({ rcode: REFUSED, counts: [1, 0, 0, 0] })
    expect(asked).toBe(0)
  })

  test.each([0, 41, 249, 250, 253, 254, 65535])('T09 type %i is NOTIMP and nobody is asked', async (type) => {
    const { header, asked } = await serve(rawQuery({ type }))
    expect(header).toMatchObject({ rcode: NOTIMP, aa: false, counts: [1, 0, 0, 0] })
    expect(asked).toBe(0)
  })
})

describe('MessageAnswerer', () => {
  const failing: readonly (readonly [string, Responder])[] = [
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ]
  test.each(failing)(
    'R07 R20 answers SERVFAIL for that query alone and reports it when a responder %s',
    async (_, responder) => {
      const onlyWeb: Responder = (query, next) =>
        query.lowerName.startsWith('web.') ? responder(query, next) : next(query)
      await using server = await startTestServer([onlyWeb, addresses(1)])
      const header = headerOf(await udpReply(server.port, rawQuery()))
      expect(header).toMatchObject({ rcode: 2, aa: false, rd: true, counts: [1, 0, 0, 0] })
      expect(server.errors).toEqual(['web.default.svc.cluster.local. A: broken'])
      expect(server.counters.failedResponders).toBe(1)
    },
  )

  test('answers SERVFAIL when a reply cannot be composed', async () => {
    const broken: Reply = {
      ...positive([]),
      get answer(): never {
        throw new Error('no records')
      },
    }
    await using server = await startTestServer([() => broken])
    expect(headerOf(await udpReply(server.port, rawQuery()))).toMatchObject({
      rcode: 2,
      counts: [1, 0, 0, 0],
    })
    expect(server.errors).toEqual(['web.default.svc.cluster.local.: no records'])
  })

  test('REFUSED for a name that no block holds, AA clear', async () => {
    const { header } = await serve(rawQuery({ name: 'example.org' }))
    expect(header).toMatchObject({ rcode: REFUSED, aa: false, ra: false, rd: true, counts: [1, 0, 0, 0] })
  })

  test('answers SERVFAIL beyond its cap of waiting queries, and goes on with those that wait for nothing', async () => {
    const { responder, signals } = keeper()
    await using server = await startTestServer([responder, addresses(1)], {
      queryLimits: { maxInFlight: 2 },
    })
    using client = await UdpClient.open(server.port)
    const waiting = rawQuery({ name: 'slow.cluster.local' })
    const replies = await client.flood([waiting, waiting, waiting, waiting, rawQuery({ id: 5 })])
    expect(replies.map((reply) => headerOf(reply).rcode)).toEqual([2, 2, 0])
    expect(server.counters.shed).toBe(2)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true, true])
  })

  test('a client beyond its share gets SERVFAIL, and its waiting queries are kept', async () => {
    const { responder, signals } = keeper()
    await using server = await startTestServer([responder, addresses(1)], {
      queryLimits: { maxInFlight: 10, maxInFlightPerClient: 2 },
    })
    using client = await UdpClient.open(server.port)
    const waiting = rawQuery({ name: 'slow.cluster.local' })
    const replies = await client.flood([waiting, waiting, waiting])
    expect(replies.map((reply) => headerOf(reply).rcode)).toEqual([2])
    expect(server.counters).toMatchObject({ shed: 0, shedOfOneClient: 1 })
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true])
  })

  test('a client that fills everything loses its oldest query to another client, which is answered', async () => {
    const { responder, signals } = keeper()
    await using server = await startTestServer([responder, addresses(1)], {
      queryLimits: { maxInFlight: 4, maxInFlightPerClient: 4 },
    })
    using greedy = await UdpClient.open(server.port)
    const name = 'slow.cluster.local'
    expect(await greedy.flood([1, 2, 3, 4].map((id) => rawQuery({ id, name })))).toEqual([])
    using other = await UdpClient.open(server.port, '127.0.0.2')
    expect(await other.flood([rawQuery({ name, id: 5 })])).toEqual([])
    await expect.poll(() => greedy.replies.length).toBe(2)
    expect(headerOf(greedy.replies[1] ?? NOTHING)).toMatchObject({ id: 1, rcode: 2 })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false, false, false])
    expect(server.counters.shed).toBe(1)
  })

  test('answers by the plan of the moment', async () => {
    const plans = [createServingPlan([]), createServingPlan([blockPlan([addresses(1)])])]
    let current = 0
    const empty = createServingPlan([])
    await using server = await startTestServer([], { plan: () => plans[current] ?? empty })
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(REFUSED)
    current = 1
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(0)
  })

  test('waits for queries in flight when it drains', async () => {
    const { promise, resolve } = Promise.withResolvers<Reply>()
    const server = await startTestServer([() => promise])
    using client = await UdpClient.open(server.port)
    const reply = client.exchange(rawQuery())
    await expect.poll(() => server.counters.received).toBe(1)
    const closed = server.group.close({ graceMs: 5_000 })
    resolve(positive([]))
    await closed
    expect(headerOf((await reply) ?? NOTHING).rcode).toBe(0)
    expect(server.counters.abandoned).toBe(0)
  })

  const counters = createCounters()
  const plan = createServingPlan([blockPlan([addresses(3)])])
  const errors: unknown[] = []
  const answerer = new MessageAnswerer({ plan: () => plan, counters, onError: (error) => errors.push(error) })
  const local = { address: '127.0.0.1', port: 53 }
  const repliesTo = (octets: Uint8Array, transport: 'udp' | 'tcp'): number => {
    let count = 0
    const pending = answerer.respond(octets, { address: '127.0.0.1', port: 1, transport }, local, (reply) => {
      count++
      expect(reply.length).toBeLessThanOrEqual(1232)
    })
    expect(pending).toBeUndefined()
    return count
  }

  test('any octets get at most one reply and nothing throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('udp', 'tcp'), (octets, transport) => {
        expect(repliesTo(octets, transport)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 2_000 },
    )
    expect(errors).toEqual([])
  })

  test('any query with some octets changed gets one reply unless it became a response', () => {
    const valid = rawQuery({ edns: { options: rawOption(10, Buffer.alloc(8)) } })
    const change = fc.tuple(fc.nat(valid.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const octets = Buffer.from(valid)
        for (const [index, value] of changes) octets[index] = value
        expect(repliesTo(octets, 'udp')).toBe(headerOf(octets).qr ? 0 : 1)
      }),
      { numRuns: 2_000 },
    )
    expect(errors).toEqual([])
  })
})
