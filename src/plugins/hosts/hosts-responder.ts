import { ExtendedErrorCode } from '../../wire/extended-error.ts'
import { isIpv4 } from '../../wire/ip-address.ts'
import type { DomainName } from '../../wire/name.ts'
import { Rcode } from '../../wire/rcode.ts'
import type { IpAddress, Rdata } from '../../wire/rdata.ts'
import { RrType, rrTypeToText } from '../../wire/rrtype.ts'
import { failureReply } from '../../zone/failure-reply.ts'
import type { Query, Reply, Responder } from '../../zone/responder.ts'
import type { RRset } from '../../zone/rrset.ts'
import { longestZone } from '../longest-zone.ts'
import type { HostsOptions } from './hosts-options.ts'
import type { HostsTable } from './hosts-table.ts'

/**
 * Answers from tables, the first one first. A name that none knows is SERVFAIL unless it falls through: there is no SOA
 * to say NXDOMAIN with. A reverse name that none knows always goes on.
 */
export function createHostsResponder(options: HostsOptions, tables: () => readonly HostsTable[]): Responder {
  return (query, next) => {
    const { lowerName, question } = query
    const targets = distinct(tables().flatMap((table) => table.namesAt(lowerName)))
    if (targets.length > 0) {
      const rdatas = targets.map((target) => ({ kind: 'PTR', target }) as const)
      return answer(query, [{ rrtype: RrType.PTR, rdatas }], options)
    }
    const isServed = longestZone(options.zones, lowerName) !== undefined
    if (!isServed) return next(query)
    const rrsets = [true, false].map((isV4) => addressRRset(tables(), lowerName, isV4))
    if (rrsets.every(({ rdatas }) => rdatas.length === 0)) {
      if (question.qtype === RrType.PTR || options.fallsThrough(lowerName)) return next(query)
      return failureReply(`${lowerName} is not in the hosts of this server block`)
    }
    if (!isSpoken(question.qtype) && options.unsupportedFallsThrough(lowerName)) return next(query)
    return answer(query, rrsets, options)
  }
}

type Data = Pick<RRset, 'rrtype' | 'rdatas'>

function addressRRset(tables: readonly HostsTable[], lowerName: DomainName, isV4: boolean): Data {
  const addresses = distinct(tables.flatMap((table) => table.addresses(lowerName, isV4)))
  return { rrtype: isV4 ? RrType.A : RrType.AAAA, rdatas: addresses.map(rdataOf) }
}

function rdataOf(address: IpAddress): Rdata {
  return isIpv4(address) ? { kind: 'A', address } : { kind: 'AAAA', address }
}

function isSpoken(qtype: number): boolean {
  return [RrType.A, RrType.AAAA, RrType.PTR, RrType.ANY].some((rrtype) => rrtype === qtype)
}

/** The RRset of the type that is asked, any one for ANY (RFC 8482), else NODATA: the name exists. */
function answer({ question }: Query, data: readonly Data[], { ttlSeconds }: HostsOptions): Reply {
  const { qname, qtype } = question
  const found = data.find(
    ({ rrtype, rdatas }) => rdatas.length > 0 && (rrtype === qtype || qtype === RrType.ANY),
  )
  const reply = { rcode: Rcode.NOERROR, authoritativeAnswer: true, authority: [], additional: [] }
  if (found !== undefined) return { ...reply, answer: [{ owner: qname, ttlSeconds, ...found }] }
  const text = `${qname} is in the hosts of this server block, without ${rrTypeToText(qtype)}`
  return { ...reply, answer: [], extendedError: { code: ExtendedErrorCode.OTHER, text } }
}

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)]
}
