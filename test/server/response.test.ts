import { describe, expect, test } from 'vitest'

import { parseMessage } from '../../src/wire/message.ts'
import type { Message } from '../../src/wire/message.ts'
import type { Reply, Responder } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import type { RawQuery, TestServerOptions } from './harness.ts'
import {
  addresses,
  domainName,
  headerOf,
  positive,
  rawOpt,
  rawOption,
  rawQuery,
  startTestServer,
  TcpClient,
  udpReply,
  uint16,
} from './harness.ts'

const FORMERR = 1
const SERVFAIL = 2
const NXDOMAIN = 3
const BADVERS = 16
const NAME = 'web.default.svc.cluster.local'
const EXTENDED_ERROR = 15
const QUESTION_OCTETS = 12 + NAME.length + 2 + 4
const OPT_OCTETS = 11

async function serve(
  query: RawQuery | Buffer,
  responder: Responder = addresses(1),
  options?: TestServerOptions,
) {
  await using server = await startTestServer([responder], options)
  const reply = await udpReply(server.port, Buffer.isBuffer(query) ? query : rawQuery(query))
  return { reply, header: headerOf(reply), message: messageOf(reply) }
}

async function serveTcp(query: RawQuery, responder: Responder, options?: TestServerOptions) {
  await using server = await startTestServer([responder], options)
  using client = await TcpClient.open(server.port)
  const reply = await client.exchange(rawQuery(query))
  return { reply, header: headerOf(reply), message: messageOf(reply) }
}

function messageOf(reply: Buffer): Message {
  const parsed = parseMessage(reply)
  if (!parsed.ok) throw new Error(`malformed ${parsed.where}`)
  return parsed.message
}

const negative =
  (text: string, more: Partial<Reply> = {}): Responder =>
  () => ({
    rcode: NXDOMAIN,
    authoritativeAnswer: true,
    answer: [],
    authority: [],
    additional: [],
    extendedError: { code: 0, text },
    ...more,
  })

/** TXT data of exactly `size` octets. */
function txtOfSize(size: number): RRset {
  const strings: string[] = []
  for (let left = size; left > 0; left -= Math.min(left, 256))
    strings.push('x'.repeat(Math.min(left, 256) - 1))
  return { owner: domainName(NAME), rrtype: 16, ttlSeconds: 5, rdatas: [{ kind: 'TXT', strings }] }
}

const glue = (count: number): RRset => ({
  owner: domainName('glue.cluster.local.'),
  rrtype: 1,
  ttlSeconds: 5,
  rdatas: Array.from({ length: count }, (_, address) => ({ kind: 'A', address })),
})

const extendedErrorIn = (message: Message): { code: number; text: string } | undefined => {
  const data = message.opt?.options.find(({ code }) => code === EXTENDED_ERROR)?.data
  if (data === undefined) return undefined
  const octets = Buffer.from(data)
  return { code: octets.readUInt16BE(0), text: octets.toString('utf8', 2) }
}

