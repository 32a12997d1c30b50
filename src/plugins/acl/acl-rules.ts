import { ConfigError, quoted } from '../../config/config-error.ts'
import type { Argument, Directive } from '../../config/corefile.ts'
import { noBlock, zoneArguments } from '../../config/directive-arguments.ts'
import { didYouMean } from '../../config/nearest-word.ts'
import { ipFromText, isIpv4 } from '../../wire/ip-address.ts'
import type { DomainName } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import type { Cidr } from '../../wire/reverse-name.ts'
import { parseCidr } from '../../wire/reverse-name.ts'
import { rrTypeFromText } from '../../wire/rrtype.ts'
import { longestZone } from '../longest-zone.ts'

const ACTIONS = ['allow', 'block', 'filter', 'drop'] as const
/** What becomes of a query: answered, REFUSED, an empty answer, no answer at all. */
export type AclAction = (typeof ACTIONS)[number]

/** What is decided, and the zone of the rule that says so; empty where none speaks of the query. */
export interface AclDecision {
  readonly action: AclAction
  readonly zone: string
}

const ALLOWED: AclDecision = { action: 'allow', zone: '' }

/** One `acl` directive: its zones, and what of which queries in them. */
export interface AclRule {
  readonly zones: readonly DomainName[]
  readonly policies: readonly AclPolicy[]
}

interface AclPolicy {
  readonly action: AclAction
  /** Undefined for all. */
  readonly qtypes: ReadonlySet<number> | undefined
  /** Undefined for all. */
  readonly nets: readonly Cidr[] | undefined
}

/** Reads one `acl [ZONES…] { ACTION [type TYPE…] [net NET…] }`. Throws a ConfigError. */
export function parseAclRule(directive: Directive, blockZones: readonly DomainName[]): AclRule {
  return {
    zones: directive.args.length === 0 ? blockZones : zoneArguments(directive.args),
    policies: directive.block.map(parsePolicy),
  }
}

/**
 * The first policy that speaks of the query, of the first rule that has one. A client whose address cannot be read is
 * blocked.
 */
export function decide(
  rules: readonly AclRule[],
  asked: { readonly lowerName: DomainName; readonly qtype: number; readonly address: string },
): AclDecision {
  const address = ipFromText(asked.address.replace(/%.*$/, ''))
  for (const { zones, policies } of rules) {
    const zone = longestZone(zones, asked.lowerName)
    if (zone === undefined) continue
    if (address === undefined) return { action: 'block', zone }
    const policy = policies.find(
      ({ qtypes, nets }) =>
        (qtypes?.has(asked.qtype) ?? true) && (nets?.some((net) => isWithin(address, net)) ?? true),
    )
    if (policy !== undefined) return { action: policy.action, zone }
  }
  return ALLOWED
}

/** Whether the range holds the address. */
export function isWithin(address: IpAddress, { address: start, prefixLength }: Cidr): boolean {
  if (isIpv4(address)) {
    const size = 2 ** (32 - prefixLength)
    return isIpv4(start) && address >= start && address < start + size
  }
  return !isIpv4(start) && address >> BigInt(128 - prefixLength) === start >> BigInt(128 - prefixLength)
}

function parsePolicy(property: Directive): AclPolicy {
  noBlock(property)
  const action = ACTIONS.find((word) => word === property.name.toLowerCase())
  if (action === undefined) {
    throw new ConfigError({
      code: 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY',
      message: `unknown property ${quoted(property.name)} of "acl"`,
      position: property.position,
      hint: didYouMean(property.name, ACTIONS) ?? `known are ${ACTIONS.join(', ')}`,
    })
  }
  const types = valuesOf(property.args, 'type')
  const nets = valuesOf(property.args, 'net')
  return {
    action,
    qtypes: isAll(types) ? undefined : new Set(types.map(typeOf)),
    nets: isAll(nets) ? undefined : nets.map(netOf),
  }
}

/** What stands behind `type` or `net`, up to the other word. Throws a ConfigError where something stands before both. */
function valuesOf(args: readonly Argument[], word: 'type' | 'net'): readonly Argument[] {
  const values: Argument[] = []
  let last: Argument | undefined
  let isEmpty = false
  for (const argument of args) {
    const isWord = /^(?:type|net)$/i.test(argument.text)
    if (isWord && isEmpty) break
    if (!isWord && last === undefined) throw valueError(argument, 'is neither type nor net')
    isEmpty = isWord
    if (isWord) last = argument
    else if (last?.text.toLowerCase() === word) values.push(argument)
  }
  if (isEmpty && last !== undefined) throw valueError(last, 'has nothing behind it')
  return values
}

function isAll(values: readonly Argument[]): boolean {
  return values.length === 0 || values.some(({ text }) => text === '*')
}

function typeOf(argument: Argument): number {
  const rrtype = rrTypeFromText(argument.text)
  if (rrtype === undefined) throw valueError(argument, 'is no type')
  return rrtype
}

function netOf(argument: Argument): Cidr {
  const { text } = argument
  const address = ipFromText(text)
  const net = address === undefined ? parseCidr(text) : { address, prefixLength: isIpv4(address) ? 32 : 128 }
  if (net === undefined) throw valueError(argument, 'is neither an address nor a CIDR')
  return net
}

function valueError({ text, position }: Argument, fault: string): ConfigError {
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `${quoted(text)} ${fault}`,
    position,
    hint: 'write allow|block|filter|drop [type TYPE…] [net NET…], such as block type A net 10.0.0.0/8',
  })
}
