import { describe, expect, test } from 'vitest'
import { parseMessage } from '../../src/wire/message.ts'
import { MAX_MESSAGE_OCTETS, MessageWriter } from '../../src/wire/message-writer.ts'
import { Flag } from '../../src/wire/header.ts'
import { Rcode } from '../../src/wire/rcode.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import { name } from './packet.ts'
import type { Message } from '../../src/wire/message.ts'
import type { Rdata } from '../../src/wire/rdata.ts'

const WEB = name('web.default.svc.cluster.local.')
const A: Rdata = { kind: 'A', address: 0x0a60_0001 }
const OPT = { udpPayloadSize: 1232, version: 0, dnssecOk: false, options: [] }
const HEAD = { id: 7, flags: Flag.QR | Flag.AA, rcode: Rcode.NOERROR }
/** Header and question of WEB: where the first record begins. */
const FIRST_RECORD_AT = 12 + WEB.length + 1 + 4

function started(limitOctets: number, qname = WEB): MessageWriter {
  const writer = new MessageWriter()
  writer.start(limitOctets, HEAD)
  writer.writeQuestion({ qname, qtype: RrType.A, qclass: 1 })
  writer.startSection('answer')
  return writer
}

function parsed(octets: Uint8Array): Message {
  const result = parseMessage(octets)
  if (!result.ok) throw new Error(`malformed ${result.where}: ${Buffer.from(octets).toString('hex')}`)
  return result.message
}

