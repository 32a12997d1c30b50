import { ConfigError, quoted } from '../config/config-error.ts'
import type { Argument } from '../config/corefile.ts'
import { nearestWord } from '../config/nearest-word.ts'
import { Rcode } from '../wire/rcode.ts'

/** The largest RCODE that has a name (IANA "DNS RCODEs"). */
const MAX_RCODE = 23

/** Names of CoreDNS that are not ours. */
const CODES = new Map<string, number>([
  ...Object.entries(Rcode),
  ['NOTIMPL', Rcode.NOTIMP],
  ['BADSIG', Rcode.BADVERS],
])

/** An RCODE by name, in any letter case, or by number. Throws a ConfigError. */
export function rcodeArgument({ text, position }: Argument): number {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : undefined
  const code = number ?? CODES.get(text.toUpperCase())
  if (code !== undefined && code <= MAX_RCODE) return code
  const near = nearestWord(text, CODES.keys())
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `${quoted(text)} is no response code`,
    position,
    hint: near === undefined ? 'write one such as NXDOMAIN' : `did you mean "${near}"?`,
  })
}
