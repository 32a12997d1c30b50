import type { Directive } from '../config/corefile.ts'
import { zoneArguments } from '../config/directive-arguments.ts'
import { createForwarder } from '../forward/forwarder.ts'
import { createUpstreamList } from '../forward/upstream-list.ts'
import type { DomainName } from '../wire/name.ts'
import { isSubdomain } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Next, Query, Reply, Responder } from '../zone/responder.ts'
import { parseForwardArguments } from './forward-arguments.ts'
import { createForwardMetrics } from './forward-metrics.ts'
import type { Plugin, PluginHost } from './plugin.ts'
import { parseUpstreamArguments } from './upstream-arguments.ts'

/**
 * `forward FROM TO… { … }`: sends names below FROM to upstreams (upstream-arguments.ts, forward-arguments.ts). Of several
 * the first one whose FROM holds the name takes it.
 */
export const forward: Plugin = {
  name: 'forward',
  setup(directives, { host, beforeForward }) {
    const stanzas = directives.map((directive) => createStanza(directive, host))
    const responder: Responder = (query, next) => {
      const [first, ...rest] = stanzas.filter((stanza) => holds(stanza, query.lowerName))
      return first === undefined ? next(query) : forwardOn(query, first, rest)
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
  readonly except: readonly DomainName[]
  readonly forward: Next
  /** Whether the next stanza is to be asked instead. */
  readonly passesOn: (reply: Reply) => boolean
}

function createStanza(directive: Directive, host: PluginHost): Stanza {
  const sources = parseUpstreamArguments(directive, host)
  const { options, except, next, nextOnNodata } = parseForwardArguments(directive, host)
  const zones = zoneArguments(directive.args.slice(0, 1))
  const list = createUpstreamList(sources, {
    readFile: (path) => host.readFile(path),
    lookupHost: (hostName) => host.lookupHost(hostName),
    isOwnAddress: (address, port) => host.isOwnAddress(address, port),
    warn: (message) => host.log.warn(message),
  })
  const forwarder = createForwarder(
    {
      upstreams: list.current,
      upstreamsKnown: list.known,
      random: host.random,
      nowMs: host.nowMs,
      servedHere: (lowerName) => host.isInOwnZone(lowerName),
      isOwnAddress: (address, port) => host.isOwnAddress(address, port),
      observer: createForwardMetrics(host.metrics),
    },
    options,
  )
  host.onClose(() => {
    list.close()
    forwarder.close()
  })
  return {
    zones,
    except,
    forward: forwarder.forward,
    // What has an error is our own failure, not an upstream's reply.
    passesOn: (reply) =>
      reply.error === undefined && (next.has(reply.rcode) || (nextOnNodata && isNodata(reply))),
  }
}

function isNodata({ rcode, answer }: Reply): boolean {
  return rcode === Rcode.NOERROR && answer.length === 0
}

function holds({ zones, except }: Stanza, lowerName: DomainName): boolean {
  const isBelow = (zone: DomainName) => isSubdomain(lowerName, zone)
  return zones.some(isBelow) && !except.some(isBelow)
}

async function forwardOn(query: Query, stanza: Stanza, others: readonly Stanza[]): Promise<Reply> {
  const reply = await stanza.forward(query)
  const [next, ...rest] = others
  return next === undefined || !stanza.passesOn(reply) ? reply : forwardOn(query, next, rest)
}
