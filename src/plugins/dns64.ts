import { ConfigError, quoted } from '../config/config-error.ts'
import type { Argument, Directive } from '../config/corefile.ts'
import { eachProperty, requireArgs } from '../config/directive-arguments.ts'
import { ipFromText, isIpv4, isIpv4Mapped } from '../wire/ip-address.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Rdata } from '../wire/rdata.ts'
import type { Cidr } from '../wire/reverse-name.ts'
import { parseCidr } from '../wire/reverse-name.ts'
import { RrType } from '../wire/rrtype.ts'
import type { Next, Query, Reply } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'
import { embedIpv4, PREFIX_LENGTHS } from './dns64/embed-ipv4.ts'
import type { Plugin } from './plugin.ts'

interface Dns64Options {
  readonly prefix: Cidr
  /** Also names that have AAAA records. */
  readonly translatesAll: boolean
  /** Also clients that ask over IPv4. */
  readonly allowsIpv4: boolean
}

/** The prefix that is the same everywhere (RFC 6052 2.1). */
const WELL_KNOWN_PREFIX: Cidr = { address: 0x64_ff9bn << 96n, prefixLength: 96 }

/** `dns64 [PREFIX] { … }`: gives names without AAAA records such as lead to their IPv4 addresses through a NAT64 (RFC 6147). */
export const dns64: Plugin = {
  name: 'dns64',
  setup(directives, { host, server }) {
    const options = parseDns64(directives)
    const translated = host.metrics
      .counter({
        name: 'coredns_dns64_requests_translated_total',
        help: 'AAAA records made of A records.',
        labels: ['server'],
      })
      .with(server)
    return {
      responder: (query, next) => {
        if (!isMeant(query, options)) return next(query)
        return translate(query, { options, count: () => void translated.value++ }, next)
      },
    }
  },
}

async function translate(
  query: Query,
  { options, count }: { readonly options: Dns64Options; readonly count: () => void },
  next: Next,
): Promise<Reply> {
  const reply = await next(query)
  const hasOwn = reply.answer.some(({ rrtype }) => rrtype === RrType.AAAA)
  if (reply.rcode === Rcode.NXDOMAIN || (hasOwn && !options.translatesAll)) return reply
  const found = await next(query.withQuestion({ ...query.question, qtype: RrType.A }))
  if (found.rcode !== Rcode.NOERROR || !found.answer.some(({ rrtype }) => rrtype === RrType.A)) return reply
  count()
  const limit = ttlLimitSeconds(reply)
  const { authenticData: _, extendedError: __, ...rest } = found
  return {
    ...rest,
    authoritativeAnswer: false,
    answer: found.answer.map((rrset) => translateRRset(rrset, options.prefix, limit)),
  }
}

function isMeant({ question, client }: Query, { allowsIpv4 }: Dns64Options): boolean {
  if (question.qtype !== RrType.AAAA) return false
  if (allowsIpv4) return true
  const address = ipFromText(client.address.replace(/%.*$/, ''))
  return address !== undefined && !isIpv4(address) && !isIpv4Mapped(address)
}

/** What there is not may be kept no longer than that it is not there (RFC 6147 5.1.7). */
function ttlLimitSeconds({ authority }: Reply): number {
  return authority.find(({ rrtype }) => rrtype === RrType.SOA)?.ttlSeconds ?? 600
}

function translateRRset(rrset: RRset, prefix: Cidr, limitSeconds: number): RRset {
  if (rrset.rrtype !== RrType.A) return rrset
  const ttlSeconds = Math.min(rrset.ttlSeconds, limitSeconds)
  return {
    ...rrset,
    rrtype: RrType.AAAA,
    ttlSeconds,
    rdatas: rrset.rdatas.map((rdata) => translateRdata(rdata, prefix)),
  }
}

function translateRdata(rdata: Rdata, prefix: Cidr): Rdata {
  return rdata.kind === 'A' ? { kind: 'AAAA', address: embedIpv4(rdata.address, prefix) } : rdata
}

type Draft = { -readonly [Name in keyof Dns64Options]: Dns64Options[Name] }

/** Of several the last word counts. */
function parseDns64(directives: readonly Directive[]): Dns64Options {
  const options: Draft = { prefix: WELL_KNOWN_PREFIX, translatesAll: false, allowsIpv4: false }
  const readPrefix = ({ args }: Directive): void => {
    for (const argument of args) options.prefix = prefixArgument(argument)
  }
  for (const directive of directives) {
    requireArgs(directive, 0, 1, 'dns64 [PREFIX]')
    readPrefix(directive)
    eachProperty(directive, {
      prefix: (property) => {
        requireArgs(property, 1, 1, 'prefix PREFIX')
        readPrefix(property)
      },
      translate_all: (property) => {
        requireArgs(property, 0, 0, 'translate_all')
        options.translatesAll = true
      },
      allow_ipv4: (property) => {
        requireArgs(property, 0, 0, 'allow_ipv4')
        options.allowsIpv4 = true
      },
    })
  }
  return options
}

function prefixArgument({ text, position }: Argument): Cidr {
  const prefix = parseCidr(text)
  if (prefix !== undefined && !isIpv4(prefix.address) && PREFIX_LENGTHS.includes(prefix.prefixLength))
    return prefix
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `${quoted(text)} is no prefix for IPv4 addresses`,
    position,
    hint: `write an IPv6 CIDR with a prefix of ${PREFIX_LENGTHS.join(', ')} bits, such as 64:ff9b::/96`,
  })
}