describe('EDNS', () => {
  test('E01 version 0 gets an OPT of version 0, AA kept', async () => {
    const { message, header } = await serve({ edns: {} })
    expect(message.opt).toMatchObject({ version: 0, options: [] })
    expect(header).toMatchObject({ rcode: 0, aa: true, counts: [1, 1, 0, 1] })
  })

  test.each([
    ['alone', {}],
    ['with an unknown flag', { flags: 0x4000 }],
    ['with an unknown option', { options: rawOption(100) }],
    ['with DO', { flags: 0x8000 }],
  ])('E02 version 1 %s gets BADVERS with an OPT of version 0 and no answer', async (_, edns) => {
    const { message } = await serve({ edns: { version: 1, ...edns } })
    expect(message).toMatchObject({
      rcode: BADVERS,
      authoritativeAnswer: false,
      answer: [],
      opt: { version: 0 },
    })
    expect(message.opt?.udpPayloadSize).toBe(1232)
  })

  test('E03 a query without OPT gets a reply without', async () => {
    expect((await serve({})).header.counts).toEqual([1, 1, 0, 0])
  })

  test('E04 two OPT records are FORMERR', async () => {
    const { header } = await serve({ edns: {}, counts: [1, 0, 0, 2], tail: rawOpt({}) })
    expect(header).toMatchObject({ rcode: FORMERR, counts: [0, 0, 0, 1] })
  })

  test('E05 an OPT that the root does not own is FORMERR', async () => {
    const { header } = await serve({
      counts: [1, 0, 0, 1],
      tail: rawOpt({}, Buffer.from('\u0001a\0', 'latin1')),
    })
    expect(header.rcode).toBe(FORMERR)
  })

  test.each([
    ['answer', [1, 1, 0, 0]],
    ['authority', [1, 0, 1, 0]],
  ] as const)('E06 an OPT in the %s section is FORMERR', async (_, counts) => {
    expect((await serve({ counts, tail: rawOpt({}) })).header.rcode).toBe(FORMERR)
  })

  test.each([0, 100, 511])('E07 a payload size of %i counts as 512', async (size) => {
    const { reply, header } = await serve({ edns: { size } }, addresses(100))
    expect(header.tc).toBe(true)
    expect(reply.length).toBeLessThanOrEqual(512)
    expect(reply.length).toBeGreaterThan(512 - 16)
  })

  test('E08 a payload size of 65535 is cut to ours', async () => {
    const { reply, header } = await serve({ edns: { size: 65535 } }, addresses(100))
    expect(header.tc).toBe(true)
    expect(reply.length).toBeLessThanOrEqual(1232)
    expect(reply.length).toBeGreaterThan(1232 - 16)
  })

  test('E09 an option past the rdata, and rdata of 1 to 3 octets, are FORMERR', async () => {
    const past = Buffer.concat([uint16(100, 5), Buffer.alloc(4)])
    for (const options of [past, Buffer.alloc(1), Buffer.alloc(2), Buffer.alloc(3)]) {
      expect((await serve({ edns: { options } })).header.rcode).toBe(FORMERR)
    }
  })

  test('E10 option 100 is ignored and not echoed', async () => {
    const { message } = await serve({ edns: { options: rawOption(100, Buffer.of(1, 2)) } })
    expect(message).toMatchObject({ rcode: 0, opt: { options: [] } })
  })

  test('E11 an unknown EDNS flag is zero in the reply', async () => {
    const { reply } = await serve({ edns: { flags: 0x7fff } })
    expect(reply.readUInt16BE(reply.length - 4)).toBe(0)
  })

  test('E13 DO is copied, and the answer is the plain one', async () => {
    const { message, header } = await serve({ edns: { flags: 0x8000 } })
    expect(message.opt?.dnssecOk).toBe(true)
    expect(header.counts).toEqual([1, 1, 0, 1])
  })

  test('E14 NSID, empty or not, gets nothing where no id is configured', async () => {
    for (const data of [Buffer.alloc(0), Buffer.from('x')]) {
      expect((await serve({ edns: { options: rawOption(3, data) } })).message.opt?.options).toEqual([])
    }
  })

  test('E14 NSID gets the id of the block, and keeps its place when the reply is cut or the reason dropped', async () => {
    const block = { nsid: Buffer.from('replica-1') }
    const query = { edns: { size: 512, options: rawOption(3) } }
    const said = [{ code: 3, data: new Uint8Array(block.nsid) }]
    const { message, header, reply } = await serve(query, addresses(100), { block })
    expect(header.tc).toBe(true)
    expect(reply.length).toBeLessThanOrEqual(512)
    expect(message.opt?.options.map(({ code, data }) => ({ code, data: new Uint8Array(data) }))).toEqual(said)
    const long = await serve(query, negative('x'.repeat(450)), { block })
    expect(long.message.opt?.options.map(({ code }) => code)).toEqual([3, EXTENDED_ERROR])
    expect(extendedErrorIn(long.message)?.text).toBe('')
    const unasked = await serve({ edns: {} }, addresses(1), { block })
    expect(unasked.message.opt?.options).toEqual([])
  })

  test('E17 tcp-keepalive is ignored over UDP and TCP', async () => {
    const query = { edns: { options: rawOption(11) } }
    expect((await serve(query)).message).toMatchObject({ rcode: 0, opt: { options: [] } })
    expect((await serveTcp(query, addresses(1))).message).toMatchObject({ rcode: 0, opt: { options: [] } })
  })

  test('E18 Client Subnet is ignored and not echoed', async () => {
    const subnet = rawOption(8, Buffer.of(0, 1, 24, 0, 192, 0, 2))
    expect((await serve({ edns: { options: subnet } })).message).toMatchObject({
      rcode: 0,
      opt: { options: [] },
    })
  })

  test('E19 a failure without OPT has no Extended DNS Error, with OPT it has', async () => {
    const responder = negative('no such service "web"', { rcode: SERVFAIL })
    expect((await serve({}, responder)).header).toMatchObject({ rcode: SERVFAIL, counts: [1, 0, 0, 0] })
    const { message } = await serve({ edns: {} }, responder)
    expect(extendedErrorIn(message)).toEqual({ code: 0, text: 'no such service "web"' })
  })

  test('E19 the text is dropped first when space is short, then additional records, never with TC', async () => {
    const text = 'x'.repeat(400)
    const answer = [txtOfSize(100)]
    const full = await serve(
      { edns: { size: 512 } },
      negative('short', { answer, rcode: 0, additional: [glue(3)] }),
    )
    expect(extendedErrorIn(full.message)?.text).toBe('short')
    const short = await serve(
      { edns: { size: 512 } },
      negative(text, { answer, rcode: 0, additional: [glue(3)] }),
    )
    expect(extendedErrorIn(short.message)).toEqual({ code: 0, text: '' })
    expect(short.header).toMatchObject({ tc: false, counts: [1, 1, 0, 4] })
    const shorter = await serve(
      { edns: { size: 512 } },
      negative(text, { answer, rcode: 0, additional: [glue(90)] }),
    )
    expect(shorter.header.tc).toBe(false)
    expect(extendedErrorIn(shorter.message)).toEqual({ code: 0, text: '' })
    expect(shorter.message.additional.length).toBeGreaterThan(10)
  })

  test('E20 an answer too large is cut to whole records with TC, question and OPT', async () => {
    const { message, header, reply } = await serve({ edns: { size: 512 } }, addresses(100))
    const fit = Math.floor((512 - QUESTION_OCTETS - OPT_OCTETS) / 16)
    expect(header).toMatchObject({ tc: true, counts: [1, fit, 0, 1] })
    expect(message.opt).toBeDefined()
    expect(reply.length).toBe(QUESTION_OCTETS + fit * 16 + OPT_OCTETS)
  })

  test('E22 every OPT advertises our own size, version 0 and known options only', async () => {
    const options = Buffer.concat([
      rawOption(100),
      rawOption(3),
      rawOption(10, Buffer.alloc(8)),
      rawOption(12),
    ])
    expect((await serve({ edns: { size: 4096, options } })).message.opt).toEqual({
      udpPayloadSize: 1232,
      version: 0,
      dnssecOk: false,
      options: [],
    })
    const block = { udpPayloadSizeOctets: 700 }
    const { message, reply } = await serve({ edns: { size: 4096 } }, addresses(100), { block })
    expect(message.opt?.udpPayloadSize).toBe(700)
    expect(reply.length).toBeLessThanOrEqual(700)
  })

  test.each([
    [512, undefined],
    [512, { size: 512 }],
    [1232, { size: 1232 }],
    [1232, { size: 4096 }],
  ])('E23 an answer of exactly %i octets is whole, one octet more is TC (EDNS %j)', async (limit, edns) => {
    const size = limit - QUESTION_OCTETS - (edns === undefined ? 0 : OPT_OCTETS) - 12
    const query = edns === undefined ? {} : { edns }
    const whole = await serve(query, () => positive([txtOfSize(size)]))
    expect(whole.reply.length).toBe(limit)
    expect(whole.header).toMatchObject({ tc: false, counts: [1, 1, 0, edns === undefined ? 0 : 1] })
    const cut = await serve(query, () => positive([txtOfSize(size + 1)]))
    expect(cut.header).toMatchObject({ tc: true, counts: [1, 0, 0, edns === undefined ? 0 : 1] })
  })
})

