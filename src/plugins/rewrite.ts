import { quoted } from '../config/config-error.ts'
import type { Argument, Directive } from '../config/corefile.ts'
import { noBlock } from '../config/directive-arguments.ts'
import type { Plugin } from './plugin.ts'
import { parseCnameRule } from './rewrite/cname-rule.ts'
import { parseEdns0Rule } from './rewrite/edns0-rule.ts'
import { parseNameRule } from './rewrite/name-rule.ts'
import { parseClassRule, parseTypeRule } from './rewrite/question-rules.ts'
import { parseRcodeRule, parseTtlRule } from './rewrite/response-rules.ts'
import { ruleError } from './rewrite/rule-error.ts'
import type { RewriteRule } from './rewrite/rule.ts'
import { rewriteAndAsk } from './rewrite/rule.ts'

/**
 * `rewrite [stop|continue] FIELD …`: changes the question before it is answered, and the answer to fit the question that was
 * asked. Rules are tried in the order of the Corefile.
 */
export const rewrite: Plugin = {
  name: 'rewrite',
  setup(directives) {
    const rules = directives.map(parseRule)
    return { responder: (query, next) => rewriteAndAsk(rules, query, next) }
  },
}

type ParseRule = (args: readonly Argument[], continues: boolean, start: Argument) => RewriteRule

const PARSERS = new Map<string, ParseRule>([
  ['name', parseNameRule],
  ['type', parseTypeRule],
  ['class', parseClassRule],
  ['ttl', parseTtlRule],
  ['rcode', parseRcodeRule],
  ['cname', parseCnameRule],
  ['edns0', parseEdns0Rule],
])

const USAGE = 'rewrite [stop|continue] name|type|class|ttl|rcode|cname|edns0 …'

function parseRule(directive: Directive): RewriteRule {
  const [mode, ...others] = wordsOf(directive)
  const hasMode = mode !== undefined && /^(?:stop|continue)$/i.test(mode.text)
  const [field, ...args] = hasMode || mode === undefined ? others : [mode, ...others]
  if (field === undefined) throw ruleError('a rewrite rule has no field', placeOf(directive), USAGE)
  const name = field.text.toLowerCase()
  const parse = PARSERS.get(name)
  if (parse === undefined)
    throw ruleError(`${quoted(field.text)} is no field of a rewrite rule`, field, USAGE)
  return parse(args, hasMode && mode.text.toLowerCase() === 'continue', field)
}

/** With fewer than two arguments, a rule goes on in the braces, over as many lines as it likes. */
function wordsOf(directive: Directive): readonly Argument[] {
  if (directive.args.length >= 2) {
    noBlock(directive)
    return directive.args
  }
  const inBraces = directive.block.flatMap((line) => {
    noBlock(line)
    return [placeOf(line), ...line.args]
  })
  return [...directive.args, ...inBraces]
}

function placeOf({ name, position }: Directive): Argument {
  return { text: name, position }
}
