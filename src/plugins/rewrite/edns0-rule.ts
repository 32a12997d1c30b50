import { quoted } from '../../config/config-error.ts'
import type { Argument } from '../../config/corefile.ts'
import { oneOf, parseInteger } from '../../config/directive-arguments.ts'
import { NSID } from '../../wire/edns.ts'
import type { EdnsOption } from '../../wire/edns.ts'
import type { Query, QueryOptions } from '../../zone/responder.ts'
import type { OptionData } from './edns0-data.ts'
import { CLIENT_SUBNET, clientSubnet, optionDataArgument } from './edns0-data.ts'
import { ruleError } from './rule-error.ts'
import type { RewriteRule, Rewritten } from './rule.ts'

const ACTIONS = ['set', 'append', 'replace', 'unset'] as const
const KINDS = ['local', 'nsid', 'subnet'] as const

const USAGE =
  'rewrite edns0 local set|append|replace CODE DATA, local unset CODE, nsid set|append|replace|unset, subnet set|append|replace V4BITS V6BITS or subnet unset'

/**
 * `edns0 local|nsid|subnet set|append|replace|unset … [revert]`: EDNS options that upstreams are asked with. An option of the
 * client goes there only where an `append` finds it in its place. `revert` is taken and changes nothing: no option of a query
 * stands in its reply. Throws a ConfigError.
 */
export function parseEdns0Rule(args: readonly Argument[], continues: boolean, start: Argument): RewriteRule {
  const [kindWord, actionWord, ...more] = args
  if (kindWord === undefined || actionWord === undefined)
    throw ruleError('an edns0 rule is not complete', start, USAGE)
  const kind = oneOf(lowerCased(kindWord), KINDS)
  const action = oneOf(lowerCased(actionWord), ACTIONS)
  const isReverted = action !== 'unset' && more.at(-1)?.text === 'revert'
  const rest = isReverted ? more.slice(0, -1) : more
  const count = ARGUMENT_COUNTS[kind][action === 'unset' ? 'unset' : 'others']
  if (rest.length !== count) {
    const message = `${kind} ${action} takes ${count} arguments, and ${rest.length} are given`
    throw ruleError(message, start, USAGE)
  }
  const { code, data } = optionOf(kind, action, rest)
  return { continues, apply: (query) => apply(query, { action, code, data }) }
}

const ARGUMENT_COUNTS = {
  local: { unset: 1, others: 2 },
  nsid: { unset: 0, others: 0 },
  subnet: { unset: 0, others: 2 },
} as const

/** What a rule does with one option. */
interface OptionChange {
  readonly action: (typeof ACTIONS)[number]
  readonly code: number
  readonly data: OptionData
}

function optionOf(
  kind: (typeof KINDS)[number],
  action: OptionChange['action'],
  rest: readonly Argument[],
): Omit<OptionChange, 'action'> {
  const [first, second] = rest
  if (kind === 'nsid') return { code: NSID, data: () => NO_DATA }
  if (kind === 'local' && first !== undefined) {
    const code = codeArgument(first)
    return { code, data: second === undefined ? () => NO_DATA : optionDataArgument(second) }
  }
  if (action === 'unset' || first === undefined || second === undefined)
    return { code: CLIENT_SUBNET, data: () => NO_DATA }
  const bits = {
    ipv4: parseInteger(first, { min: 0, max: 32 }),
    ipv6: parseInteger(second, { min: 0, max: 128 }),
  }
  return { code: CLIENT_SUBNET, data: (query) => clientSubnet(query, bits) }
}

const NO_DATA = new Uint8Array(0)

/** In decimal, or in hexadecimal behind `0x`. */
function codeArgument(argument: Argument): number {
  const code = /^(?:0x[0-9a-f]{1,8}|\d{1,8})$/i.test(argument.text) ? Number(argument.text) : Number.NaN
  if (code <= 0xffff) return code
  throw ruleError(`${quoted(argument.text)} is no code of an EDNS option`, argument, USAGE)
}

function apply(query: Query, { action, code, data }: OptionChange): Rewritten | undefined {
  const { options } = query
  const rest = without(options, code)
  if (action === 'unset') return { query: query.withOptions(rest), responseRules: [] }
  const octets = data(query)
  if (octets === undefined) return undefined
  const ofClient = options.ofClient.find((option) => option.code === code)
  const isThere = ofClient !== undefined || options.forUpstream.some((option) => option.code === code)
  if (action === 'replace' && !isThere) return undefined
  if (action !== 'append' || !isThere) return asked(query, rest, { code, data: octets })
  if (ofClient === undefined) return undefined
  // A copy: the data is a view of the client's message, and may be sent later.
  return { ...asked(query, rest, { code, data: ofClient.data.slice() }), isMiss: true }
}

function asked(query: Query, { ofClient, forUpstream }: QueryOptions, option: EdnsOption): Rewritten {
  const options = { ofClient, forUpstream: [...forUpstream, option] }
  return { query: query.withOptions(options), responseRules: [] }
}

function without({ ofClient, forUpstream }: QueryOptions, code: number): QueryOptions {
  const isOther = (option: EdnsOption): boolean => option.code !== code
  return { ofClient: ofClient.filter(isOther), forUpstream: forUpstream.filter(isOther) }
}

function lowerCased(argument: Argument): Argument {
  return { ...argument, text: argument.text.toLowerCase() }
}
