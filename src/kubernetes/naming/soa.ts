import { type DomainName, nameFromLabels } from '../../wire/name.ts'
import type { Rdata } from '../../wire/rdata.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { RRset } from '../../zone/rrset.ts'
import type { NamingContext } from './naming-context.ts'
import { fixedData, type NodeData } from './node.ts'

/** TTL of a SOA record asked for by name, at most. */
const MAX_SOA_TTL_SECONDS = 300

/** The SOA RRset of a zone as it stands in the authority section of a negative answer (RFC 2308 section 3). */
export function negativeSoa(origin: DomainName, context: NamingContext): RRset {
  const { serial } = context.store
  const last = context.lastNegativeSoa
  if (last?.serial === serial && last.rrset.owner === origin) return last.rrset
  const rrset = {
    owner: origin,
    rrtype: RrType.SOA,
    ttlSeconds: context.negativeTtlSeconds,
    rdatas: [soaRdata(origin, context)],
  }
  context.lastNegativeSoa = { serial, rrset }
  return rrset
}

/** The SOA RRset of a zone as its apex holds it. */
export function soaData(context: NamingContext): NodeData {
  const ttlSeconds = Math.min(context.options.ttlSeconds, MAX_SOA_TTL_SECONDS)
  return { ...fixedData(RrType.SOA, [], ttlSeconds), rdatas: (origin) => [soaRdata(origin, context)] }
}

function soaRdata(origin: DomainName, context: NamingContext): Rdata {
  return {
    kind: 'SOA',
    mname: nameFromLabels(['ns', 'dns'], origin) ?? origin,
    rname: nameFromLabels(['hostmaster'], origin) ?? origin,
    serial: context.store.serial,
    refresh: 7200,
    retry: 1800,
    expire: 86_400,
    minimum: context.negativeTtlSeconds,
  }
}
