import { matchReply } from '../../../src/forward/match-reply.ts'
import { MAX_CNAME_LINKS } from '../../../src/zone/cname-chain.ts'
import { composeUpstreamQuery } from '../../../src/forward/upstream-query.ts'
import { replyFromUpstream } from '../../../src/forward/upstream-reply.ts'
import { asDomainName, isSubdomain, lowerCase } from '../../../src/wire/name.ts'
import { MessageWriter } from '../../../src/wire/message-writer.ts'
import { parseMessage } from '../../../src/wire/message.ts'
import { RrType } from '../../../src/wire/rrtype.ts'
import { NO_QUERY_OPTIONS } from '../../../src/zone/query-options.ts'
import type { Question, Reply } from '../../../src/zone/responder.ts'
import { composeResponse } from '../../../src/server/response.ts'
import { NETWORK_RUN_MS, insist } from '../target.ts'
import type { FuzzTarget } from '../target.ts'
import { MESSAGE_WORDS } from './message-words.ts'

const OWN_ZONE = asDomainName('cluster.local.')
const UPSTREAM = { address: '192.0.2.53', port: 53 }
const QUESTIONS: readonly Question[] = [RrType.A, RrType.ANY, RrType.CNAME].map((qtype) => ({
  qname: asDomainName('www.example.'),
  qtype,
  qclass: 1,
}))
const WRITER = new MessageWriter()

/** What an upstream sends: what is kept of it is on the chain that was asked for, not from our zones, and can be sent on. */
export const upstreamReplyTarget: FuzzTarget = {
  name: 'upstream-reply',
  seedForm: 'hex',
  maxOctets: 65_535,
  maxRunMs: NETWORK_RUN_MS,
  dictionary: MESSAGE_WORDS,
  run: (octets) => {
    const matches = QUESTIONS.map((question) => matchReply(queryFor(question), octets))
    const parsed = parseMessage(octets)
    if (!parsed.ok) return `${matches.join()} malformed ${parsed.where}`
    const kinds = QUESTIONS.map((question) => {
      const usable = replyFromUpstream(question, UPSTREAM, parsed.message, isOurs)
      if (usable.kind === 'invalid') return 'invalid'
      checkChain(question, usable.reply, usable.continueAt)
      checkSent(question, usable.reply)
      return `${usable.reply.rcode} ${usable.reply.answer.length}/${usable.reply.authority.length} ${usable.continueAt}`
    })
    return `${matches.join()} ${kinds.join()}`
  },
}

function isOurs(lowerName: string): boolean {
  return isSubdomain(asDomainName(lowerName), OWN_ZONE)
}

function queryFor(question: Question): Uint8Array {
  const asked = { recursionDesired: true, checkingDisabled: false, authenticData: false, dnssecOk: false }
  return composeUpstreamQuery({ question, ...asked }, 0x1234, true)
}

/** Every owner in the answer is on the chain from the name asked for, or above a name on it (DNAME). */
function checkChain(question: Question, reply: Reply, continueAt: string | undefined): void {
  const chain = new Set([lowerCase(question.qname)])
  for (const { owner, rrtype, rdatas } of reply.answer) {
    const lowerOwner = lowerCase(owner)
    const isDname = [...chain].some((name) => isSubdomain(name, lowerOwner))
    insist(isDname, `${owner} is not on the chain`)
    insist(!isOurs(lowerOwner), `${owner} is ours and comes from an upstream`)
    if (rrtype !== RrType.CNAME) continue
    insist(rdatas.length === 1, `${owner} has ${rdatas.length} CNAME records`)
    for (const rdata of rdatas) if (rdata.kind === 'CNAME') chain.add(lowerCase(rdata.target))
  }
  insist(chain.size <= MAX_CNAME_LINKS + 1, `a chain of ${chain.size - 1} links`)
  insist(
    continueAt === undefined || isOurs(lowerCase(asDomainName(continueAt))),
    'the chain goes on where nothing is ours',
  )
  insist(!reply.authoritativeAnswer, 'an upstream’s answer is called ours')
}

/** The client gets a message that can be read, within its size. */
function checkSent(question: Question, reply: Reply): void {
  const origin = {
    id: 1,
    recursionDesired: true,
    checkingDisabled: false,
    authenticData: true,
    dnssecOk: true,
    udpPayloadSize: 1232,
    options: NO_QUERY_OPTIONS,
    sizeOctets: 40,
    client: { address: '127.0.0.1', port: 1024, transport: 'udp' } as const,
    local: { address: '127.0.0.1', port: 53 },
    asksForNsid: false,
  }
  const traits = { recursionAvailable: true, udpPayloadSizeOctets: 1232, explain: 'full' } as const
  const octets = composeResponse(WRITER, { origin, question }, reply, traits)
  insist(octets.length <= 1232, 'a UDP reply above 1232 octets')
  insist(parseMessage(octets).ok, 'the reply to the client is malformed')
}
