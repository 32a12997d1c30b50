import { noBlock, requireArgs } from '../config/directive-arguments.ts'
import { ipFromText } from '../wire/ip-address.ts'
import type { DomainName } from '../wire/name.ts'
import { nameFromLabels, ROOT } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Rdata } from '../wire/rdata.ts'
import { RrType } from '../wire/rrtype.ts'
import type { Query, Reply } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'
import type { Plugin } from './plugin.ts'

/** `whoami`: tells the asker, in the additional section, its own address, port and transport. For trying a server out. */
export const whoami: Plugin = {
  name: 'whoami',
  setup(directives) {
    for (const directive of directives) {
      requireArgs(directive, 0, 0, 'whoami')
      noBlock(directive)
    }
    return { responder: (query) => describeClient(query) }
  },
}

function describeClient(query: Query): Reply {
  const { qname } = query.question
  const { port, transport } = query.client
  const service = nameFromLabels([`_${transport}`], qname)
  const records = [
    addressRecord(qname, query.client.address),
    record(service ?? qname, RrType.SRV, { kind: 'SRV', priority: 0, weight: 0, port, target: ROOT }),
  ]
  return {
    rcode: Rcode.NOERROR,
    authoritativeAnswer: true,
    answer: [],
    authority: [],
    additional: records.filter((rrset) => rrset !== undefined),
  }
}

function addressRecord(owner: DomainName, text: string): RRset | undefined {
  const address = ipFromText(text)
  if (address === undefined) return undefined
  if (typeof address === 'number') return record(owner, RrType.A, { kind: 'A', address })
  return record(owner, RrType.AAAA, { kind: 'AAAA', address })
}

function record(owner: DomainName, rrtype: number, rdata: Rdata): RRset {
  return { owner, rrtype, ttlSeconds: 0, rdatas: [rdata] }
}
