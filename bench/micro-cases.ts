import { cluster, namespace, service, slice } from '../test/helpers/cluster.ts'
import type { ClusterObject } from '../src/kubernetes/objects.ts'
import type { NamingRules } from '../src/kubernetes/naming-rules.ts'
import { createCounters } from '../src/metrics/counters.ts'
import { MessageAnswerer } from '../src/server/message-answerer.ts'
import { NO_BLOCK_TRAITS, composeResponse } from '../src/server/response.ts'
import { createServingPlan } from '../src/server/serving-plan.ts'
import { Flag } from '../src/wire/header.ts'
import { MAX_MESSAGE_OCTETS, MessageWriter } from '../src/wire/message-writer.ts'
import { ROOT, asDomainName } from '../src/wire/name.ts'
import { parseQuery } from '../src/wire/query.ts'
import { Rcode } from '../src/wire/rcode.ts'
import { RrClass } from '../src/wire/rrclass.ts'
import { RrType } from '../src/wire/rrtype.ts'
import { NO_QUERY_OPTIONS } from '../src/zone/query-options.ts'
import type { Client, Question, Reply } from '../src/zone/responder.ts'
import { replyFromZoneAnswer } from '../src/zone/zone-answer.ts'

/** One thing that is timed. */
export interface MicroCase {
  /** `parse`, `name`, `compose` or `answer`, a colon, and the kind of question. */
  readonly name: string
  /** Does it once. */
  readonly run: () => void
}

/** A question, and how it is asked. */
interface Kind {
  readonly name: string
  readonly question: Question
  readonly edns: boolean
  readonly client: Client
}

const SERVICE_COUNT = 1000
const HEADLESS_ENDPOINT_COUNT = 100
const UDP_CLIENT: Client = { address: '127.0.0.1', port: 40_000, transport: 'udp' }
const TCP_CLIENT: Client = { ...UDP_CLIENT, transport: 'tcp' }
const LOCAL = { address: '127.0.0.1', port: 53 }
const EDNS = { udpPayloadSize: 1232, version: 0, dnssecOk: false, options: [] }

const KINDS: readonly Kind[] = [
  kind('A', 'web-500.shop.svc.cluster.local.', RrType.A),
  kind('NODATA', 'web-500.shop.svc.cluster.local.', RrType.AAAA),
  { ...kind('NODATA with EDNS', 'web-500.shop.svc.cluster.local.', RrType.AAAA), edns: true },
  kind('NXDOMAIN', 'www.example.com.shop.svc.cluster.local.', RrType.A),
  { ...kind('NXDOMAIN with EDNS', 'www.example.com.shop.svc.cluster.local.', RrType.A), edns: true },
  kind('SRV', '_http._tcp.web-500.shop.svc.cluster.local.', RrType.SRV),
  { ...kind('headless 100 over TCP', 'db.shop.svc.cluster.local.', RrType.A), client: TCP_CLIENT },
  kind('PTR', '244.1.96.10.in-addr.arpa.', RrType.PTR),
]

/**
 * Every step of an answer by itself, for each kind of question, then the whole of it, octets in to octets out. Throws where
 * a question does not get the answer that its name says.
 */
export function makeMicroCases(): MicroCase[] {
  const { rules } = cluster(makeObjects())
  const cases = KINDS.map((one) => casesOf(one, rules))
  return ['parse', 'name', 'compose', 'answer'].flatMap((step) =>
    cases.map((of) => of.find(({ name }) => name.startsWith(`${step}:`))).filter((one) => one !== undefined),
  )
}

function casesOf({ name, question, edns, client }: Kind, rules: NamingRules): MicroCase[] {
  const octets = composeQuery(question, edns)
  const writer = new MessageWriter()
  const reply = answerBy(rules, question)
  const origin = {
    id: 1,
    recursionDesired: true,
    checkingDisabled: false,
    authenticData: false,
    dnssecOk: false,
    udpPayloadSize: edns ? EDNS.udpPayloadSize : undefined,
    options: NO_QUERY_OPTIONS,
    sizeOctets: octets.length,
    client,
    local: LOCAL,
    asksForNsid: false,
  }
  const answerer = createAnswerer(rules)
  checkReply(name, reply)
  return [
    { name: `parse: ${name}`, run: () => void parseQuery(octets) },
    { name: `name: ${name}`, run: () => void rules.answer(question, question.qname) },
    {
      name: `compose: ${name}`,
      run: () => void composeResponse(writer, { origin, question }, reply, NO_BLOCK_TRAITS),
    },
    { name: `answer: ${name}`, run: () => void answerer.respond(octets, client, LOCAL, discard) },
  ]
}

function createAnswerer(rules: NamingRules): MessageAnswerer {
  const plan = createServingPlan([
    { ...NO_BLOCK_TRAITS, zone: ROOT, answer: ({ question }) => answerBy(rules, question) },
  ])
  return new MessageAnswerer({ plan: () => plan, counters: createCounters(), onError: rethrow })
}

function answerBy(rules: NamingRules, question: Question): Reply {
  const answer = rules.answer(question, question.qname)
  if (answer === undefined) throw new RangeError(`Cannot time ${question.qname}: it is in no zone`)
  return replyFromZoneAnswer(answer)
}

/** A bench of the wrong answer would be a fast one. */
function checkReply(name: string, { rcode, answer }: Reply): void {
  const isNegative = name.startsWith('N')
  const expected = name.startsWith('NXDOMAIN') ? Rcode.NXDOMAIN : Rcode.NOERROR
  if (rcode !== expected || isNegative !== (answer.length === 0))
    throw new RangeError(`Cannot time "${name}": its question has another answer`)
}

function makeObjects(): ClusterObject[] {
  const services = Array.from({ length: SERVICE_COUNT }, (_, index) =>
    service(`shop/web-${index}`, {
      clusterIPs: [`10.96.${index >> 8}.${index & 255}`],
      ports: ['http:80/TCP'],
    }),
  )
  const endpoints = Array.from({ length: HEADLESS_ENDPOINT_COUNT }, (_, index) => `10.128.0.${index + 1}`)
  return [
    namespace('shop'),
    ...services,
    service('shop/db', { ports: ['sql:5432/TCP'] }),
    slice('shop/db-1', 'db', { ports: ['sql:5432/TCP'], endpoints }),
  ]
}

function composeQuery(question: Question, edns: boolean): Uint8Array {
  const writer = new MessageWriter()
  writer.start(MAX_MESSAGE_OCTETS, { id: 1, flags: Flag.RD, rcode: Rcode.NOERROR })
  writer.writeQuestion(question)
  if (edns) writer.writeOpt(EDNS)
  return writer.finish().slice()
}

function kind(name: string, qname: string, qtype: number): Kind {
  const question = { qname: asDomainName(qname), qtype, qclass: RrClass.IN }
  return { name, question, edns: false, client: UDP_CLIENT }
}

function discard(): void {}

function rethrow(error: unknown): never {
  throw error
}
