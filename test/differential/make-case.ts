import type { Message } from '../../src/wire/message.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { rdataFromText } from '../../src/wire/rdata-text.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'
import { rrTypeFromText } from '../../src/wire/rrtype.ts'
import type { ApiObject } from '../helpers/api-object.ts'
import type { Case } from './case.ts'
import type { Profile } from './corefiles.ts'
import { PROFILES } from './corefiles.ts'
import { Facts } from './facts.ts'
import type { Query } from './queries.ts'

/** A reply to `qname` with these parts; records as zone-file lines `owner ttl type data`. */
export interface ReplyParts {
  readonly rcode?: number
  /** Name of the question, where it is not that of the query. */
  readonly asked?: string
  readonly aa?: boolean
  readonly tc?: boolean
  readonly ra?: boolean
  readonly ad?: boolean
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  readonly additional?: readonly string[]
  readonly opt?: NonNullable<Message['opt']>
}

export function makeQuery(question: string, fields: Partial<Query> = {}): Query {
  const [name = '', type = 'A'] = question.split(' ')
  return {
    kind: 'test',
    state: 'test',
    name,
    type: rrTypeFromText(type) ?? 0,
    rrclass: 1,
    recursionDesired: true,
    authenticData: false,
    checkingDisabled: false,
    tcp: true,
    ...fields,
  }
}

export function makeReply({ name, type, rrclass }: Query, parts: ReplyParts): Message {
  return {
    id: 0,
    response: true,
    opcode: 0,
    authoritativeAnswer: parts.aa ?? true,
    truncated: parts.tc ?? false,
    recursionDesired: true,
    recursionAvailable: parts.ra ?? false,
    authenticData: parts.ad ?? false,
    checkingDisabled: false,
    rcode: parts.rcode ?? 0,
    questions: [{ qname: domainName(parts.asked ?? name), qtype: type, qclass: rrclass }],
    answer: (parts.answer ?? []).map(makeRecord),
    authority: (parts.authority ?? []).map(makeRecord),
    additional: (parts.additional ?? []).map(makeRecord),
    opt: parts.opt,
  }
}

export interface CaseParts {
  readonly objects?: readonly ApiObject[]
  readonly profile?: Partial<Profile>
  readonly query: Query
  /** Undefined: no reply. */
  readonly ours?: ReplyParts | undefined
  readonly theirs?: ReplyParts | undefined
  readonly end?: ReplyParts
}

/** A case of the profile `kubeadm`, but for what is given. */
export function makeCase({ objects = [], profile = {}, query, ours, theirs, end }: CaseParts): Case {
  const [base] = PROFILES
  if (base === undefined) throw new Error('there is no profile')
  const facts = new Facts(objects, { ...base, ...profile })
  return {
    facts,
    query,
    place: facts.placeOf(query.name),
    ours: ours && makeReply(query, ours),
    theirs: theirs && makeReply(query, theirs),
    end: end && makeReply(query, end),
  }
}

/** The negative SOA record of cluster.local, as each server writes it with a TTL of 30. */
export const OUR_SOA =
  'cluster.local. 5 SOA ns.dns.cluster.local. hostmaster.cluster.local. 8 7200 1800 86400 5'
export const THEIR_SOA =
  'cluster.local. 30 SOA ns.dns.cluster.local. hostmaster.cluster.local. 9 7200 1800 86400 30'

function makeRecord(line: string): ResourceRecord {
  const [owner = '', ttl, type = '', ...data] = line.split(' ')
  const rrtype = rrTypeFromText(type)
  const rdata = rrtype === undefined ? undefined : rdataFromText(rrtype, data.join(' '))
  if (rrtype === undefined || rdata === undefined) throw new RangeError(`Cannot read the record ${line}`)
  return { owner: domainName(owner), rrtype, rrclass: 1, ttlSeconds: Number(ttl), rdata }
}

function domainName(text: string) {
  const name = nameFromText(text)
  if (name === undefined) throw new RangeError(`Cannot read ${text} as a name`)
  return name
}
