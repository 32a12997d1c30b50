import { noBlock, requireArgs } from '../config/directive-arguments.ts'
import { Rcode } from '../wire/rcode.ts'
import { RrType } from '../wire/rrtype.ts'
import type { Reply } from '../zone/responder.ts'
import type { Plugin } from './plugin.ts'

/** `minimal`: positive replies have their answer section alone. Negative replies, failures and referrals stay as they are. */
export const minimal: Plugin = {
  name: 'minimal',
  setup(directives) {
    for (const directive of directives) {
      requireArgs(directive, 0, 0, 'minimal')
      noBlock(directive)
    }
    return {
      responder: (query, next) => {
        const reply = next(query)
        return reply instanceof Promise ? reply.then(minimize) : minimize(reply)
      },
    }
  },
}

function minimize(reply: Reply): Reply {
  return isPositive(reply) ? { ...reply, authority: [], additional: [] } : reply
}

/** A SOA in authority says that the name, or the last one of a chain, lacks the type; NS without an answer, a referral (RFC 2308 2.2). */
function isPositive({ rcode, answer, authority }: Reply): boolean {
  if (rcode !== Rcode.NOERROR) return false
  return !authority.some(
    ({ rrtype }) => rrtype === RrType.SOA || (rrtype === RrType.NS && answer.length === 0),
  )
}
