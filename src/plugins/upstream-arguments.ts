import { ConfigError } from '../config/config-error.ts'
import type { Argument, Directive } from '../config/corefile.ts'
import { requireArgs } from '../config/directive-arguments.ts'
import { parseResolvConf } from '../forward/resolv-conf.ts'
import { parseUpstreamAddress } from '../forward/upstream-address.ts'
import { MAX_UPSTREAMS } from '../forward/upstream-list.ts'
import type { UpstreamSource } from '../forward/upstream-list.ts'
import type { PluginHost } from './plugin.ts'
import { readIfThere } from './read-if-there.ts'

const USAGE = 'forward FROM ADDRESS|HOST|RESOLV_CONF…'

/** The TO arguments of one `forward`: addresses, host names, files in the form of resolv.conf. Throws a ConfigError. */
export function parseUpstreamArguments(directive: Directive, host: PluginHost): readonly UpstreamSource[] {
  requireArgs(directive, 2, Infinity, USAGE)
  const sources = directive.args.slice(1).map((argument) => sourceOf(argument, host))
  const count = sources.reduce(
    (sum, source) => sum + (source.kind === 'file' ? parseResolvConf(source.text).upstreams.length : 1),
    0,
  )
  if (count > MAX_UPSTREAMS)
    throw forwardError(`"forward" takes at most ${MAX_UPSTREAMS} upstreams`, directive)
  return sources
}

/** What looks like a host name may be a file beside the Corefile: where there is one, it is meant. */
function sourceOf(argument: Argument, host: PluginHost): UpstreamSource {
  const parsed = parseUpstreamAddress(argument.text)
  if (parsed.kind === 'upstream') return { kind: 'fixed', upstream: parsed.upstream }
  const text = parsed.mayBeFile ? readIfThere(argument.text, host) : undefined
  if (text === undefined) {
    if (parsed.kind === 'host') return { kind: 'host', host: parsed.host }
    throw forwardError(parsed.text, argument)
  }
  const { upstreams, warnings } = parseResolvConf(text)
  for (const warning of warnings) host.log.warn(`${argument.text}: ${warning}`)
  if (upstreams.length > 0) return { kind: 'file', path: argument.text, text }
  throw forwardError(
    `"${argument.text}" names no server to forward to`,
    argument,
    'add a line `nameserver ADDRESS` to it',
  )
}

/** The error for an argument or property of `forward`. */
export function forwardError(
  message: string,
  { position }: Pick<Argument, 'position'>,
  hint: string = `write ${USAGE}`,
): ConfigError {
  return new ConfigError({ code: 'SLICEDNS_CONFIG_UPSTREAM', message, position, hint })
}
