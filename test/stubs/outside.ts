import { isIPv4, isIPv6 } from 'node:net'

import { composeMessage } from '../../src/wire/compose-message.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { Rcode } from '../../src/wire/rcode.ts'
import { rdataFromText } from '../../src/wire/rdata-text.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'
import { rrTypeFromText, rrTypeToText } from '../../src/wire/rrtype.ts'
import type { Behaviour } from '../helpers/scripted-upstream.ts'

/** The names outside the cluster that exist, from the ranges for documentation (RFC 5737, RFC 3849). */
export const OUTSIDE = {
  'github.github.io': { addresses: ['192.0.2.153', '192.0.2.154', '2001:db8::153'] },
  'www.example.org': { addresses: ['192.0.2.80', '2001:db8::80'] },
} as const

const POINTERS: Readonly<Record<string, string>> = { '80.2.0.192.in-addr.arpa': 'www.example.org.' }
const SOA = '. 900 SOA ns.example. root.example. 7 3600 600 86400 60'

/** An upstream that knows these names; all others do not exist. */
export const outsideWorld: Behaviour = (octets) => {
  const { ok, message } = parseMessage(octets)
  const question = message?.questions[0]
  if (!ok || message === undefined || question === undefined) return []
  const name = question.qname.toLowerCase().replace(/\.$/, '')
  const exists = Object.hasOwn(OUTSIDE, name) || Object.hasOwn(POINTERS, name)
  const answer = recordsOf(name, rrTypeToText(question.qtype))
  const reply = composeMessage({
    ...message,
    response: true,
    recursionAvailable: true,
    rcode: exists ? Rcode.NOERROR : Rcode.NXDOMAIN,
    answer: answer.map(recordFrom),
    authority: answer.length === 0 ? [recordFrom(SOA)] : [],
    additional: [],
    opt: message.opt && { udpPayloadSize: 1232, version: 0, dnssecOk: false, options: [] },
  })
  return [{ do: 'send', octets: reply }]
}

function recordsOf(name: string, type: string): readonly string[] {
  const pointer = type === 'PTR' ? POINTERS[name] : undefined
  if (pointer !== undefined) return [`${name}. 300 PTR ${pointer}`]
  const addresses = Object.entries(OUTSIDE).find(([owner]) => owner === name)?.[1].addresses ?? []
  const isAsked = type === 'A' ? isIPv4 : isIPv6
  if (type !== 'A' && type !== 'AAAA') return []
  return addresses.filter((address) => isAsked(address)).map((address) => `${name}. 300 ${type} ${address}`)
}

function recordFrom(line: string): ResourceRecord {
  const [ownerText = '', ttl, typeText = '', ...data] = line.split(' ')
  const owner = nameFromText(ownerText)
  const rrtype = rrTypeFromText(typeText)
  const rdata = rrtype === undefined ? undefined : rdataFromText(rrtype, data.join(' '))
  if (owner === undefined || rrtype === undefined || rdata === undefined) {
    throw new RangeError(`Cannot read the record ${line}`)
  }
  return { owner, rrtype, rrclass: 1, ttlSeconds: Number(ttl), rdata }
}
