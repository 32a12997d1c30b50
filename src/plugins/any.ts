import { noBlock, requireArgs } from '../config/directive-arguments.ts'
import { Rcode } from '../wire/rcode.ts'
import { RrType } from '../wire/rrtype.ts'
import type { DomainName } from '../wire/name.ts'
import type { Reply } from '../zone/responder.ts'
import type { Plugin } from './plugin.ts'

/** `any`: answers type ANY at every name with one HINFO record that says so (RFC 8482 section 4.2). */
export const any: Plugin = {
  name: 'any',
  setup(directives) {
    for (const directive of directives) {
      requireArgs(directive, 0, 0, 'any')
      noBlock(directive)
    }
    return {
      responder: (query, next) =>
        query.question.qtype === RrType.ANY ? obsolete(query.question.qname) : next(query),
    }
  },
}

/** In CoreDNS's words, its TTL the number of the RFC. */
function obsolete(owner: DomainName): Reply {
  return {
    rcode: Rcode.NOERROR,
    authoritativeAnswer: false,
    answer: [
      {
        owner,
        rrtype: RrType.HINFO,
        ttlSeconds: 8482,
        rdatas: [{ kind: 'HINFO', cpu: 'ANY obsoleted', os: 'See RFC 8482' }],
      },
    ],
    authority: [],
    additional: [],
  }
}
