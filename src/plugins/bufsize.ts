import type { Directive } from '../config/corefile.ts'
import { noBlock, parseInteger, requireArgs } from '../config/directive-arguments.ts'
import type { Plugin } from './plugin.ts'

/** What a UDP reply may hold without being split on the way (RFC 6891, DNS Flag Day 2020): 1280 less IPv6 and UDP headers. */
export const DEFAULT_UDP_PAYLOAD_SIZE_OCTETS = 1232

/** `bufsize [SIZE]`: the most octets of a UDP reply, 512 to 4096, also what our OPT records say. Of several the first counts. */
export const bufsize: Plugin = {
  name: 'bufsize',
  setup(directives) {
    const [udpPayloadSizeOctets] = directives.map(sizeOf)
    return udpPayloadSizeOctets === undefined ? {} : { udpPayloadSizeOctets }
  },
}

function sizeOf(directive: Directive): number {
  requireArgs(directive, 0, 1, 'bufsize [SIZE]')
  noBlock(directive)
  const [size] = directive.args
  return size === undefined ? DEFAULT_UDP_PAYLOAD_SIZE_OCTETS : parseInteger(size, { min: 512, max: 4096 })
}
