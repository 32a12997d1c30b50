import { isIP } from 'node:net'

import { parseResolvConf } from '../../../src/forward/resolv-conf.ts'
import { upstreamToText } from '../../../src/forward/upstream-address.ts'
import { FILE_RUN_MS, insist, words } from '../target.ts'
import type { FuzzTarget } from '../target.ts'

/** A resolv.conf file: every upstream is an address, each once; every warning says its line. */
export const resolvConfTarget: FuzzTarget = {
  name: 'resolv-conf',
  seedForm: 'txt',
  maxOctets: 4_096,
  maxRunMs: FILE_RUN_MS,
  dictionary: [
    ...words('nameserver ', 'search ', 'options ndots:5', '# ', '; ', '\n', '\r\n', '\t', '\0', '\xff', ' '),
    ...words(
      '127.0.0.1',
      '::1',
      'fe80::1%eth0',
      'fe80::1%',
      '010.0.0.1',
      '1.2.3',
      '::ffff:1.2.3.4',
      '[::1]:53',
      ':',
    ),
  ],
  run: (octets) => {
    const text = Buffer.from(octets).toString('utf8')
    const { upstreams, warnings } = parseResolvConf(text)
    for (const { address, port } of upstreams) {
      insist(isIP(address) !== 0 && port === 53, `${address} is no address`)
    }
    const distinct = new Set(upstreams.map((upstream) => upstreamToText(upstream).toLowerCase()))
    insist(distinct.size === upstreams.length, 'an upstream stands twice')
    const lines = text.split(/\r?\n/).length
    for (const warning of warnings) {
      const line = Number(/^line (\d+): /.exec(warning)?.[1])
      insist(line >= 1 && line <= lines, `a warning without its line: ${warning}`)
    }
    return `${Math.min(4, upstreams.length)} ${Math.min(4, warnings.length)}`
  },
}
