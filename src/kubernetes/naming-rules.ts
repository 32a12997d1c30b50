import { asDomainName, type DomainName, isSubdomain } from '../wire/name.ts'
import type { Answer } from '../zone/answer.ts'
import type { Question } from '../zone/responder.ts'
import type { ClusterStore } from './cluster-store.ts'
import { findName } from './naming/cluster-names.ts'
import { namesOfService } from './naming/names-of-service.ts'
import { type AskedZone, NamingContext } from './naming/naming-context.ts'
import type { NamingOptions } from './naming/naming-options.ts'
import type { Found } from './naming/node.ts'
import { deny, pick } from './naming/pick.ts'
import { nameExplainedBy, whyNode } from './naming/why-names.ts'
import type { ServiceEntry } from './service-entry.ts'

/** What the names of a cluster are, and what they hold. */
export interface NamingRules {
  /**
   * The answer to a question of class IN, `lowerName` being its name in lower case; undefined where the name is in none
   * of the zones. Never waits, never throws.
   */
  answer(question: Question, lowerName: DomainName): Answer | undefined
  /**
   * Every owner name that a Service and its slices give rise to, in lower case and in every zone: its own, its ports' and
   * endpoints', and reverse names. Empty where it has none. Of names by topology zone, which answer for any zone, those of the
   * zones that its endpoints are in.
   */
  namesOf(entry: ServiceEntry): readonly DomainName[]
}

/** The naming rules of Kubernetes (DNS specification 1.1.0) over a store: read at each answer, nothing is copied. */
export function createNamingRules(options: NamingOptions, store: ClusterStore): NamingRules {
  const context = new NamingContext(options, store)
  // The longest zone that holds a name wins.
  const zones = options.zones.toSorted((one, other) => other.length - one.length)
  return {
    answer(question, lowerName) {
      const zone = zones.find((candidate) => isSubdomain(lowerName, candidate))
      if (zone === undefined) return undefined
      const origin = asDomainName(question.qname.slice(-zone.length))
      const found = find(lowerName, { zone, origin }, context)
      return found.kind === 'node' ? pick(found, question, origin, context) : deny(found, origin, context)
    },
    namesOf: (entry) => namesOfService(entry, context),
  }
}

function find(lowerName: DomainName, asked: AskedZone, context: NamingContext): Found {
  const explained = context.options.explain === 'full' ? nameExplainedBy(lowerName) : undefined
  if (explained === undefined || explained.length < asked.zone.length)
    return findName(lowerName, asked, context)
  return whyNode(explained, find(explained, asked, context), context)
}
