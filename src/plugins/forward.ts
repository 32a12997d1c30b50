import type { Directive } from '../config/corefile.ts'
import { zoneArguments } from '../config/directive-arguments.ts'
import type { ForwarderOptions } from '../forward/forwarder-options.ts'
import { createHostLookup } from '../forward/host-lookup.ts'
import { createKeptForwarder } from '../forward/kept-forwarder.ts'
import type { UpstreamSource } from '../forward/upstream-list.ts'
import type { DomainName } from '../wire/name.ts'
import { isSubdomain } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Next, Query, Reply, Responder } from '../zone/responder.ts'
import { parseForwardArguments } from './forward-arguments.ts'
import { createForwardMetrics } from './forward-metrics.ts'
import type { BlockContext, Plugin } from './plugin.ts'
import { parseUpstreamArguments } from './upstream-arguments.ts'

/**
 * `forward FROM TO… { … }`: sends names below FROM to upstreams (upstream-arguments.ts, forward-arguments.ts). Of several
 * the first one whose FROM holds the name takes it.
 */
export const forward: Plugin = {
  name: 'forward',
  setup(directives, block) {
    const { beforeForward } = block
    const stanzas = directives.map((directive) => createStanza(directive, block))
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

/** What asks the upstreams is kept by a reload: where the block and all that it depends on are written the same. */
function createStanza(directive: Directive, block: BlockContext): Stanza {
  const { host, server, viewName } = block
  const sources = parseUpstreamArguments(directive, host)
  const { options, tlsDigest, resolvers, except, next, nextOnNodata } = parseForwardArguments(directive, host)
  const from = directive.args.slice(0, 1)
  const place = [server, block.zones, viewName, from.map(({ text }) => text), sources.map(sourceToText)]
  const key = JSON.stringify([...place, optionsToText(options), tlsDigest, resolvers])
  const forwarder = host.forwarders.get(key, () =>
    createKeptForwarder(sources, options, {
      random: host.random,
      nowMs: host.nowMs,
      isOwnAddress: (address, port) => host.isOwnAddress(address, port),
      observer: createForwardMetrics(host.metrics),
      readFile: (path) => host.readFile(path),
      lookupHost: resolvers.length === 0 ? (name) => host.lookupHost(name) : createHostLookup(resolvers),
      warn: (message) => host.log.warn(message),
    }),
  )
  forwarder.refresh()
  return {
    zones: zoneArguments(from),
    except,
    forward: forwarder.forwardFor((lowerName) => host.isInOwnZone(lowerName)),
    // What has an error is our own failure, not an upstream's reply.
    passesOn: (reply) =>
      reply.error === undefined && (next.has(reply.rcode) || (nextOnNodata && isNodata(reply))),
  }
}

/** A file is the same one whatever it says: what it says now is read again. */
function sourceToText(source: UpstreamSource): string {
  return JSON.stringify(source.kind === 'file' ? { path: source.path } : source)
}

/** All but certificates, which have their digest. */
function optionsToText({ failover, streams, ...options }: ForwarderOptions): string {
  return JSON.stringify([[...failover], { ...streams, secureContext: undefined }, options])
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
