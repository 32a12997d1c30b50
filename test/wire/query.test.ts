import { describe, expect, test } from 'vitest'
import { parseQuery } from '../../src/wire/query.ts'
import { Rcode } from '../../src/wire/rcode.ts'
import { WEB_A, nameOctets, opt, packet, questionOctets, record, uint16 } from './packet.ts'

const FORMERR = { ok: false, action: 'reply', rcode: Rcode.FORMERR, question: undefined }
const NOTIMP = { ok: false, action: 'reply', rcode: Rcode.NOTIMP }
const IGNORED = { ok: false, action: 'ignore' }
const WEB = 'web.default.svc.cluster.local.'
const A_RECORD = record(nameOctets('x.'), 1, [10, 0, 0, 1])
const TSIG_RDATA = [...nameOctets('hmac-sha256.'), 0, 0, 0, 0, 0, 1, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0]

const asked = (qname: readonly number[]): Uint8Array => packet({ question: [...qname, 0, 1, 0, 1] })
const labels = (count: number, size: number): number[] =>
  Array.from({ length: count }, () => [size, ...Array.from({ length: size }, () => 0x61)]).flat()

describe('parseQuery: header and envelope', () => {
  test('parseQuery reads a plain query with OPT', () => {
    expect(parseQuery(packet({ additional: [opt()] }))).toEqual({
      ok: true,
      id: 0x1234,
      recursionDesired: true,
      checkingDisabled: false,
      authenticData: false,
      question: { qname: WEB, qtype: 1, qclass: 1 },
      lowerName: WEB,
      opt: { udpPayloadSize: 1232, version: 0, dnssecOk: false, options: [] },
    })
  })

  test('H01 datagrams of 0-11 octets get no reply', () => {
    for (let size = 0; size < 12; size++) expect(parseQuery(packet({}).subarray(0, size))).toEqual(IGNORED)
    expect(parseQuery(new Uint8Array(11).fill(0xff))).toEqual(IGNORED)
  })

  test('H02 a header without a question is FORMERR', () => {
    expect(parseQuery(packet({ question: [] }))).toMatchObject({
      ...FORMERR,
      id: 0x1234,
      recursionDesired: true,
    })
  })

  test('H03 a response is never answered, whatever its opcode and rcode', () => {
    for (let opcode = 0; opcode < 16; opcode++) {
      for (let rcode = 0; rcode < 16; rcode++) {
        const flags = 0x8000 | (opcode << 11) | rcode
        expect(parseQuery(packet({ flags }))).toEqual(IGNORED)
        expect(parseQuery(packet({ flags, question: [] }))).toEqual(IGNORED)
      }
    }
  })

  test.each([
    ['the same', WEB_A],
    ['another name', questionOctets('other.default.svc.cluster.local.')],
    ['another type', questionOctets(WEB, 28)],
    ['another class', questionOctets(WEB, 1, 3)],
  ])('H04 two questions, the second with %s, are FORMERR without a question', (_, second) => {
    const octets = packet({ question: [...WEB_A, ...second], counts: { qd: 2 }, additional: [opt()] })
    expect(parseQuery(octets)).toMatchObject({ ...FORMERR, opt: { version: 0 } })
  })

  test('H05 a claim of 65535 questions is FORMERR', () => {
    expect(parseQuery(packet({ counts: { qd: 0xffff } }))).toMatchObject(FORMERR)
  })

  test.each(['an', 'ns', 'ar'])(
    'H06 a claim of 65535 records (%s) in an empty body is FORMERR at once',
    (section) => {
      const octets = packet({ counts: { [section]: 0xffff } })
      const start = performance.now()
      for (let round = 0; round < 1000; round++) expect(parseQuery(octets)).toMatchObject(FORMERR)
      expect(performance.now() - start).toBeLessThan(2000)
      expect(parseQuery(packet({ question: [], counts: { [section]: 0xffff } }))).toMatchObject(FORMERR)
    },
  )

  test('H07 more than one answer or authority record, more than two additional ones are FORMERR', () => {
    const records = [A_RECORD, A_RECORD]
    expect(parseQuery(packet({ answer: records }))).toMatchObject(FORMERR)
    expect(parseQuery(packet({ authority: records }))).toMatchObject(FORMERR)
    expect(parseQuery(packet({ additional: [...records, opt()] }))).toMatchObject({
      ...FORMERR,
      opt: { version: 0 },
    })
    expect(
      parseQuery(packet({ answer: [A_RECORD], authority: [A_RECORD], additional: records })),
    ).toMatchObject({
      ok: true,
    })
  })

  test('H08 opcode 15 is NOTIMP, with and without a question', () => {
    const flags = 15 << 11
    const expected = { ...NOTIMP, opcode: 15, question: undefined, recursionDesired: false, id: 0x1234 }
    expect(parseQuery(packet({ flags, question: [] }))).toMatchObject(expected)
    expect(parseQuery(packet({ flags: flags | 0x0110 }))).toMatchObject({
      ...expected,
      checkingDisabled: false,
    })
    expect(parseQuery(packet({ flags, additional: [opt()] }))).toMatchObject({
      ...expected,
      opt: { version: 0 },
    })
  })

  test.each([
    ['IQUERY', 1],
    ['STATUS', 2],
    ['opcode 3', 3],
    ['DSO', 6],
  ])('H09 %s is NOTIMP', (_, opcode) => {
    expect(parseQuery(packet({ flags: opcode << 11 }))).toMatchObject({ ...NOTIMP, opcode })
    expect(parseQuery(packet({ flags: opcode << 11, question: [] }))).toMatchObject({ ...NOTIMP, opcode })
  })

  test('H10 TC in a query is ignored', () => {
    expect(parseQuery(packet({ flags: 0x0300 }))).toEqual(parseQuery(packet({ flags: 0x0100 })))
  })

  test('H11 Z in a query is ignored', () => {
    expect(parseQuery(packet({ flags: 0x0140 }))).toEqual(parseQuery(packet({ flags: 0x0100 })))
  })

  test('H12 AD and CD are read', () => {
    expect(parseQuery(packet({ flags: 0x0020 }))).toMatchObject({
      authenticData: true,
      checkingDisabled: false,
    })
    expect(parseQuery(packet({ flags: 0x0010 }))).toMatchObject({
      authenticData: false,
      checkingDisabled: true,
    })
  })

  test('H13 RD is read', () => {
    expect(parseQuery(packet({ flags: 0 }))).toMatchObject({ ok: true, recursionDesired: false })
    expect(parseQuery(packet({ flags: 0x0100 }))).toMatchObject({ ok: true, recursionDesired: true })
  })

  test('H14 AA, RA and RCODE in a query are ignored', () => {
    expect(parseQuery(packet({ flags: 0x0100 | 0x0400 | 0x0080 | 0x0f }))).toEqual(parseQuery(packet({})))
  })

  test.each([0, 0xffff])('H15 id %i is kept', (id) => {
    expect(parseQuery(packet({ id }))).toMatchObject({ ok: true, id })
    expect(parseQuery(packet({ id, question: [] }))).toMatchObject({ ok: false, id })
  })

  test('H16 valid queries cut at every octet are ignored below 12 octets, FORMERR above', () => {
    const queries = [1, 28, 33, 12, 16].flatMap((qtype) => [
      packet({ question: questionOctets(WEB, qtype), additional: [opt()] }),
      packet({
        question: questionOctets(WEB, qtype),
        additional: [opt([0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8])],
      }),
      packet({ question: questionOctets('.', qtype), authority: [A_RECORD] }),
      packet({
        question: questionOctets('a\\.b.\\000.', qtype),
        answer: [A_RECORD],
        additional: [A_RECORD, opt()],
      }),
    ])
    expect(queries).toHaveLength(20)
    for (const octets of queries) {
      expect(parseQuery(octets)).toMatchObject({ ok: true })
      for (let size = 0; size < octets.length; size++) {
        expect(parseQuery(octets.slice(0, size))).toMatchObject(size < 12 ? IGNORED : FORMERR)
        // A view whose buffer goes on must not be read beyond its end.
        expect(parseQuery(octets.subarray(0, size))).toMatchObject(size < 12 ? IGNORED : FORMERR)
      }
    }
  })

  test.each([1, 12, 512, 65_000])('H17 %i octets behind the last record are ignored', (size) => {
    const octets = packet({ additional: [opt()] })
    expect(parseQuery(Uint8Array.from([...octets, ...new Uint8Array(size).fill(0xc0)]))).toEqual(
      parseQuery(octets),
    )
  })

  test('H18 a mixed-case name keeps its case, beside its lower-case form', () => {
    expect(parseQuery(packet({ question: questionOctets('WeB.Default.SVC.cluster.LOCAL.') }))).toMatchObject({
      question: { qname: 'WeB.Default.SVC.cluster.LOCAL.' },
      lowerName: WEB,
    })
  })

  test('H19 RDLENGTH past the end is FORMERR', () => {
    const short = record([0], 1, [10, 0, 0, 1], { rdlength: 5 })
    expect(parseQuery(packet({ additional: [short] }))).toMatchObject(FORMERR)
    expect(
      parseQuery(packet({ additional: [opt(), record([0], 16, [], { rdlength: 0xffff })] })),
    ).toMatchObject(FORMERR)
  })

  test('H20 a well-placed TSIG changes nothing; not last, of another class or in another section it is FORMERR', () => {
    const tsig = record(nameOctets('key.'), 250, TSIG_RDATA, { rrclass: 255 })
    expect(parseQuery(packet({ additional: [opt(), tsig] }))).toEqual(
      parseQuery(packet({ additional: [opt()] })),
    )
    expect(parseQuery(packet({ additional: [tsig, opt()] }))).toMatchObject(FORMERR)
    expect(parseQuery(packet({ additional: [record([0], 250, TSIG_RDATA)] }))).toMatchObject(FORMERR)
    expect(parseQuery(packet({ answer: [tsig] }))).toMatchObject(FORMERR)
    expect(parseQuery(packet({ authority: [tsig] }))).toMatchObject(FORMERR)
  })
})

