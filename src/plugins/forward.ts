import { ConfigError } from '../config/config-error.ts'
import type { Argument, Directive } from '../config/corefile.ts'
import { eachProperty, requireArgs, zoneArguments } from '../config/directive-arguments.ts'
import { createForwarder } from '../forward/forwarder.ts'
import { parseResolvConf } from '../forward/resolv-conf.ts'
import type { Upstream } from '../forward/upstream-address.ts'
import { parseUpstreamAddress } from '../forward/upstream-address.ts'
import type { DomainName } from '../wire/name.ts'
import { isSubdomain } from '../wire/name.ts'
import type { Next, Responder } from '../zone/responder.ts'
import { refuseProperties } from './not-supported.ts'
import type { Plugin, PluginHost } from './plugin.ts'

/** As CoreDNS: more are a mistake. */
const MAX_UPSTREAMS = 15

const USAGE = 'forward FROM ADDRESS|RESOLV_CONF…'

/** Properties that CoreDNS has. */
const LATER = [
  'doh_method',
  'except',
  'expire',
  'failfast_all_unhealthy_upstreams',
  'failover',
  'force_tcp',
  'health_check',
  'max_age',
  'max_concurrent',
  'max_connect_attempts',
  'max_fails',
  'max_idle_conns',
  'next',
  'next_on_nodata',
  'policy',
  'prefer_udp',
  'read_timeout',
  'resolver',
  'source_address',
  'tls',
  'tls_servername',
]

/**
 * `forward FROM TO…`: sends names below FROM to upstreams: addresses, or files in the form of resolv.conf. Of several
 * the first one whose FROM holds the name takes it.
 */
export const forward: Plugin = {
  name: 'forward',
  setup(directives, { host, beforeForward }) {
    const stanzas = directives.map((directive) => createStanza(directive, host))
    const responder: Responder = (query, next) => {
      const stanza = stanzas.find(({ zones }) => zones.some((zone) => isSubdomain(query.lowerName, zone)))
      return stanza === undefined ? next(query) : stanza.forward(query)
    }
    if (beforeForward === undefined) return { recursionAvailable: true, responder }
    return {
      recursionAvailable: true,
      responder: (query, next) => beforeForward(query, (again) => responder(again, next)),
    }
  },
}

interface Stanza {
  readonly zones: readonly DomainName[]
  readonly forward: Next
}

function createStanza(directive: Directive, host: PluginHost): Stanza {
  requireArgs(directive, 2, Infinity, USAGE)
  eachProperty(directive, refuseProperties(directive, LATER))
  const upstreams = directive.args.slice(1).flatMap((argument) => upstreamsOf(argument, host))
  const surplus = upstreams[MAX_UPSTREAMS]
  if (surplus !== undefined)
    throw upstreamError(`"forward" takes at most ${MAX_UPSTREAMS} upstreams`, directive)
  const forwarder = createForwarder({
    upstreams,
    random: host.random,
    nowMs: host.nowMs,
    servedHere: (lowerName) => host.isInOwnZone(lowerName),
    isOwnAddress: (address, port) => host.isOwnAddress(address, port),
  })
  host.onClose(() => forwarder.close())
  return { zones: zoneArguments(directive.args.slice(0, 1)), forward: forwarder.forward }
}

function upstreamsOf(argument: Argument, host: PluginHost): readonly Upstream[] {
  const parsed = parseUpstreamAddress(argument.text)
  if (parsed.kind === 'upstream') return [parsed.upstream]
  if (!parsed.mayBeFile) throw upstreamError(parsed.text, argument)
  const text = readIfThere(argument.text, host)
  if (text === undefined) throw upstreamError(parsed.text, argument)
  const { upstreams, warnings } = parseResolvConf(text)
  for (const warning of warnings) host.log.warn(`${argument.text}: ${warning}`)
  if (upstreams.length > 0) return upstreams
  throw upstreamError(
    `"${argument.text}" names no server to forward to`,
    argument,
    'add a line `nameserver ADDRESS` to it',
  )
}

function readIfThere(path: string, host: PluginHost): string | undefined {
  try {
    return host.readFile(path)
  } catch {
    return undefined
  }
}

function upstreamError(
  message: string,
  { position }: Pick<Argument, 'position'>,
  hint: string = `write ${USAGE}`,
): ConfigError {
  return new ConfigError({ code: 'SLICEDNS_CONFIG_UPSTREAM', message, position, hint })
}
