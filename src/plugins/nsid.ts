import { ConfigError } from '../config/config-error.ts'
import type { Directive } from '../config/corefile.ts'
import { noBlock } from '../config/directive-arguments.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/** So that it fits beside the longest question into the smallest UDP reply, and leaves room for the answer. */
const MAX_NSID_OCTETS = 128

/** `nsid [DATA…]`: tells who asks with an NSID option which server this is (RFC 5001): DATA, or the name of the host. */
export const nsid: Plugin = {
  name: 'nsid',
  setup(directives, { host }) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    noBlock(directive)
    return { nsid: identifier(directive, host.hostname) }
  },
}

function identifier({ args }: Directive, hostname: string): Uint8Array {
  const [first] = args
  if (first === undefined) return Buffer.from(hostname).subarray(0, MAX_NSID_OCTETS)
  const data = Buffer.from(args.map(({ text }) => text).join(' '))
  if (data.length <= MAX_NSID_OCTETS) return data
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `the data of "nsid" has ${data.length} octets`,
    position: first.position,
    hint: `give at most ${MAX_NSID_OCTETS}`,
  })
}
