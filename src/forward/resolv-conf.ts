import { isIP } from 'node:net'

import { DNS_PORT } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'

export interface ResolvConf {
  /** In the order of the file, each once. Empty where the file names none: the caller must refuse that. */
  readonly upstreams: readonly Upstream[]
  /** One sentence for each `nameserver` line that could not be used, with its line number. */
  readonly warnings: readonly string[]
}

/**
 * Reads the `nameserver` lines of a resolv.conf file (resolv.conf(5)); all other lines concern stub resolvers alone.
 * Comments start with `#` or `;`. The zone of a link-local IPv6 address is kept: without it the address reaches nobody.
 */
export function parseResolvConf(text: string): ResolvConf {
  const upstreams = new Map<string, Upstream>()
  const warnings: string[] = []
  text.split(/\r?\n/).forEach((line, index) => {
    const words = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/)
    if (words[0] !== 'nameserver') return
    const address = words[1]
    if (address === undefined) warnings.push(`line ${index + 1}: nameserver without an address is ignored`)
    else if (isIP(address) === 0)
      warnings.push(`line ${index + 1}: nameserver "${address}" is not an IP address and is ignored`)
    else upstreams.set(address.toLowerCase(), { address, port: DNS_PORT })
  })
  return { upstreams: [...upstreams.values()], warnings }
}
