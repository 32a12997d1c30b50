import { ConfigError, quoted } from '../../config/config-error.ts'
import type { Argument } from '../../config/corefile.ts'
import { ExtendedErrorCode } from '../../wire/extended-error.ts'
import { Rcode } from '../../wire/rcode.ts'
import { RrClass } from '../../wire/rrclass.ts'
import { rrTypeFromText } from '../../wire/rrtype.ts'
import type { Reply } from '../../zone/responder.ts'
import type { RewriteRule } from './rule.ts'
import { ruleError } from './rule-error.ts'

/** `type FROM TO`: questions for one type become questions for another. Throws a ConfigError. */
export function parseTypeRule(args: readonly Argument[], continues: boolean, start: Argument): RewriteRule {
  const [from, to] = numbers(args, rrTypeFromText, start, 'rewrite [stop|continue] type FROM TO')
  return {
    continues,
    apply: (query) =>
      query.question.qtype === from
        ? { query: query.withQuestion({ ...query.question, qtype: to }), responseRules: [] }
        : undefined,
  }
}

/**
 * `class FROM TO`. Only class IN comes here and only IN is answered (differences.md 22), so a rule from another class never
 * matches, and one to another class refuses. Throws a ConfigError.
 */
export function parseClassRule(args: readonly Argument[], continues: boolean, start: Argument): RewriteRule {
  const [from, to] = numbers(
    args,
    (text) => CLASSES.get(text.toUpperCase()),
    start,
    'rewrite [stop|continue] class FROM TO',
  )
  return {
    continues,
    apply: ({ question }) => (question.qclass === from && to !== from ? { reply: REFUSED } : undefined),
  }
}

const CLASSES = new Map<string, number>(Object.entries(RrClass))

const REFUSED: Reply = {
  rcode: Rcode.REFUSED,
  authoritativeAnswer: false,
  answer: [],
  authority: [],
  additional: [],
  extendedError: { code: ExtendedErrorCode.NOT_SUPPORTED, text: 'a rewrite asks for another class than IN' },
}

function numbers(
  args: readonly Argument[],
  fromText: (text: string) => number | undefined,
  start: Argument,
  usage: string,
): readonly [number, number] {
  const [from, to] = args.map((argument) => {
    const number = fromText(argument.text)
    if (number !== undefined) return number
    throw new ConfigError({
      code: 'SLICEDNS_CONFIG_VALUE',
      message: `${quoted(argument.text)} is neither a type nor a class`,
      position: argument.position,
      hint: `write ${usage}`,
    })
  })
  if (from === undefined || to === undefined || args.length > 2)
    throw ruleError('the rule needs FROM and TO', start, usage)
  return [from, to]
}
