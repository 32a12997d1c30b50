import type { Argument } from '../../config/corefile.ts'
import type { DomainName } from '../../wire/name.ts'
import { lowerCase, nameFromText } from '../../wire/name.ts'
import { RrType } from '../../wire/rrtype.ts'
import { joinChain } from '../../zone/cname-chain.ts'
import { failureReply } from '../../zone/failure-reply.ts'
import type { Query, Reply } from '../../zone/responder.ts'
import type { RRset } from '../../zone/rrset.ts'
import type { NameSubstitution } from './name-matcher.ts'
import { absolute, matchKindArgument, regexSubstitution, textSubstitution } from './name-matcher.ts'
import type { ResponseRule, RewriteRule } from './rule.ts'
import { ruleError } from './rule-error.ts'

const USAGE = 'rewrite [stop|continue] cname [exact|prefix|suffix|substring|regex] FROM TO'

/**
 * `cname [KIND] FROM TO`: the first CNAME of an answer that points to FROM points to TO, and what follows it is what TO has. It
 * looks at every answer. Throws a ConfigError.
 */
export function parseCnameRule(args: readonly Argument[], continues: boolean, start: Argument): RewriteRule {
  const substitution = substitutionFrom(args, start)
  const responseRule: ResponseRule = (reply, query) => redirect(reply, query, substitution)
  return { continues, apply: (query) => ({ query, responseRules: [responseRule] }) }
}

/** Texts other than exact names and patterns are compared as they are, without a dot put behind them. */
function substitutionFrom(args: readonly Argument[], start: Argument): NameSubstitution {
  const [kindWord, from, to] = args.length === 2 ? [undefined, ...args] : args
  if (from === undefined || to === undefined || args.length > 3)
    throw ruleError('a cname rule needs FROM and TO', start, USAGE)
  const kind = kindWord === undefined ? 'exact' : matchKindArgument(kindWord)
  if (kind === 'regex') return regexSubstitution(from, to, to.text.toLowerCase())
  const texts = [from, to].map(({ text }) => (kind === 'exact' ? absolute(text) : text.toLowerCase()))
  return textSubstitution(kind, texts[0] ?? '', texts[1] ?? '')
}

function redirect(reply: Reply, query: Query, substitution: NameSubstitution): Reply | Promise<Reply> {
  for (const [index, rrset] of reply.answer.entries()) {
    const target = targetOf(rrset)
    const text = target === undefined ? undefined : substitution(lowerCase(target))
    if (text === undefined || text === target) continue
    const qname = nameFromText(text)
    if (qname === undefined)
      return failureReply('a rewrite of a CNAME makes something that is no domain name')
    const before = reply.answer.slice(0, index).filter(({ rrtype }) => rrtype === RrType.CNAME)
    const start = {
      rrsets: [...before, { ...rrset, rdatas: [{ kind: 'CNAME', target: qname }] } satisfies RRset],
      authoritativeAnswer: reply.authoritativeAnswer,
    }
    const rest = query.resolve({ ...query.question, qname })
    return rest instanceof Promise ? rest.then((late) => joinChain(start, late)) : joinChain(start, rest)
  }
  return reply
}

function targetOf({ rdatas: [rdata] }: RRset): DomainName | undefined {
  return rdata?.kind === 'CNAME' ? rdata.target : undefined
}
