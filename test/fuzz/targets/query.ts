import { createCounters } from '../../../src/metrics/counters.ts'
import { MessageAnswerer } from '../../../src/server/message-answerer.ts'
import type { ServingPlan } from '../../../src/server/serving-plan.ts'
import { lowerCase } from '../../../src/wire/name.ts'
import { parseMessage } from '../../../src/wire/message.ts'
import { parseQuery } from '../../../src/wire/query.ts'
import { NETWORK_RUN_MS, insist } from '../target.ts'
import type { FuzzTarget } from '../target.ts'
import { MESSAGE_WORDS } from './message-words.ts'

const HEADER_OCTETS = 12
const MAX_UDP_OCTETS = 1232
const LOCAL = { address: '127.0.0.1', port: 53 }

/** Datagrams of clients, answered by a plan over both transports: at most one reply each, and that one well-formed. */
export function queryTarget(plan: ServingPlan): FuzzTarget {
  const errors: unknown[] = []
  const answerer = new MessageAnswerer({
    plan: () => plan,
    counters: createCounters(),
    onError: (error) => errors.push(error),
  })
  const replyTo = (octets: Uint8Array, transport: 'udp' | 'tcp'): Uint8Array | undefined => {
    const replies: Uint8Array[] = []
    const client = { address: '127.0.0.1', port: 1024, transport }
    const pending = answerer.respond(octets, client, LOCAL, (reply) => replies.push(reply.slice()))
    const [error] = errors.splice(0)
    if (error !== undefined) throw error
    insist(pending === undefined, 'the answer waits for something')
    insist(replies.length <= 1, `${replies.length} replies to one message`)
    return replies[0]
  }
  return {
    name: 'query',
    seedForm: 'hex',
    maxOctets: 65_507,
    maxRunMs: NETWORK_RUN_MS,
    dictionary: MESSAGE_WORDS,
    run: (octets) => {
      const asSent = Buffer.from(octets)
      const over = { udp: replyTo(octets, 'udp'), tcp: replyTo(octets, 'tcp') }
      insist(asSent.equals(octets), 'the query was written to')
      insist((over.udp?.length ?? 0) <= MAX_UDP_OCTETS, 'a UDP reply above 1232 octets')
      return `${checkOutcome(octets)} ${checkReply(octets, over.udp)} ${checkReply(octets, over.tcp)}`
    },
  }
}

function checkOutcome(octets: Uint8Array): string {
  const parsed = parseQuery(octets)
  if (!parsed.ok && parsed.action === 'ignore') return 'ignored'
  insist(octets.length >= HEADER_OCTETS, 'octets below a header are read')
  if (!parsed.ok) return `rejected ${parsed.rcode}`
  insist(parsed.lowerName === lowerCase(parsed.question.qname), 'lowerName is not the name in lower case')
  return `asked ${parsed.question.qtype} ${parsed.opt?.options.length ?? '-'}`
}

function checkReply(query: Uint8Array, reply: Uint8Array | undefined): string {
  const isResponse = ((query[2] ?? 0) & 0x80) !== 0
  if (query.length < HEADER_OCTETS || isResponse) {
    insist(reply === undefined, 'a reply to what is no query')
    return 'silence'
  }
  insist(reply !== undefined, 'no reply to a query')
  insist(reply[0] === query[0] && reply[1] === query[1], 'another id in the reply')
  insist(((reply[2] ?? 0) & 0xf8) === (((query[2] ?? 0) & 0x78) | 0x80), 'QR or opcode of the reply is wrong')
  const parsed = parseMessage(reply)
  insist(parsed.ok, 'the reply is malformed')
  const { rcode, answer, authority, additional, truncated } = parsed.message
  return `${rcode} ${answer.length}/${authority.length}/${additional.length} ${truncated}`
}
