import type { Directive } from '../config/corefile.ts'
import { eachProperty, oneOf, requireArgs } from '../config/directive-arguments.ts'
import { RrType } from '../wire/rrtype.ts'
import type { Reply, Responder } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'
import { notSupported, refuseProperties } from './not-supported.ts'
import type { Plugin } from './plugin.ts'

/**
 * `loadbalance [round_robin]`: puts the addresses (and mail exchanges) of every reply in random order, so that clients
 * which take the first one spread evenly. CNAMEs stay in front, everything else stays where it is.
 */
export const loadbalance: Plugin = {
  name: 'loadbalance',
  setup(directives, { host }) {
    for (const directive of directives) checkPolicy(directive)
    return { responder: shuffler(host.random) }
  },
}

function checkPolicy(directive: Directive): void {
  const [policy] = directive.args
  if (policy?.text === 'weighted')
    throw notSupported('policy "weighted" of "loadbalance"', policy.position, 'write loadbalance round_robin')
  requireArgs(directive, 0, 1, 'loadbalance [round_robin]')
  if (policy !== undefined) oneOf(policy, ['round_robin'])
  eachProperty(directive, refuseProperties(directive, ['prefer']))
}

function shuffler(random: () => number): Responder {
  return (query, next) => {
    const reply = next(query)
    return reply instanceof Promise
      ? reply.then((late) => shuffleReply(late, random))
      : shuffleReply(reply, random)
  }
}

function shuffleReply(reply: Reply, random: () => number): Reply {
  if (!reply.answer.some(isSpread) && !reply.additional.some(isSpread)) return reply
  return {
    ...reply,
    answer: reply.answer.map((rrset) => shuffleRRset(rrset, random)),
    additional: reply.additional.map((rrset) => shuffleRRset(rrset, random)),
  }
}

function isSpread(rrset: RRset): boolean {
  if (rrset.rdatas.length < 2) return false
  return rrset.rrtype === RrType.A || rrset.rrtype === RrType.AAAA || rrset.rrtype === RrType.MX
}

/** Fisher–Yates on a copy: every order is equally likely, and the stored RRset stays as it is. */
function shuffleRRset(rrset: RRset, random: () => number): RRset {
  if (!isSpread(rrset)) return rrset
  const rdatas = rrset.rdatas.slice()
  for (let last = rdatas.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const moved = rdatas[last]
    const taken = rdatas[other]
    if (moved === undefined || taken === undefined) break
    rdatas[last] = taken
    rdatas[other] = moved
  }
  return { ...rrset, rdatas }
}
