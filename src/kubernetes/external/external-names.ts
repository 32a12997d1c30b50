import { asDomainName, isSubdomain, labelsOf, nameFromLabels } from '../../wire/name.ts'
import type { DomainName } from '../../wire/name.ts'
import { addressFromReverseName } from '../../wire/reverse-name.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { Answer } from '../../zone/answer.ts'
import type { Question } from '../../zone/responder.ts'
import type { RRset } from '../../zone/rrset.ts'
import type { ClusterStore } from '../cluster-store.ts'
import { NamingContext } from '../naming/naming-context.ts'
import type { NamingOptions } from '../naming/naming-options.ts'
import type { Found } from '../naming/node.ts'
import { absence, node } from '../naming/node.ts'
import { deny, pick } from '../naming/pick.ts'
import { apexNode, nodeBelowApex } from './external-apex.ts'
import type { ExternalContext, ExternalOptions } from './external-options.ts'
import { reverseFound } from './external-reverse.ts'
import { serviceFound } from './external-services.ts'

/** The names that Services have outside of the cluster. */
export interface ExternalNames {
  /** The answer to a question of class IN; undefined where the name is in none of the zones. Never waits, never throws. */
  answer(question: Question, lowerName: DomainName): Answer | undefined
}

/**
 * `SERVICE.NAMESPACE.ZONE` with the addresses that a Service is reached at from outside, `_PORT._PROTOCOL` before it, and
 * reverse names: read from the store at each answer.
 */
export function createExternalNames(
  options: ExternalOptions,
  naming: NamingOptions,
  store: ClusterStore,
): ExternalNames {
  const { zones, ttlSeconds } = options
  const context = new NamingContext({ ...naming, zones, ttlSeconds }, store)
  const longestFirst = zones.toSorted((one, other) => other.length - one.length)
  return {
    answer(question, lowerName) {
      const zone = longestFirst.find((candidate) => isSubdomain(lowerName, candidate))
      if (zone === undefined) return undefined
      const origin = asDomainName(question.qname.slice(-zone.length))
      const found = find(lowerName, zone, { options, context })
      const answer =
        found.kind === 'node' ? pick(found, question, origin, context) : deny(found, origin, context)
      return withSoaNames(answer, options)
    },
  }
}

function find(lowerName: DomainName, zone: DomainName, external: ExternalContext): Found {
  const all = labelsOf(lowerName)
  const labels = all.slice(0, all.length - labelsOf(zone).length)
  const { options, context } = external
  if (labels.length === 0) return apexNode(external)
  if (labels.at(-1) === options.apex) return nodeBelowApex(labels.slice(0, -1), external)
  const address = addressFromReverseName(lowerName)
  if (address !== undefined) return reverseFound(address, external)
  const [namespace = ''] = labels.slice(-1)
  if (!context.isExposed(namespace)) return absence(`namespace "${namespace}" does not exist`)
  const service = labels.at(-2)
  if (service === undefined) return node(`namespace "${namespace}"`, [])
  return serviceFound({ namespace, service, below: labels.slice(0, -2) }, external)
}

/** The SOA of a zone of this kind names `ns1` and `hostmaster` below the apex label. */
function withSoaNames(answer: Answer, { apex }: ExternalOptions): Answer {
  const rename = (rrset: RRset): RRset => {
    if (rrset.rrtype !== RrType.SOA) return rrset
    const rdatas = rrset.rdatas.map((rdata) =>
      rdata.kind === 'SOA'
        ? {
            ...rdata,
            mname: nameFromLabels(['ns1', apex], rrset.owner) ?? rdata.mname,
            rname: nameFromLabels(['hostmaster', apex], rrset.owner) ?? rdata.rname,
          }
        : rdata,
    )
    return { ...rrset, rdatas }
  }
  return { ...answer, answer: answer.answer.map(rename), authority: answer.authority.map(rename) }
}
