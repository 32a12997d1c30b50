import { noBlock, oneOf, requireArgs } from '../config/directive-arguments.ts'
import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { Rcode } from '../wire/rcode.ts'
import { RrType } from '../wire/rrtype.ts'
import type { Reply } from '../zone/responder.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/**
 * `families ipv4|ipv6`: of names that would be forwarded, addresses of the other family are not asked for: there are none.
 * For clusters that have one family only, where every name is otherwise asked for twice. Names of our own data stay as they are.
 */
export const families: Plugin = {
  name: 'families',
  setup(directives) {
    const directive = singleDirective(directives, 'without any, both families are asked for')
    if (directive === undefined) return {}
    requireArgs(directive, 1, 1, 'families ipv4|ipv6')
    noBlock(directive)
    const [family] = directive.args.map((argument) => oneOf<'ipv4' | 'ipv6'>(argument, ['ipv4', 'ipv6']))
    if (family === undefined) return {}
    const unwanted = family === 'ipv4' ? RrType.AAAA : RrType.A
    const reply = noAddresses(family)
    return { responder: (query, next) => (query.question.qtype === unwanted ? reply : next(query)) }
  },
}

/** Nobody was asked whether the name exists, so there is no SOA to vouch for it, and caches keep nothing (RFC 2308 5). */
function noAddresses(family: 'ipv4' | 'ipv6'): Reply {
  const name = family === 'ipv4' ? 'IPv4' : 'IPv6'
  return {
    rcode: Rcode.NOERROR,
    authoritativeAnswer: false,
    answer: [],
    authority: [],
    additional: [],
    extendedError: {
      code: ExtendedErrorCode.OTHER,
      text: `only ${name} addresses are asked for outside of the cluster (families ${family})`,
    },
  }
}
