import { withSourceLine } from '../config/config-error.ts'
import type { Corefile, ServerBlock } from '../config/corefile.ts'
import { checkDirectives } from '../config/directive-names.ts'
import { checkDuplicateKeys } from '../config/duplicate-keys.ts'
import { portOfKey } from '../config/server-key.ts'
import type { HttpEndpoint } from '../metrics/http-endpoint.ts'
import { DROPPED_ZONE, QueryMetrics } from '../metrics/query-metrics.ts'
import { PLUGINS } from '../plugins/order.ts'
import type { PluginHost } from '../plugins/plugin.ts'
import { Readiness } from '../plugins/readiness.ts'
import type { ListenerLimits } from '../server/listener-limits.ts'
import type { BlockPlan } from '../server/serving-plan.ts'
import { HTTP_LIMITS } from '../web/http-limits.ts'
import { listenerLimitsFrom } from './listener-limits-from.ts'
import type { PlannedBlock } from './plan-block.ts'
import { planBlock } from './plan-block.ts'
import { serverLabel } from './server-label.ts'

/** What a Corefile means for the process. */
export interface ServerPlan {
  readonly listens: readonly ListenPlan[]
  readonly httpEndpoints: readonly HttpEndpoint[]
  /** Connections at a time to each of the addresses of those. */
  readonly httpMaxConnections: number
  /** How long everything goes on answering after the process was asked to stop. */
  readonly lameduckMs: number
  /** Whether every log line about a fault of this program's own has its stack trace. */
  readonly showsStacks: boolean
  /** How often the process looks whether its Corefile has changed; undefined for never. */
  readonly reloadIntervalMs: number | undefined
  /** The directives of every block whose queries are counted. */
  readonly enabledDirectives: readonly EnabledDirective[]
}

/** The server blocks that answer on one port of one address (undefined: of all addresses). */
export interface ListenPlan {
  readonly address: string | undefined
  readonly port: number
  readonly blocks: readonly BlockPlan[]
  /** Where blocks ask for different ones, the last counts. */
  readonly limits?: ListenerLimits | undefined
  /** Where queries are counted that none of them takes, if any are counted here. */
  readonly droppedMetrics?: QueryMetrics | undefined
}

/** A directive in force, as metrics tell it. */
export interface EnabledDirective {
  readonly server: string
  readonly zone: string
  readonly view: string
  readonly name: string
}

/**
 * Turns a Corefile into what each port serves: the decisions that need the configuration are made here, once, and never
 * per query. Throws a ConfigError. `defaultPort` is for keys that name none.
 */
export function planBlocks(corefile: Corefile, defaultPort: number, host: PluginHost): ServerPlan {
  checkDirectives(corefile, new Set(PLUGINS.map((plugin) => plugin.name)))
  return withSourceLine(corefile.sources, () => {
    for (const block of corefile.serverBlocks) announceBlock(block, host)
    const context = { host, readiness: new Readiness(), defaultPort }
    const planned = new Map(corefile.serverBlocks.map((block) => [block, planBlock(block, context)]))
    checkDuplicateKeys(corefile, defaultPort, (block) => planned.get(block)?.bindAddresses ?? [])
    const blocks = [...planned.values()]
    const servings = servingsOf(planned, defaultPort)
    return {
      listens: listenPlans(servings, host),
      httpEndpoints: blocks.flatMap(({ httpEndpoints }) => httpEndpoints),
      httpMaxConnections:
        blocks.map(({ askedLimits }) => askedLimits.maxHttpConnections).findLast(isNumber) ??
        HTTP_LIMITS.maxConnections,
      lameduckMs: Math.max(0, ...blocks.map(({ lameduckMs }) => lameduckMs)),
      showsStacks: blocks.some(({ showsStacks }) => showsStacks),
      reloadIntervalMs: blocks.map(({ reloadIntervalMs }) => reloadIntervalMs).findLast(isNumber),
      enabledDirectives: servings.flatMap(enabledDirectives),
    }
  })
}

function announceBlock({ keys, directives }: ServerBlock, host: PluginHost): void {
  const zones = keys.flatMap((key) => key.zones)
  for (const plugin of PLUGINS) {
    const own = directives.filter(({ name }) => name === plugin.name)
    plugin.announce?.(own, { zones, host })
  }
}

/** One zone of one block, on one address and port. */
interface ZoneServing {
  readonly address: string | undefined
  readonly port: number
  /** As CoreDNS names a place to listen. */
  readonly server: string
  readonly zone: BlockPlan['zone']
  readonly block: PlannedBlock
}

function servingsOf(
  planned: ReadonlyMap<ServerBlock, PlannedBlock>,
  defaultPort: number,
): readonly ZoneServing[] {
  return [...planned].flatMap(([{ keys }, block]) =>
    keys.flatMap((key) => {
      const port = portOfKey(key, defaultPort)
      const addresses = block.bindAddresses.length === 0 ? [undefined] : block.bindAddresses
      return addresses.flatMap((address) => {
        const server = serverLabel(address, port)
        return key.zones.map((zone) => ({ address, port, server, zone, block }))
      })
    }),
  )
}

function listenPlans(servings: readonly ZoneServing[], host: PluginHost): readonly ListenPlan[] {
  const counts = servings.some(({ block }) => block.countsQueries)
  const metricsOf = (server: string, zone: string, view: string): QueryMetrics =>
    new QueryMetrics(host.metrics, { server, zone, view }, host.nowMs)
  return [...Map.groupBy(servings, ({ server }) => server)].flatMap(([server, here]) => {
    const blocks = here.map(({ zone, block }) => ({
      ...block.plan,
      zone,
      metrics: block.countsQueries ? metricsOf(server, zone, block.viewName) : undefined,
    }))
    const droppedMetrics = counts ? metricsOf(server, DROPPED_ZONE, '') : undefined
    const limits = listenerLimitsFrom(here.map(({ block }) => block.askedLimits))
    return here.slice(0, 1).map(({ address, port }) => ({ address, port, blocks, limits, droppedMetrics }))
  })
}

/** Those that no query passes, and which CoreDNS does not show as enabled. */
const NOT_IN_CHAIN: ReadonlySet<string> = new Set(['bind', 'health', 'pprof', 'ready'])

function enabledDirectives({ server, zone, block }: ZoneServing): readonly EnabledDirective[] {
  if (!block.countsQueries) return []
  const view = block.viewName
  return block.directives
    .filter((name) => !NOT_IN_CHAIN.has(name))
    .map((name) => ({ server, zone, view, name }))
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined
}