describe('parseQuery: names', () => {
  test.each([0x40, 0x80])('N01 a label that begins with octet %i is FORMERR', (octet) => {
    expect(parseQuery(asked([octet, ...Array.from({ length: 64 }, () => 0x61), 0]))).toMatchObject(FORMERR)
    expect(parseQuery(asked([3, 0x77, 0x65, 0x62, octet | 1, 0x61, 0]))).toMatchObject(FORMERR)
  })

  test('N02 a pointer to itself is FORMERR', () => {
    expect(parseQuery(asked([0xc0, 0x0c]))).toMatchObject(FORMERR)
    expect(parseQuery(asked([1, 0x61, 0xc0, 0x0c]))).toMatchObject(FORMERR)
    expect(parseQuery(asked([1, 0x61, 0xc0, 0x0e]))).toMatchObject(FORMERR)
  })

  test('N03 a forward pointer is FORMERR', () => {
    expect(parseQuery(asked([0xc0, 0x12, 0, 1, 0, 1, 1, 0x61, 0]))).toMatchObject(FORMERR)
  })

  test('N04 two pointers that refer to each other are FORMERR', () => {
    expect(parseQuery(asked([0xc0, 0x0e, 0xc0, 0x0c]))).toMatchObject(FORMERR)
    const owner = [0xc0, 0x20, 0xc0, 0x1e]
    expect(
      parseQuery(packet({ question: questionOctets('.'), additional: [record(owner, 1, [])] })),
    ).toMatchObject(FORMERR)
  })

  test('N05 a pointer into the header is FORMERR', () => {
    for (let target = 0; target < 12; target++) {
      expect(parseQuery(asked([0xc0, target]))).toMatchObject(FORMERR)
      expect(parseQuery(packet({ additional: [record([0xc0, target], 1, [])] }))).toMatchObject(FORMERR)
    }
  })

  test('N06 a pointer past the end is FORMERR', () => {
    expect(parseQuery(asked([0xff, 0xff]))).toMatchObject(FORMERR)
  })

  test('N07 a name whose last octet is 0xC0 is FORMERR', () => {
    expect(parseQuery(packet({ question: [3, 0x77, 0x65, 0x62, 0xc0] }))).toMatchObject(FORMERR)
    expect(parseQuery(packet({ question: [0xc0] }))).toMatchObject(FORMERR)
  })

  test('N09 a name of 255 octets is read, one of 256 is FORMERR, whole or through a pointer', () => {
    const longest = [...labels(3, 63), ...labels(1, 61), 0]
    expect(longest).toHaveLength(255)
    expect(parseQuery(asked(longest))).toMatchObject({ ok: true })
    expect(parseQuery(asked([...labels(3, 63), ...labels(1, 62), 0]))).toMatchObject(FORMERR)
    const behindPointer = (size: number): Uint8Array =>
      packet({
        question: [...labels(3, 63), 0, 0, 1, 0, 1],
        additional: [record([...labels(1, size), 0xc0, 12], 1, [])],
      })
    expect(parseQuery(behindPointer(61))).toMatchObject({ ok: true })
    expect(parseQuery(behindPointer(62))).toMatchObject(FORMERR)
  })

  test('N10 a label of 63 octets is read, one of 64 is a label type that does not exist', () => {
    expect(parseQuery(asked([...labels(1, 63), 0]))).toMatchObject({ ok: true })
    expect(parseQuery(asked([...labels(1, 64), 0]))).toMatchObject(FORMERR)
  })

  test('N11 a name of 127 labels of one octet is read', () => {
    expect(parseQuery(asked([...labels(127, 1), 0]))).toMatchObject({ ok: true, lowerName: 'a.'.repeat(127) })
    expect(parseQuery(asked([...labels(128, 1), 0]))).toMatchObject(FORMERR)
  })

  test('N12 octets that are no letters are read and shown escaped', () => {
    const octets = [0x00, 0x2e, 0x5c, 0x22, 0x0a, 0xff, 0x20, 0x3b, 0x28, 0x29, 0x40, 0x27, 0x24, 0x7f]
    expect(parseQuery(asked([octets.length, ...octets, 0]))).toMatchObject({
      lowerName: String.raw`\000\.\\\"\010\255\ \;\(\)\@\'$\127.`,
    })
  })

  test('N13 a dot inside a label is not a border of labels', () => {
    const octets = [11, ...Buffer.from('svc.cluster'), 5, ...Buffer.from('local'), 0]
    expect(parseQuery(asked(octets))).toMatchObject({ lowerName: String.raw`svc\.cluster.local.` })
  })

  test.each(['__proto__', 'constructor', 'toString'])(
    'N14 the label %s is a label like any other',
    (label) => {
      const octets = [label.length, ...Buffer.from(label), 0]
      expect(parseQuery(asked(octets))).toMatchObject({ ok: true, question: { qname: `${label}.` } })
    },
  )

  test.each(['.', '_http._tcp.web.', 'xn--bcher-kva.example.', 'WEB.'])('N17 the name %s is read', (text) => {
    expect(parseQuery(packet({ question: questionOctets(text) }))).toMatchObject({
      ok: true,
      question: { qname: text },
    })
  })
})

