import type { Directive } from '../config/corefile.ts'
import { domainArgument, eachProperty } from '../config/directive-arguments.ts'
import type { DomainName } from '../wire/name.ts'
import { isSubdomain } from '../wire/name.ts'
import { rcodeToText } from '../wire/rcode.ts'
import { rrClassToText } from '../wire/rrclass.ts'
import { rrTypeToText } from '../wire/rrtype.ts'
import type { Query, Sent } from '../zone/responder.ts'
import { notSupported, refuseProperties } from './not-supported.ts'
import type { Plugin } from './plugin.ts'

/**
 * `log [NAMES…]`: one line for every query (below one of the names), in the words that log readers of CoreDNS know:
 * `127.0.0.1:50759 - 29008 "A IN example.org. udp 41 false 4096" NOERROR qr,rd,ra 68 0.037990251s`
 */
export const log: Plugin = {
  name: 'log',
  setup(directives, { host }) {
    const names = directives.flatMap(namesOf)
    const everything = directives.some((directive) => directive.args.length === 0)
    return {
      responder: (query, next) => {
        if (!everything && !names.some((name) => isSubdomain(query.lowerName, name))) return next(query)
        const startMs = host.nowMs()
        if (query.depth === 0)
          query.onReplied((sent) => host.log.info(queryLine(query, sent, host.nowMs() - startMs)))
        return next(query)
      },
    }
  },
}

function namesOf(directive: Directive): readonly DomainName[] {
  eachProperty(directive, refuseProperties(directive, ['class']))
  return directive.args.map((argument) => {
    if (!argument.text.includes('{')) return domainArgument(argument)
    throw notSupported(
      'a format of one\'s own for "log"',
      argument.position,
      'remove it: lines have the common format',
    )
  })
}

/** The line without its time stamp. Names are in lower case, sizes in octets as they stood on the wire, the duration in seconds. */
export function queryLine(query: Query, sent: Sent, durationMs: number): string {
  const { address, port, transport } = query.client
  const remote = address.includes(':') ? `[${address}]` : address
  const { qtype, qclass } = query.question
  const asked = `${rrTypeToText(qtype)} ${rrClassToText(qclass)} ${query.lowerName} ${transport} ${query.sizeOctets}`
  const bufsize = transport === 'tcp' ? 65535 : Math.max(512, query.udpPayloadSize ?? 512)
  const seconds = (durationMs / 1000).toFixed(9).replace(/\.?0+$/, '')
  return (
    `${remote}:${port} - ${query.id} "${asked} ${query.dnssecOk} ${bufsize}" ` +
    `${rcodeToText(sent.rcode)} ${flagsToText(query, sent)} ${sent.sizeOctets} ${seconds}s`
  )
}

function flagsToText(query: Query, sent: Sent): string {
  const flags = ['qr']
  if (sent.authoritativeAnswer) flags.push('aa')
  if (sent.truncated) flags.push('tc')
  if (query.recursionDesired) flags.push('rd')
  if (sent.recursionAvailable) flags.push('ra')
  if (sent.authenticData) flags.push('ad')
  if (query.checkingDisabled) flags.push('cd')
  return flags.join(',')
}
