import { ExtendedErrorCode } from '../../wire/extended-error.ts'
import type { DomainName } from '../../wire/name.ts'
import { RrType, rrTypeToText } from '../../wire/rrtype.ts'
import type { Answer } from '../../zone/answer.ts'
import type { Question } from '../../zone/responder.ts'
import { NOT_SYNCED } from '../source.ts'
import type { NamingContext } from './naming-context.ts'
import type { Absence, Node } from './node.ts'
import { negativeSoa } from './soa.ts'

/** What a node says to one type: the type's RRset, the alias, or that it has none (RFC 1034 4.3.2, RFC 8482 4.1). */
export function pick(
  node: Node,
  { qname, qtype }: Question,
  origin: DomainName,
  context: NamingContext,
): Answer {
  const [first] = node.data
  const isAlias = first?.rrtype === RrType.CNAME
  const data = isAlias || qtype === RrType.ANY ? first : node.data.find(({ rrtype }) => rrtype === qtype)
  const rdatas = data?.rdatas(origin) ?? []
  if (data === undefined || rdatas.length === 0) return nodata(node, qtype, origin, context)
  const ttlSeconds = data.ttlSeconds ?? context.options.ttlSeconds
  const isFinal = !isAlias || qtype === RrType.CNAME || qtype === RrType.ANY
  return {
    kind: isFinal ? 'positive' : 'cname',
    answer: [{ owner: qname, rrtype: data.rrtype, ttlSeconds, rdatas }],
    authority: [],
    additional: data.additional?.(origin) ?? [],
    reason: node.reason,
  }
}

/** NXDOMAIN; or, from data that is not complete yet, no statement at all (RFC 8914 4.15). */
export function deny(absence: Absence, origin: DomainName, context: NamingContext): Answer {
  const unknown = whyUnknown(absence, context)
  return {
    kind: unknown === undefined ? 'nxdomain' : 'failure',
    answer: [],
    authority: [negativeSoa(origin, context)],
    additional: [],
    reason:
      unknown === undefined
        ? { code: ExtendedErrorCode.OTHER, text: absence.text }
        : { code: ExtendedErrorCode.NOT_READY, text: unknown },
  }
}

/** Why nobody can say yet whether the name exists; undefined where it does not. */
export function whyUnknown(
  { isOutside, lacks }: Absence,
  { store, options }: NamingContext,
): string | undefined {
  if (isOutside === true) return undefined
  if (!store.hasSynced) return NOT_SYNCED
  // The store may be shared with those who have names of endpoints.
  if (lacks === undefined || (lacks === 'EndpointSlice' && !options.endpoints)) return undefined
  const why = store.whyUnavailable(lacks)
  return why === undefined || why === NOT_SYNCED ? why : `${lacks} objects cannot be read: ${why}`
}

function nodata(node: Node, qtype: number, origin: DomainName, context: NamingContext): Answer {
  return {
    kind: 'nodata',
    answer: [],
    authority: [negativeSoa(origin, context)],
    additional: [],
    reason: {
      code: ExtendedErrorCode.OTHER,
      text: `${node.reason.text}: no ${qtype === RrType.ANY ? 'record' : `${rrTypeToText(qtype)} record`}`,
    },
  }
}