describe('parseQuery: EDNS', () => {
  test('E01 version 0 is read', () => {
    expect(parseQuery(packet({ additional: [opt()] }))).toMatchObject({ ok: true, opt: { version: 0 } })
  })

  test.each([
    ['alone', opt([], { ttl: 0x0001_0000 })],
    ['with an unknown flag', opt([], { ttl: 0x0001_4000 })],
    ['with an unknown option', opt([0, 100, 0, 0], { ttl: 0x0001_0000 })],
    ['with DO', opt([], { ttl: 0x0001_8000 })],
    ['255', opt([], { ttl: 0x00ff_0000 })],
  ])('E02 version 1 %s is BADVERS', (_, record1) => {
    expect(parseQuery(packet({ additional: [record1] }))).toMatchObject({
      ok: false,
      rcode: Rcode.BADVERS,
      question: { qname: WEB },
      opt: { udpPayloadSize: 1232 },
    })
  })

  test('E03 a query without OPT has none', () => {
    expect(parseQuery(packet({}))).toMatchObject({ ok: true, opt: undefined })
    expect(parseQuery(packet({ additional: [A_RECORD] }))).toMatchObject({ ok: true, opt: undefined })
  })

  test('E04 two OPT records are FORMERR', () => {
    expect(parseQuery(packet({ additional: [opt(), opt()] }))).toMatchObject({
      ...FORMERR,
      opt: { version: 0 },
    })
  })

  test('E05 an OPT record that is not owned by the root is FORMERR', () => {
    expect(parseQuery(packet({ additional: [record(nameOctets('a.'), 41, [])] }))).toMatchObject(FORMERR)
    expect(parseQuery(packet({ additional: [record([0xc0, 12], 41, [])] }))).toMatchObject(FORMERR)
  })

  test('E06 an OPT record in answer or authority is FORMERR', () => {
    expect(parseQuery(packet({ answer: [opt()] }))).toMatchObject(FORMERR)
    expect(parseQuery(packet({ authority: [opt()] }))).toMatchObject(FORMERR)
  })

  test.each([0, 100, 511, 512])('E07 a payload size of %i counts as 512', (size) => {
    expect(parseQuery(packet({ additional: [opt([], { size })] }))).toMatchObject({
      opt: { udpPayloadSize: 512 },
    })
  })

  test('E08 a payload size of 65535 is read', () => {
    const octets = packet({ additional: [opt([], { size: 0xffff })] })
    expect(parseQuery(octets)).toMatchObject({ ok: true, opt: { udpPayloadSize: 0xffff } })
  })

  test.each([
    ['option longer than the rdata', opt([0, 10, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8])],
    ['second option cut off', opt([0, 10, 0, 0, 0, 3, 0, 1])],
    ['rdata of 1 octet', opt([0])],
    ['rdata of 2 octets', opt([0, 10])],
    ['rdata of 3 octets', opt([0, 10, 0])],
    ['rdata past the end', opt([], { rdlength: 4 })],
  ])('E09 %s is FORMERR', (_, malformed) => {
    expect(parseQuery(packet({ additional: [malformed] }))).toMatchObject(FORMERR)
    // Octets after the rdata must not be taken for the rest of the option.
    expect(parseQuery(packet({ additional: [malformed, A_RECORD] }))).toMatchObject({ ok: false })
  })

  test('E10 an unknown option is read and makes no error', () => {
    expect(parseQuery(packet({ additional: [opt([0, 100, 0, 1, 7])] }))).toMatchObject({
      ok: true,
      opt: { options: [{ code: 100, data: Uint8Array.of(7) }] },
    })
  })

  test('E11 unknown EDNS flags are dropped', () => {
    const octets = packet({ additional: [opt([], { ttl: 0x7fff })] })
    expect(parseQuery(octets)).toEqual(parseQuery(packet({ additional: [opt()] })))
  })

  test('E13 DO is read', () => {
    expect(parseQuery(packet({ additional: [opt([], { ttl: 0x8000 })] }))).toMatchObject({
      opt: { dnssecOk: true },
    })
  })

  test.each([
    ['E14 NSID, empty', [0, 3, 0, 0]],
    ['E14 NSID, not empty', [0, 3, 0, 2, 1, 2]],
    ['E17 tcp-keepalive', [0, 11, 0, 0]],
    ['E18 Client Subnet', [0, 8, 0, 7, 0, 1, 24, 0, 10, 0, 0]],
  ])('%s makes no error', (_, rdata) => {
    expect(parseQuery(packet({ additional: [opt(rdata)] }))).toMatchObject({ ok: true })
  })
})

