import { extendedErrorOf } from '../wire/edns.ts'
import { ExtendedErrorCode } from '../wire/extended-error.ts'
import type { ExtendedError } from '../wire/extended-error.ts'
import type { DomainName } from '../wire/name.ts'
import type { Message } from '../wire/message.ts'
import { Rcode, rcodeToText } from '../wire/rcode.ts'
import { RrType } from '../wire/rrtype.ts'
import { failureReply } from '../zone/failure-reply.ts'
import type { Question, Reply } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'
import { scrub } from './scrub.ts'
import { upstreamToText } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'

/** `continueAt`: the reply's answer is the upstream's part of a chain, and the rest is ours to find from this name on. */
export type UsableReply =
  | { readonly kind: 'usable'; readonly reply: Reply; readonly continueAt: DomainName | undefined }
  | { readonly kind: 'invalid'; readonly text: string }

/**
 * The reply to pass on: scrubbed, never authoritative, with the upstream's Extended DNS Error or, where it has none and the
 * answer is negative or failed, a sentence that says whose answer it is.
 */
export function replyFromUpstream(
  question: Question,
  upstream: Upstream,
  message: Message,
  servedHere: (lowerName: DomainName) => boolean,
): UsableReply {
  const hasSections = RCODES_WITH_SECTIONS.has(message.rcode)
  const scrubbed = scrub(question, hasSections ? message : NO_SECTIONS, servedHere)
  if (scrubbed.kind === 'invalid') {
    return { kind: 'invalid', text: `${upstreamToText(upstream)} contradicts itself: ${scrubbed.text}` }
  }
  if (scrubbed.kind === 'endless') {
    return { kind: 'usable', reply: failureReply(scrubbed.text, scrubbed.answer), continueAt: undefined }
  }
  const { answer, authority, continueAt } = scrubbed
  const extendedError = upstreamError(message) ?? describe(question, upstream, message.rcode, answer)
  const reply: Reply = {
    rcode: message.rcode,
    authoritativeAnswer: false,
    authenticData: message.authenticData,
    answer,
    authority,
    additional: [],
    ...(extendedError === undefined ? {} : { extendedError }),
  }
  return { kind: 'usable', reply, continueAt }
}

/** Other RCODEs say that there is no answer; records beside them mean nothing. */
const RCODES_WITH_SECTIONS: ReadonlySet<number> = new Set([Rcode.NOERROR, Rcode.NXDOMAIN, Rcode.YXDOMAIN])
const NO_SECTIONS = { answer: [], authority: [] }

/** Characters of an upstream's text that are passed on. */
const MAX_TEXT_LENGTH = 200

/** The upstream's Extended DNS Error, its text short and on one line: it goes into logs and onto terminals. */
function upstreamError(message: Message): ExtendedError | undefined {
  const error = message.opt === undefined ? undefined : extendedErrorOf(message.opt)
  if (error === undefined) return undefined
  const text = error.text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, MAX_TEXT_LENGTH)
  return { code: error.code, text: text.toWellFormed() }
}

function describe(
  { qname, qtype }: Question,
  upstream: Upstream,
  rcode: number,
  answer: readonly RRset[],
): ExtendedError | undefined {
  const from = `upstream ${upstreamToText(upstream)}`
  const said = (text: string) => ({ code: ExtendedErrorCode.OTHER, text: `${from} ${text}` })
  if (rcode === Rcode.NXDOMAIN) return said('says that the name does not exist')
  if (rcode !== Rcode.NOERROR) return said(`answered ${rcodeToText(rcode)} for ${qname}`)
  const isPositive = answer.some((rrset) => rrset.rrtype === qtype || qtype === RrType.ANY)
  return isPositive ? undefined : said('says that the name has no record of this type')
}
