import { describe, expect, test } from 'vitest'
import { composeMessage } from '../../src/wire/compose-message.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import { name } from './packet.ts'
import type { Message } from '../../src/wire/message.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'

const QNAME = name('web.default.svc.cluster.local.')

function address(index: number): ResourceRecord {
  return { owner: QNAME, rrtype: RrType.A, rrclass: 1, ttlSeconds: 5, rdata: { kind: 'A', address: index } }
}

const MESSAGE: Message = {
  id: 1,
  response: true,
  opcode: 0,
  authoritativeAnswer: true,
  truncated: false,
  recursionDesired: true,
  recursionAvailable: false,
  authenticData: false,
  checkingDisabled: false,
  rcode: 0,
  questions: [{ qname: QNAME, qtype: RrType.A, qclass: 1 }],
  answer: Array.from({ length: 10 }, (_, index) => address(index)),
  authority: [],
  additional: [],
  opt: { udpPayloadSize: 1232, version: 0, dnssecOk: true, options: [] },
}

/** MESSAGE with its last record in another section. */
function moved(section: 'authority' | 'additional'): Message {
  return { ...MESSAGE, answer: MESSAGE.answer.slice(0, 9), [section]: MESSAGE.answer.slice(9) }
}

/** Header, question, OPT, and ten records of 16 octets. */
const WHOLE_OCTETS = 12 + 31 + 4 + 11 + 160

function composed(message: Message, maxOctets: number): Message | undefined {
  const octets = composeMessage(message, maxOctets)
  expect(octets.length).toBeLessThanOrEqual(maxOctets)
  return parseMessage(octets).message
}

describe('composeMessage', () => {
  test('E23 a message of exactly the limit is whole, one octet less is truncated by a whole record', () => {
    expect(composed(MESSAGE, WHOLE_OCTETS)).toEqual(MESSAGE)
    expect(composed(MESSAGE, WHOLE_OCTETS - 1)).toEqual({
      ...MESSAGE,
      truncated: true,
      answer: MESSAGE.answer.slice(0, 9),
    })
  })

  test('E20 a truncated message keeps header, question and OPT', () => {
    expect(composed(MESSAGE, 60)).toEqual({ ...MESSAGE, truncated: true, answer: [] })
  })

  test('authority that does not fit is truncation, additional is not', () => {
    expect(composed(moved('authority'), WHOLE_OCTETS - 1)).toMatchObject({ truncated: true, authority: [] })
    expect(composed(moved('additional'), WHOLE_OCTETS - 1)).toMatchObject({
      truncated: false,
      additional: [],
    })
  })

  test('nothing comes after a record that was left out', () => {
    const large: ResourceRecord = {
      ...address(0),
      rrtype: 1000,
      rdata: { kind: 'OPAQUE', octets: new Uint8Array(500) },
    }
    const message = { ...MESSAGE, answer: [address(1), large, address(2)], additional: [address(3)] }
    expect(composed(message, 512)).toMatchObject({ truncated: true, answer: [address(1)], additional: [] })
  })

  test('a class other than IN is kept', () => {
    const chaos: ResourceRecord = {
      ...address(0),
      rrtype: RrType.TXT,
      rrclass: 3,
      rdata: { kind: 'TXT', strings: ['x'] },
    }
    expect(composed({ ...MESSAGE, answer: [chaos] }, 512)?.answer).toEqual([chaos])
  })
})
