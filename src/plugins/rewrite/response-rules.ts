import type { Argument } from '../../config/corefile.ts'
import { quoted } from '../../config/config-error.ts'
import type { Reply } from '../../zone/responder.ts'
import type { RRset } from '../../zone/rrset.ts'
import { rcodeArgument } from '../rcode-argument.ts'
import { regexpArgument } from '../regexp/regexp.ts'
import type { MatchKind } from './name-matcher.ts'
import { absolute, matchKindArgument, textSubstitution } from './name-matcher.ts'
import type { ResponseRule, RewriteRule } from './rule.ts'
import { ruleError } from './rule-error.ts'

const TTL_USAGE = 'rewrite [stop|continue] ttl [exact|prefix|suffix|substring|regex] NAME SECONDS|[MIN]-[MAX]'
const RCODE_USAGE = 'rewrite [stop|continue] rcode [exact|prefix|suffix|substring|regex] NAME FROM TO'

/** `ttl [KIND] NAME SECONDS|[MIN]-[MAX]`: bounds the TTL of every record. Throws a ConfigError. */
export function parseTtlRule(args: readonly Argument[], continues: boolean, start: Argument): RewriteRule {
  const { matches, rest } = parseName(args, 1, start, TTL_USAGE)
  const { min, max } = ttlRange(rest[0] ?? start)
  const bounded = (rrset: RRset): RRset => ({
    ...rrset,
    ttlSeconds: Math.max(min, Math.min(max, rrset.ttlSeconds)),
  })
  const responseRule: ResponseRule = (reply: Reply) => ({
    ...reply,
    answer: reply.answer.map(bounded),
    authority: reply.authority.map(bounded),
    additional: reply.additional.map(bounded),
  })
  return onReply(matches, responseRule, continues)
}

/** `rcode [KIND] NAME FROM TO`: one RCODE becomes another. Throws a ConfigError. */
export function parseRcodeRule(args: readonly Argument[], continues: boolean, start: Argument): RewriteRule {
  const { matches, rest } = parseName(args, 2, start, RCODE_USAGE)
  const [from, to] = rest.map(rcodeArgument)
  if (from === undefined || to === undefined)
    throw ruleError('an rcode rule needs FROM and TO', start, RCODE_USAGE)
  return onReply(matches, (reply) => (reply.rcode === from ? { ...reply, rcode: to } : reply), continues)
}

function onReply(
  matches: (lowerName: string) => boolean,
  responseRule: ResponseRule,
  continues: boolean,
): RewriteRule {
  return {
    continues,
    apply: (query) => (matches(query.lowerName) ? { query, responseRules: [responseRule] } : undefined),
  }
}

/** `[KIND] NAME` and `restCount` arguments behind it. */
function parseName(
  args: readonly Argument[],
  restCount: number,
  start: Argument,
  usage: string,
): { readonly matches: (lowerName: string) => boolean; readonly rest: readonly Argument[] } {
  const nameIndex = args.length - restCount - 1
  const name = args[nameIndex]
  if (name === undefined || nameIndex > 1)
    throw ruleError(`a rule takes ${1 + restCount} or ${2 + restCount} arguments`, start, usage)
  const [first] = args
  const kind = nameIndex === 0 || first === undefined ? 'exact' : matchKindArgument(first)
  return { matches: nameTest(kind, name), rest: args.slice(nameIndex + 1) }
}

function nameTest(kind: MatchKind, name: Argument): (lowerName: string) => boolean {
  if (kind === 'regex') {
    const regexp = regexpArgument(name)
    return (lowerName) => regexp.match(lowerName) !== undefined
  }
  const substitution = textSubstitution(kind, absolute(name.text), '')
  return (lowerName) => substitution(lowerName) !== undefined
}

/** The largest TTL (RFC 2181 section 8). */
const MAX_TTL_SECONDS = 0x7fff_ffff

function ttlRange(argument: Argument): { readonly min: number; readonly max: number } {
  const [, low = '', dash, high = ''] = /^(\d{0,10})(?:(-)(\d{0,10}))?$/.exec(argument.text) ?? []
  const min = low === '' ? 0 : Number(low)
  const open = dash === undefined ? min : MAX_TTL_SECONDS
  const max = high === '' ? open : Number(high)
  if ((low !== '' || high !== '') && min <= max && max <= MAX_TTL_SECONDS) return { min, max }
  throw ruleError(`${quoted(argument.text)} is no TTL and no range of TTLs`, argument, TTL_USAGE)
}
