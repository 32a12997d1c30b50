import { noBlock, parseInteger, requireArgs } from '../config/directive-arguments.ts'
import type { Plugin } from './plugin.ts'

/** What a UDP reply may hold without being split on the way (RFC 6891, DNS Flag Day 2020): 1280 less IPv6 and UDP headers. */
export const DEFAULT_UDP_PAYLOAD_SIZE_OCTETS = 1232

/** `bufsize [SIZE]`: the most octets of a UDP reply, 512 to 4096, also what our OPT records say. */
export const bufsize: Plugin = {
  name: 'bufsize',
  setup(directives) {
    let udpPayloadSizeOctets = DEFAULT_UDP_PAYLOAD_SIZE_OCTETS
    for (const directive of directives) {
      requireArgs(directive, 0, 1, 'bufsize [SIZE]')
      noBlock(directive)
      for (const size of directive.args) udpPayloadSizeOctets = parseInteger(size, { min: 512, max: 4096 })
    }
    return { udpPayloadSizeOctets }
  },
}