describe('MessageWriter', () => {
  test('writes an Extended DNS Error after the other options of OPT (RFC 8914)', () => {
    const writer = started(1232)
    const opt = { ...OPT, options: [{ code: 3, data: Uint8Array.of(1) }] }
    expect(writer.writeOpt(opt, { code: 0, text: 'no’' })).toBe(true)
    expect(parsed(writer.finish()).opt?.options.map(({ code, data }) => [code].concat(...data))).toEqual([
      [3, 1],
      [15, 0, 0, 0x6e, 0x6f, 0xe2, 0x80, 0x99],
    ])
  })

  test('writes no Extended DNS Error that exceeds the limit by an octet, whatever its characters', () => {
    for (const text of ['plain', 'café', '“quoted”', 'smile 😀']) {
      const size = FIRST_RECORD_AT + 11 + 6 + Buffer.byteLength(text)
      const error = { code: 1, text }
      const writer = started(size - 1)
      const before = writer.sizeOctets
      expect(writer.writeOpt(OPT, error)).toBe(false)
      expect(writer.sizeOctets).toBe(before)
      expect(started(size).writeOpt(OPT, error)).toBe(true)
    }
    expect(started(FIRST_RECORD_AT + 11 + 5).writeOpt(OPT, { code: 1, text: '' })).toBe(false)
  })

  test('writes header, question, records and OPT with their counts', () => {
    const writer = started(1232)
    expect(writer.writeRecord(WEB, RrType.A, 30, A)).toBe(true)
    writer.startSection('authority')
    expect(writer.writeRecord(name('cluster.local.'), RrType.NS, 5, { kind: 'NS', target: WEB })).toBe(true)
    writer.startSection('additional')
    expect(writer.writeRecord(WEB, RrType.A, 30, A)).toBe(true)
    expect(writer.writeOpt(OPT)).toBe(true)
    const octets = writer.finish()
    expect([...octets.subarray(0, 12)]).toEqual([0, 7, 0x84, 0, 0, 1, 0, 1, 0, 1, 0, 2])
    expect(writer.sizeOctets).toBe(octets.length)
    expect(parsed(octets)).toMatchObject({
      questions: [{ qname: WEB, qtype: 1, qclass: 1 }],
      answer: [{ owner: WEB, rrtype: 1, rrclass: 1, ttlSeconds: 30, rdata: A }],
      authority: [{ owner: 'cluster.local.', rdata: { target: WEB } }],
      additional: [{ owner: WEB }],
      opt: OPT,
    })
  })

  test('an owner that is the question’s name takes two octets', () => {
    const writer = started(1232)
    writer.writeRecord(WEB, RrType.A, 30, A)
    expect(writer.finish().length).toBe(FIRST_RECORD_AT + 2 + 10 + 4)
    expect([...writer.finish().subarray(FIRST_RECORD_AT, FIRST_RECORD_AT + 2)]).toEqual([0xc0, 12])
  })

  test('H18 names are compressed onto octets of their own letter case only', () => {
    const mixed = name('WEB.Default.svc.cluster.local.')
    const writer = started(1232, mixed)
    writer.writeRecord(WEB, RrType.CNAME, 30, { kind: 'CNAME', target: name('a.Default.svc.cluster.local.') })
    writer.writeRecord(mixed, RrType.A, 30, A)
    const message = parsed(writer.finish())
    expect(message.questions[0]?.qname).toBe(mixed)
    expect(message.answer.map(({ owner }) => owner)).toEqual([WEB, mixed])
    expect(message.answer[0]?.rdata).toEqual({ kind: 'CNAME', target: 'a.Default.svc.cluster.local.' })
    // svc.cluster.local is shared by all three names.
    expect(
      Buffer.from(writer.finish())
        .toString('latin1')
        .match(/cluster/g),
    ).toHaveLength(1)
  })

  test('SRV targets are whole, and later names point into them', () => {
    const writer = started(1232)
    const target = name('a.other.svc.cluster.local.')
    writer.writeRecord(WEB, RrType.SRV, 30, { kind: 'SRV', priority: 0, weight: 100, port: 80, target })
    const afterSrv = writer.sizeOctets
    expect(afterSrv).toBe(FIRST_RECORD_AT + 2 + 10 + 6 + target.length + 1)
    writer.startSection('additional')
    writer.writeRecord(target, RrType.A, 30, A)
    expect(writer.sizeOctets).toBe(afterSrv + 2 + 10 + 4)
    expect(parsed(writer.finish()).additional[0]?.owner).toBe(target)
  })

  test('a record that does not fit leaves no trace', () => {
    const record = FIRST_RECORD_AT + 2 + 10 + 4
    const writer = started(record + 24)
    writer.writeRecord(WEB, RrType.A, 30, A)
    const other = name('other.default.svc.cluster.local.')
    // Learns "x.y.other" and is rolled back: the next record must not point at what is gone.
    expect(writer.writeRecord(name('x.y.other.default.svc.cluster.local.'), RrType.A, 30, A)).toBe(false)
    expect(writer.sizeOctets).toBe(record)
    expect(writer.writeRecord(other, RrType.A, 30, A)).toBe(true)
    expect(parsed(writer.finish()).answer.map(({ owner }) => owner)).toEqual([WEB, other])
  })

  test('a rolled back first name does not unlearn the question', () => {
    const writer = started(FIRST_RECORD_AT + 30)
    const long = name(`${'x'.repeat(40)}.default.svc.cluster.local.`)
    expect(writer.writeRecord(long, RrType.A, 30, A)).toBe(false)
    expect(writer.writeRecord(name('a.default.svc.cluster.local.'), RrType.A, 30, A)).toBe(true)
    expect(writer.sizeOctets).toBe(FIRST_RECORD_AT + 2 + 2 + 10 + 4)
  })

  test('E20 E23 an answer of exactly the limit is whole, one octet less is not', () => {
    for (const limit of [512, 1232]) {
      const fill = limit - FIRST_RECORD_AT - 16 - 12 - 11
      const filler: Rdata = { kind: 'OPAQUE', octets: new Uint8Array(fill) }
      for (const missing of [0, 1]) {
        const writer = started(limit - missing)
        writer.reserve(11)
        expect(writer.writeRecord(WEB, RrType.A, 30, A)).toBe(true)
        expect(writer.writeRecord(WEB, 1000, 30, filler)).toBe(missing === 0)
        if (missing === 1) writer.setTruncated()
        expect(writer.writeOpt(OPT)).toBe(true)
        expect(parsed(writer.finish())).toMatchObject({ truncated: missing === 1, questions: [{}], opt: OPT })
        expect(writer.sizeOctets <= limit - missing).toBe(true)
        expect(writer.sizeOctets === limit).toBe(missing === 0)
      }
    }
  })

  test('an OPT record or a question that does not fit is not written', () => {
    const writer = started(FIRST_RECORD_AT + 10)
    expect(writer.writeOpt(OPT)).toBe(false)
    expect(parsed(writer.finish()).opt).toBeUndefined()
    writer.start(FIRST_RECORD_AT - 1, HEAD)
    expect(writer.writeQuestion({ qname: WEB, qtype: 1, qclass: 1 })).toBe(false)
    expect(parsed(writer.finish()).questions).toEqual([])
  })

  test('an RCODE above 15 is shared by header and OPT', () => {
    const writer = new MessageWriter()
    writer.start(512, { id: 1, flags: Flag.QR, rcode: Rcode.BADVERS })
    writer.writeOpt(OPT)
    expect(writer.finish()[3]).toBe(0)
    expect(parsed(writer.finish()).rcode).toBe(Rcode.BADVERS)
  })

  test('start forgets the message before', () => {
    const writer = started(1232)
    writer.writeRecord(name('a.other.example.'), RrType.MX, 1, { kind: 'MX', preference: 1, exchange: WEB })
    writer.setTruncated()
    writer.start(1232, { id: 8, flags: Flag.QR, rcode: Rcode.NXDOMAIN })
    writer.writeQuestion({ qname: name('b.'), qtype: 1, qclass: 1 })
    writer.startSection('authority')
    writer.writeRecord(name('other.example.'), RrType.NS, 1, { kind: 'NS', target: WEB })
    const message = parsed(writer.finish())
    expect(message).toMatchObject({ id: 8, truncated: false, authoritativeAnswer: false, answer: [] })
    expect(message.authority[0]).toMatchObject({ owner: 'other.example.', rdata: { target: WEB } })
  })

  test('names at the root are written as one octet', () => {
    const writer = started(512, name('.'))
    writer.writeRecord(name('.'), RrType.NS, 1, { kind: 'NS', target: name('.') })
    expect([...writer.finish().subarray(12)]).toEqual([0, 0, 1, 0, 1, 0, 0, 2, 0, 1, 0, 0, 0, 1, 0, 1, 0])
  })
})

