import { readFileSync } from 'node:fs'

import { parseResolvConf } from '../forward/resolv-conf.ts'
import type { Log } from '../plugins/plugin.ts'

const RESOLV_CONF = '/etc/resolv.conf'

/** Where this host itself resolves, to forward other names to; empty, with a warning, where it says nothing usable. */
export function hostUpstreams(log: Log): readonly string[] {
  const { upstreams } = parseResolvConf(readOrEmpty(RESOLV_CONF))
  if (upstreams.length > 0) return [RESOLV_CONF]
  log.warn(`${RESOLV_CONF} names no server: names outside the cluster will not resolve`)
  return []
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
