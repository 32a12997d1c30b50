import { lowerCase, nameFromText } from '../../src/wire/name.ts'
import type { DomainName } from '../../src/wire/name.ts'
import { rrTypeFromText } from '../../src/wire/rrtype.ts'
import { NO_QUERY_OPTIONS } from '../../src/zone/query-options.ts'
import type { Query, QueryMetadata, QueryOptions, Question, Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'

/** What a test says of a client's query; the rest is as `dig` would ask. */
export interface QueryParts {
  readonly recursionDesired?: boolean
  readonly checkingDisabled?: boolean
  readonly authenticData?: boolean
  readonly dnssecOk?: boolean
  readonly question?: Question
  readonly options?: QueryOptions
  readonly metadata?: QueryMetadata
  readonly signal?: AbortSignal
  readonly resolve?: (question: Question) => Reply
}

/** A client's query for `text`, such as `www.example. A`. */
export function clientQuery(text: string, parts: QueryParts = {}): Query {
  const question = questionOf(text)
  return {
    question,
    lowerName: lowerCase(question.qname),
    id: 1,
    recursionDesired: true,
    checkingDisabled: false,
    authenticData: false,
    dnssecOk: false,
    udpPayloadSize: 1232,
    options: NO_QUERY_OPTIONS,
    metadata: undefined,
    sizeOctets: 40,
    client: { address: '127.0.0.1', port: 5353, transport: 'udp' },
    local: { address: '127.0.0.1', port: 53 },
    depth: 0,
    signal: new AbortController().signal,
    giveUp: () => {},
    resolve: () => {
      throw new Error('this query was not expected to be resolved further')
    },
    onReplied: () => {},
    withQuestion: () => {
      throw new Error('this query was not expected to be rewritten')
    },
    withRecursionDesired: (recursionDesired) => clientQuery(text, { ...parts, recursionDesired }),
    withOptions: (options) => clientQuery(text, { ...parts, options }),
    withMetadata: (metadata) => clientQuery(text, { ...parts, metadata }),
    ...parts,
  }
}

export function questionOf(text: string): Question {
  const [name = '', type = 'A'] = text.split(' ')
  return { qname: nameOf(name), qtype: rrTypeFromText(type) ?? 0, qclass: 1 }
}

export function nameOf(text: string): DomainName {
  const name = nameFromText(text)
  if (name === undefined) throw new Error(`"${text}" is no name`)
  return name
}

/** `www.example. CNAME` for each RRset: enough to see what was kept. */
export function ownersAndTypes(rrsets: readonly RRset[]): readonly string[] {
  return rrsets.map(({ owner, rrtype }) => `${owner} ${rrtype}`)
}