describe('compression of large messages', () => {
  test('N16 no pointer leads beyond offset 16383, and every name reads back', () => {
    const writer = started(MAX_MESSAGE_OCTETS)
    const targets: string[] = []
    for (let index = 0; ; index++) {
      const target = name(`pod-${index}.set-${index % 700}.ns-${index % 1300}.cluster.local.`)
      if (!writer.writeRecord(WEB, RrType.CNAME, 30, { kind: 'CNAME', target })) break
      targets.push(target)
    }
    const octets = writer.finish()
    expect(octets.length).toBeGreaterThan(65_000)
    const message = parsed(octets)
    expect(message.answer.map(({ rdata }) => rdata.kind === 'CNAME' && rdata.target)).toEqual(targets)
  })

  test('N16 an owner beyond offset 16383 is not pointed at', () => {
    const writer = started(MAX_MESSAGE_OCTETS)
    const filler: Rdata = { kind: 'OPAQUE', octets: new Uint8Array(17_000) }
    writer.writeRecord(WEB, 1000, 30, filler)
    const late = name('late.example.')
    for (let count = 0; count < 3; count++) writer.writeRecord(late, RrType.A, 30, A)
    expect(
      parsed(writer.finish())
        .answer.slice(1)
        .map(({ owner }) => owner),
    ).toEqual([late, late, late])
  })

  test('T15 64 KiB hold some 4,090 addresses of one owner', () => {
    const writer = started(MAX_MESSAGE_OCTETS)
    let count = 0
    while (writer.writeRecord(WEB, RrType.A, 30, A)) count++
    expect(count).toBe(Math.floor((MAX_MESSAGE_OCTETS - FIRST_RECORD_AT) / 16))
  })

  test('compression takes linear time', () => {
    manyLabelsMs(50)
    const [small, large] = [manyLabelsMs(75), manyLabelsMs(300)]
    expect(large, `${small.toFixed(2)} ms, ${large.toFixed(2)} ms`).toBeLessThan(Math.max(4 * small * 3, 10))
  })
})

/** How long it takes to write `count` names of 100 labels each, all of them new: the most that one name can ask. */
function manyLabelsMs(count: number): number {
  return fastestMs(() => {
    const writer = started(MAX_MESSAGE_OCTETS)
    for (let index = 0; index < count; index++) {
      const target = name(`${`${String.fromCharCode(97 + (index % 26))}.`.repeat(100)}n${index}.`)
      writer.writeRecord(WEB, RrType.CNAME, 30, { kind: 'CNAME', target })
    }
  })
}

function fastestMs(run: () => unknown): number {
  return Math.min(
    ...Array.from({ length: 8 }, () => {
      const start = performance.now()
      run()
      return performance.now() - start
    }),
  )
}