describe('parseQuery: types and opcodes', () => {
  test.each([0, 41, 249, 250, 253, 254, 65_535])(
    'T09 type %i cannot be asked for: NOTIMP with a reason',
    (qtype) => {
      expect(parseQuery(packet({ question: questionOctets(WEB, qtype), additional: [opt()] }))).toMatchObject(
        {
          ...NOTIMP,
          question: { qname: WEB, qtype },
          opt: { version: 0 },
          extendedError: { code: 21 },
        },
      )
    },
  )

  test.each([1, 251, 252, 255, 1000, 65_534])('T01 type %i can be asked for', (qtype) => {
    expect(parseQuery(packet({ question: questionOctets(WEB, qtype) }))).toMatchObject({
      ok: true,
      question: { qtype },
    })
  })

  test('T05 NOTIFY is REFUSED, its SOA in answer or not', () => {
    const soa = record([0xc0, 12], 6, [0, 0, ...Array.from({ length: 20 }, () => 0)])
    const expected = { ok: false, rcode: Rcode.REFUSED, opcode: 4, question: undefined }
    expect(parseQuery(packet({ flags: 4 << 11 }))).toMatchObject(expected)
    expect(parseQuery(packet({ flags: 4 << 11, answer: [soa] }))).toMatchObject(expected)
  })

  test('T06 UPDATE is NOTIMP, malformed deletes or not', () => {
    const remove = record([0xc0, 12], 1, [], { rrclass: 255 })
    const malformed = record([0xc0, 12], 1, [], { rrclass: 255, rdlength: 9 })
    expect(parseQuery(packet({ flags: 5 << 11, authority: [remove] }))).toMatchObject({
      ...NOTIMP,
      opcode: 5,
    })
    expect(parseQuery(packet({ flags: 5 << 11, authority: [malformed] }))).toMatchObject({
      ...NOTIMP,
      opcode: 5,
    })
  })

  test('T08 the class is read: what is done with it is not decided here', () => {
    for (const qclass of [0, 2, 3, 4, 254, 255]) {
      expect(parseQuery(packet({ question: questionOctets(WEB, 1, qclass) }))).toMatchObject({
        question: { qclass },
      })
    }
  })

  test('parseQuery reads options as views of the message', () => {
    const octets = packet({ additional: [opt([0, 10, ...uint16(8), 1, 2, 3, 4, 5, 6, 7, 8])] })
    const query = parseQuery(octets)
    expect(query.ok && query.opt?.options[0]?.data.buffer).toBe(octets.buffer)
  })
})
