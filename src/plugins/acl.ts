import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { lowerCase } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Query, Reply } from '../zone/responder.ts'
import { createAclMetrics } from './acl/acl-metrics.ts'
import type { AclAction, AclDecision, AclRule } from './acl/acl-rules.ts'
import { decide, parseAclRule } from './acl/acl-rules.ts'
import type { Plugin } from './plugin.ts'

/**
 * `acl [ZONES…] { ACTION [type TYPE…] [net NET…] }`: answers clients by their address. Names that an answer leads to through
 * CNAMEs, also one from a cache, are looked at like the name that was asked.
 */
export const acl: Plugin = {
  name: 'acl',
  setup(directives, { zones, server, viewName, host }) {
    const rules = directives.map((directive) => parseAclRule(directive, zones))
    const metrics = createAclMetrics(host.metrics, { server, viewName })
    const check = (query: Query, reply: Reply): Reply => {
      const decision = decideOwners(rules, reply, query)
      metrics.count(decision)
      return DENIED[decision.action] ?? reply
    }
    return {
      responder: (query, next) => {
        const decision = decide(rules, askedBy(query, query.lowerName))
        const denied = DENIED[decision.action]
        if (denied !== undefined) {
          metrics.count(decision)
          return denied
        }
        const reply = next(query)
        return reply instanceof Promise ? reply.then((late) => check(query, late)) : check(query, reply)
      },
    }
  },
}

/** The first decision against a name in the answer, else one for it. */
function decideOwners(rules: readonly AclRule[], reply: Reply, query: Query): AclDecision {
  const decisions = reply.answer.map(({ owner }) => decide(rules, askedBy(query, lowerCase(owner))))
  return decisions.find(({ action }) => action !== 'allow') ?? { action: 'allow', zone: '' }
}

function askedBy({ question, client }: Query, lowerName: Query['lowerName']): Parameters<typeof decide>[1] {
  return { lowerName, qtype: question.qtype, address: client.address }
}

/** No cache may keep it: another client is another matter. */
const EMPTY = {
  rcode: Rcode.NOERROR,
  authoritativeAnswer: false,
  answer: [],
  authority: [],
  additional: [],
  uncacheable: true,
} as const satisfies Reply

const DENIED: Readonly<Record<AclAction, Reply | undefined>> = {
  allow: undefined,
  block: {
    ...EMPTY,
    rcode: Rcode.REFUSED,
    extendedError: {
      code: ExtendedErrorCode.BLOCKED,
      text: 'the acl of this server block refuses this client',
    },
  },
  filter: {
    ...EMPTY,
    extendedError: {
      code: ExtendedErrorCode.FILTERED,
      text: 'the acl of this server block hides this from the client',
    },
  },
  drop: { ...EMPTY, dropped: true },
}