describe('composeResponse', () => {
  test('U10 no UDP reply exceeds 1232 octets, whatever the client says', async () => {
    expect((await serve({ edns: { size: 4096 } }, addresses(4_000))).reply.length).toBeLessThanOrEqual(1232)
  })

  test('drops additional records first and without TC', async () => {
    const { header, reply } = await serve({}, () => positive([txtOfSize(300)], { additional: [glue(60)] }))
    expect(header).toMatchObject({ tc: false, counts: [1, 1, 0, 9] })
    expect(reply.length).toBeLessThanOrEqual(512)
  })

  test('sets TC when authority is cut, and leaves additional out then', async () => {
    const { header } = await serve({}, () =>
      positive([txtOfSize(400)], { authority: [txtOfSize(200)], additional: [glue(1)] }),
    )
    expect(header).toMatchObject({ tc: true, counts: [1, 1, 0, 0] })
    const earlier = await serve({}, () => positive([txtOfSize(500)], { authority: [txtOfSize(10)] }))
    expect(earlier.header).toMatchObject({ tc: true, counts: [1, 0, 0, 0] })
  })

  test('fills TCP replies up to 65535 octets', async () => {
    const { header, reply } = await serveTcp({}, addresses(5_000))
    expect(header.tc).toBe(true)
    expect(reply.length).toBeLessThanOrEqual(65_535)
    expect(reply.length).toBeGreaterThan(65_535 - 16)
    expect((await serveTcp({}, addresses(4_000))).header).toMatchObject({
      tc: false,
      counts: [1, 4_000, 0, 0],
    })
  })

  test('shows AD of an upstream to clients that set AD or DO, and to no others', async () => {
    const upstream = addresses(1, { authoritativeAnswer: false, authenticData: true })
    expect((await serve({}, upstream)).header.ad).toBe(false)
    expect((await serve({ flags: 0x0120 }, upstream)).header.ad).toBe(true)
    expect((await serve({ edns: { flags: 0x8000 } }, upstream)).header.ad).toBe(true)
    expect((await serve({ edns: {} }, upstream)).header.ad).toBe(false)
  })

  test('empties the sections of an error, and clears AA, AD and TC', async () => {
    const responder = negative('not synced', { rcode: SERVFAIL, authority: [glue(90)], authenticData: true })
    const { header } = await serve({ flags: 0x0120 }, responder)
    expect(header).toMatchObject({ rcode: SERVFAIL, aa: false, ad: false, tc: false, counts: [1, 0, 0, 0] })
  })

  test('keeps the chain that ends in an error', async () => {
    const responder = negative('loop', { rcode: SERVFAIL, answer: [glue(2)] })
    expect((await serve({}, responder)).header).toMatchObject({
      rcode: SERVFAIL,
      aa: true,
      counts: [1, 2, 0, 0],
    })
  })

  test('sends SERVFAIL for an RCODE above 15 to a client without EDNS', async () => {
    const responder = negative('?', { rcode: 23 })
    expect((await serve({}, responder)).header.rcode).toBe(SERVFAIL)
    expect((await serve({ edns: {} }, responder)).message.rcode).toBe(23)
  })

  test('explain code sends the code alone, off sends nothing', async () => {
    const code = await serve({ edns: {} }, negative('why'), { block: { explain: 'code' } })
    expect(extendedErrorIn(code.message)).toEqual({ code: 0, text: '' })
    const off = await serve({ edns: {} }, negative('why'), { block: { explain: 'off' } })
    expect(off.message.opt?.options).toEqual([])
  })

  test('explains refusals: no block, chain without an answer, malformed, opcode', async () => {
    const cases: readonly (readonly [RawQuery, number, RegExp])[] = [
      [{ edns: {}, name: 'example.org' }, 20, /no server block/],
      [{ edns: {} }, 20, /no directive/],
      [{ edns: {}, counts: [1, 0, 0, 2], tail: rawOpt({}) }, 0, /malformed/],
      [{ edns: {}, flags: 0x2800 }, 21, /opcode/],
      [{ edns: {}, type: 250 }, 21, /type TSIG/],
    ]
    for (const [query, code, text] of cases) {
      const error = extendedErrorIn((await serve(query, (asked, next) => next(asked))).message)
      expect(error?.code).toBe(code)
      expect(error?.text).toMatch(text)
    }
  })

  test('sets RA in rejections of names of a block that forwards', async () => {
    const block = { recursionAvailable: true }
    expect((await serve({ type: 250 }, addresses(1), { block })).header).toMatchObject({ rcode: 4, ra: true })
    expect((await serve({ edns: { version: 1 } }, addresses(1), { block })).header.ra).toBe(true)
  })
})
