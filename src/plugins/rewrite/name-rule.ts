import { ConfigError, quoted } from '../../config/config-error.ts'
import type { Argument } from '../../config/corefile.ts'
import type { DomainName } from '../../wire/name.ts'
import { isSubdomain, lowerCase, nameFromText } from '../../wire/name.ts'
import { failureReply } from '../../zone/failure-reply.ts'
import type { NameSubstitution } from './name-matcher.ts'
import {
  absolute,
  matchKindArgument,
  nameSubstitution,
  regexSubstitution,
  textSubstitution,
} from './name-matcher.ts'
import { ownerRule, valueRule } from './rewrite-names.ts'
import type { ResponseRule, RewriteRule } from './rule.ts'
import { ruleError } from './rule-error.ts'

const USAGE = 'rewrite [stop|continue] name [exact|prefix|suffix|substring|regex] FROM TO [answer …]'

/** `name [KIND] FROM TO [answer auto | [answer] name FROM TO | [answer] value FROM TO]…`. Throws a ConfigError. */
export function parseNameRule(args: readonly Argument[], continues: boolean, start: Argument): RewriteRule {
  const [first, second] = args
  if (first === undefined || second === undefined)
    throw ruleError('a name rule needs FROM and TO', start, USAGE)
  const [kind, from, to, ...options] =
    args.length === 2
      ? (['exact', first, second] as const)
      : [matchKindArgument(first), second, ...args.slice(2)]
  if (to === undefined) throw ruleError('a name rule needs FROM and TO', start, USAGE)
  const substitution = nameSubstitution(kind, from, to)
  const answers = parseAnswers(options)
  const isAuto = kind === 'exact' || answers.isAuto
  const back = kind === 'suffix' && isAuto ? suffixBack(from, to) : undefined
  const rules = [...(back ?? []), ...answers.rules]
  return {
    continues,
    apply(query) {
      const text = substitution(query.lowerName)
      if (text === undefined) return undefined
      const qname = nameFromText(text)
      if (qname === undefined)
        return {
          reply: failureReply(
            `a rewrite makes ${quoted(text)} of ${query.lowerName}, which is no domain name`,
          ),
        }
      const responseRules =
        isAuto && back === undefined ? [...nameBack(qname, query.question.qname), ...rules] : rules
      return { query: query.withQuestion({ ...query.question, qname }), responseRules }
    },
  }
}

interface Answers {
  readonly isAuto: boolean
  readonly rules: readonly ResponseRule[]
}

/** `answer` stands before the first option, and may stand before the others. Of old Corefiles, `name auto` is `auto`. */
function parseAnswers(options: readonly Argument[]): Answers {
  const [first] = options
  if (first !== undefined && first.text !== 'answer')
    throw ruleError(`${quoted(first.text)} does not belong to a name rule`, first, USAGE)
  let isAuto = false
  let hasNames = false
  const rules: ResponseRule[] = []
  let rest = options
  for (let [word] = rest; word !== undefined; [word] = rest) {
    const [kind = word, from, to] = word.text === 'answer' ? rest.slice(1) : rest
    const isAutoName = kind.text === 'name' && from?.text === 'auto'
    isAuto ||= kind.text === 'auto' || isAutoName
    if (kind.text !== 'auto' && !isAutoName) {
      rules.push(answerRule(kind, [from, to]))
      hasNames ||= kind.text === 'name'
    }
    rest = rest.slice((kind === word ? 0 : 1) + (kind.text === 'auto' ? 1 : isAutoName ? 2 : 3))
  }
  if (!isAuto || !hasNames || first === undefined) return { isAuto, rules }
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_PROPERTY_CONFLICT',
    message: '"answer auto" and "answer name" exclude each other',
    position: first.position,
    hint: 'keep one of them',
  })
}

function answerRule(kind: Argument, [from, to]: readonly (Argument | undefined)[]): ResponseRule {
  if (kind.text !== 'name' && kind.text !== 'value')
    throw ruleError('"answer" needs auto, name or value behind it', kind, USAGE)
  if (from === undefined || to === undefined)
    throw ruleError(`"answer ${kind.text}" needs FROM and TO`, kind, USAGE)
  const substitution = regexSubstitution(from, to, absolute(to.text))
  return kind.text === 'name' ? ownerRule(substitution) : valueRule(substitution)
}

/** Back from the name that was asked in the end, and from names below it, to the one the client asked. */
function nameBack(rewritten: DomainName, asked: DomainName): readonly ResponseRule[] {
  const lower = lowerCase(rewritten)
  const substitution: NameSubstitution = (name) => {
    const below = nameFromText(name)
    if (below === undefined || !isSubdomain(below, lower)) return undefined
    return name.slice(0, name.length - lower.length) + asked
  }
  return [ownerRule(substitution), valueRule(substitution)]
}

/** A suffix goes back wherever it stands, whatever name was asked. */
function suffixBack(from: Argument, to: Argument): readonly ResponseRule[] {
  const substitution = textSubstitution('suffix', absolute(to.text), absolute(from.text))
  return [ownerRule(substitution), valueRule(substitution)]
}
