import { ConfigError } from '../config/config-error.ts'
import type { Argument, Directive } from '../config/corefile.ts'
import {
  eachProperty,
  parseDuration,
  parseInteger,
  requireArgs,
  requireBlock,
} from '../config/directive-arguments.ts'
import type { ClientLimits } from './client-limits.ts'
import { connectionTimeout } from './connection-timeout.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

const USAGE = 'limits { BOUND VALUE }'
const MAX_COUNT = 1_000_000
/** The largest reply, its length in front (RFC 1035 4.2.2): below, a client could not be given it. */
const MIN_WAITING_OCTETS = 65_537
const MAX_WAITING_OCTETS = 2 ** 30

/** `limits { BOUND VALUE … }`: how much clients may take of the server, all of them or each. */
export const limits: Plugin = {
  name: 'limits',
  setup(directives) {
    const directive = singleDirective(directives, 'put all bounds into one')
    if (directive === undefined) return {}
    requireArgs(directive, 0, 0, USAGE)
    requireBlock(directive, USAGE)
    let asked: ClientLimits = {}
    const take = (taken: ClientLimits): void => void (asked = { ...asked, ...taken })
    const handlers: Readonly<Record<string, (property: Directive) => void>> = {
      max_in_flight: (property) => take({ maxInFlight: countOf(property) }),
      max_in_flight_per_client: (property) => take({ maxInFlightPerClient: countOf(property) }),
      max_connections: (property) => take({ maxConnections: countOf(property) }),
      max_connections_per_client: (property) => take({ maxConnectionsPerClient: countOf(property) }),
      max_new_connections_per_second: (property) => take({ maxNewConnectionsPerSecond: countOf(property) }),
      max_in_flight_per_connection: (property) => take({ maxInFlightPerConnection: countOf(property) }),
      crowded_idle_timeout: (property) => take({ crowdedIdleTimeoutMs: timeoutOf(property) }),
      max_waiting_octets: (property) => take({ maxWaitingOctets: octetsOf(property) }),
      max_unsent_replies: (property) => take({ maxUnsentReplies: countOf(property) }),
      max_address_sockets: (property) => take({ maxAddressSockets: countOf(property) }),
      max_http_connections: (property) => take({ maxHttpConnections: countOf(property) }),
      idle_timeout: setByTimeouts('idle DURATION'),
      message_timeout: setByTimeouts('read DURATION'),
      write_timeout: setByTimeouts('write DURATION'),
      max_queries_per_connection: setByTimeouts('maxtcpqueries MAXIMUM'),
    }
    eachProperty(directive, handlers, Object.keys(handlers))
    return { limits: asked }
  },
}

function countOf(property: Directive): number {
  return parseInteger(onlyArgument(property, 'COUNT'), { min: 1, max: MAX_COUNT })
}

function octetsOf(property: Directive): number {
  return parseInteger(onlyArgument(property, 'OCTETS'), { min: MIN_WAITING_OCTETS, max: MAX_WAITING_OCTETS })
}

function timeoutOf(property: Directive): number {
  const argument = onlyArgument(property, 'DURATION')
  return connectionTimeout(argument, parseDuration(argument))
}

/** Bounds that CoreDNS has a directive for are set there, so that no two places can differ. */
function setByTimeouts(form: string): (property: Directive) => never {
  return ({ name, position }) => {
    throw new ConfigError({
      code: 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY',
      message: `"${name}" is not set by "limits"`,
      position,
      hint: `write timeouts { ${form} }`,
    })
  }
}

function onlyArgument(property: Directive, what: string): Argument {
  requireArgs(property, 1, 1, `${property.name} ${what}`)
  const [argument] = property.args
  if (argument === undefined) throw new TypeError(`Cannot read "${property.name}": it has no argument`)
  return argument
}
