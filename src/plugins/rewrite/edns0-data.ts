import { quoted } from '../../config/config-error.ts'
import type { Argument } from '../../config/corefile.ts'
import { ipFromText, ipv4Octets, isIpv4, isIpv4Mapped } from '../../wire/ip-address.ts'
import { writeUint128, writeUint16 } from '../../wire/octets.ts'
import type { Query } from '../../zone/responder.ts'
import { isMetadataLabel } from '../metadata/metadata-label.ts'
import { ruleError } from './rule-error.ts'

/** Makes the data of an EDNS option for a query; undefined where it cannot be had. */
export type OptionData = (query: Query) => Uint8Array | undefined

/** The code of the client subnet (RFC 7871). */
export const CLIENT_SUBNET = 8

/** So that a query with several of them stays far below the size of a message. */
const MAX_DATA_OCTETS = 512

/** DATA of a rule: hexadecimal behind `0x`, a variable in braces, or a text. Throws a ConfigError. */
export function optionDataArgument(argument: Argument): OptionData {
  const { text } = argument
  const usage = 'write DATA as a text, as 0x and octets in hexadecimal, or as {qname}'
  const name = /^\{(.*)\}$/s.exec(text)?.[1]
  if (name !== undefined) {
    const variable = VARIABLES.get(name)
    if (variable !== undefined) return variable
    if (isMetadataLabel(name)) return (query) => notEmpty(query.metadata?.get(name))
    const known = `there are {${[...VARIABLES.keys()].join('}, {')}} and {LABEL/OF-METADATA}`
    throw ruleError(`${quoted(text)} is no variable: ${known}`, argument, 'DATA as one of these')
  }
  if (text.startsWith('0x') && !/^0x(?:[0-9a-f]{2})*$/i.test(text))
    throw ruleError(`${quoted(text)} is not in whole octets of hexadecimal digits`, argument, usage)
  const octets = text.startsWith('0x') ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text, 'utf8')
  if (octets.length <= MAX_DATA_OCTETS) return () => octets
  throw ruleError(`the data of the option has more than ${MAX_DATA_OCTETS} octets`, argument, usage)
}

/** As CoreDNS has them: numbers and addresses as on the wire, names and words as texts. */
const VARIABLES = new Map<string, OptionData>([
  ['qname', ({ question }) => Buffer.from(question.qname, 'latin1')],
  ['qtype', ({ question }) => uint16(question.qtype)],
  ['client_ip', ({ client }) => addressOctets(client.address)],
  ['client_port', ({ client }) => uint16(client.port)],
  ['protocol', ({ client }) => Buffer.from(client.transport, 'latin1')],
  ['server_ip', ({ local }) => addressOctets(local.address)],
  ['server_port', ({ local }) => uint16(local.port)],
])

/**
 * The client's network (RFC 7871 section 6): family (2), bits of the network (1), scope (1), and as many octets of the
 * address as hold the bits, those behind them being 0.
 */
export function clientSubnet(
  { client }: Query,
  bits: { readonly ipv4: number; readonly ipv6: number },
): Uint8Array | undefined {
  const address = addressOctets(client.address)
  if (address === undefined) return undefined
  const isV4 = address.length === 4
  const prefixLength = isV4 ? bits.ipv4 : bits.ipv6
  const network = address.slice(0, Math.ceil(prefixLength / 8)).map((octet, index) => {
    const left = prefixLength - index * 8
    return left >= 8 ? octet : octet & (0xff << (8 - left))
  })
  return Uint8Array.from([0, isV4 ? 1 : 2, prefixLength, 0, ...network])
}

/** 4 or 16 octets; undefined for what is no address. */
function addressOctets(text: string): Uint8Array | undefined {
  const address = ipFromText(text.replace(/%.*$/, ''))
  if (address === undefined) return undefined
  if (isIpv4(address)) return Uint8Array.from(ipv4Octets(address))
  if (isIpv4Mapped(address)) return Uint8Array.from(ipv4Octets(Number(address & 0xffff_ffffn)))
  const octets = new Uint8Array(16)
  writeUint128(octets, 0, address)
  return octets
}

function uint16(value: number): Uint8Array {
  const octets = new Uint8Array(2)
  writeUint16(octets, 0, value)
  return octets
}

function notEmpty(text: string | undefined): Uint8Array | undefined {
  return text === undefined || text === ''
    ? undefined
    : Buffer.from(text, 'utf8').subarray(0, MAX_DATA_OCTETS)
}
