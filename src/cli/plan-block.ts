import { ConfigError } from '../config/config-error.ts'
import type { Directive, ServerBlock, ServerKey } from '../config/corefile.ts'
import { textsOf } from '../config/corefile-texts.ts'
import { portOfKey } from '../config/server-key.ts'
import type { HttpEndpoint } from '../metrics/http-endpoint.ts'
import { DEFAULT_UDP_PAYLOAD_SIZE_OCTETS } from '../plugins/bufsize.ts'
import { PLUGINS } from '../plugins/order.ts'
import type { BlockParts, MetadataSource, PluginHost } from '../plugins/plugin.ts'
import type { Readiness, ReadyCheck } from '../plugins/readiness.ts'
import { composeChain, noting } from '../server/chain.ts'
import type { BlockPlan } from '../server/serving-plan.ts'
import type { Responder } from '../zone/responder.ts'
import type { AskedLimits } from './listener-limits-from.ts'
import { serverLabel } from './server-label.ts'

/** What one server block means, for every address and zone that it serves. */
export interface PlannedBlock {
  readonly plan: Omit<BlockPlan, 'zone' | 'metrics'>
  /** Empty where it has no `view`. */
  readonly viewName: string
  /** Empty for all. */
  readonly bindAddresses: readonly string[]
  /** What it asks for, for every block on its ports. */
  readonly askedLimits: AskedLimits
  readonly httpEndpoints: readonly HttpEndpoint[]
  readonly lameduckMs: number
  readonly showsStacks: boolean
  readonly countsQueries: boolean
  /** How often the process looks whether its Corefile has changed, if it does. */
  readonly reloadIntervalMs: number | undefined
  /** Names of its directives, in chain order. */
  readonly directives: readonly string[]
}

/** What all blocks of a configuration have in common. */
export interface PlanContext {
  readonly host: PluginHost
  readonly readiness: Readiness
  /** For keys that name none. */
  readonly defaultPort: number
}

/** Sets up every directive of the block. Throws a ConfigError. */
export function planBlock(block: ServerBlock, { host, readiness, defaultPort }: PlanContext): PlannedBlock {
  block.keys.forEach(requirePlainTransport)
  const zones = block.keys.flatMap((key) => key.zones)
  const byName = Map.groupBy(block.directives, (directive: Directive) => directive.name)
  const used = PLUGINS.filter(({ name }) => byName.has(name))
  const viewName = byName.get('view')?.[0]?.args[0]?.text ?? ''
  const countsQueries = byName.has('prometheus')
  // Only what is counted needs to know who answered.
  const note = (name: string, responder: Responder): Responder =>
    countsQueries ? noting(name, responder) : responder
  const responders: Responder[] = []
  const checks: ReadyCheck[] = []
  const metadataSources: MetadataSource[] = []
  const httpEndpoints: HttpEndpoint[] = []
  const insideForward: NamedResponder[] = []
  const parts: Writable<BlockParts> = {}
  for (const plugin of used) {
    const { name } = plugin
    const { bindAddresses = [] } = parts
    const beforeForward = beforeForwardOf(insideForward, note)
    const { root } = parts
    const server = serverLabel(bindAddresses[0], portOf(block, defaultPort))
    const stateKey = stateKeyOf(block, byName, name)
    const cluster = (): BlockParts['cluster'] => parts.cluster
    const metadata = (): BlockParts['metadata'] => parts.metadata
    const lent = {
      zones,
      bindAddresses,
      server,
      root,
      stateKey,
      beforeForward,
      checks,
      readiness,
      host,
      cluster,
      metadataSources,
      metadata,
      viewName,
    }
    const added = plugin.setup(byName.get(name) ?? [], lent)
    if (added.responder !== undefined) responders.push(note(name, added.responder))
    if (added.beforeForward !== undefined) insideForward.push({ name, responder: added.beforeForward })
    if (added.metadataSource !== undefined) metadataSources.push(added.metadataSource)
    if (added.isReady !== undefined) checks.push({ name, isReady: added.isReady })
    httpEndpoints.push(...(added.httpEndpoints ?? []))
    Object.assign(parts, added)
  }
  return {
    plan: {
      answer: composeChain(responders),
      admits: parts.admits,
      recursionAvailable: parts.recursionAvailable ?? false,
      udpPayloadSizeOctets: parts.udpPayloadSizeOctets ?? DEFAULT_UDP_PAYLOAD_SIZE_OCTETS,
      explain: parts.explain ?? 'full',
      answerChaos: parts.answerChaos,
      nsid: parts.nsid,
    },
    viewName,
    bindAddresses: parts.bindAddresses ?? [],
    askedLimits: { ...parts.tcp, ...parts.limits },
    httpEndpoints,
    lameduckMs: parts.lameduckMs ?? 0,
    showsStacks: parts.showsStacks ?? false,
    countsQueries,
    reloadIntervalMs: parts.reloadIntervalMs,
    directives: used.map(({ name }) => name),
  }
}

/** Of the first key. */
function portOf({ keys }: ServerBlock, defaultPort: number): number {
  return keys.slice(0, 1).map((key) => portOfKey(key, defaultPort))[0] ?? defaultPort
}

/** Keys, `bind` and all directives from `name` on, as texts. */
function stateKeyOf(
  { keys }: ServerBlock,
  byName: ReadonlyMap<string, readonly Directive[]>,
  name: string,
): string {
  const names = PLUGINS.map((plugin) => plugin.name)
  const behind = ['bind', ...names.slice(names.indexOf(name))]
  const directives = behind.flatMap((each) => byName.get(each)?.map(textsOf) ?? [])
  return JSON.stringify([keys.map(({ text }) => text), directives])
}

interface NamedResponder {
  readonly name: string
  readonly responder: Responder
}

/** What stands inside of `forward`, in chain order: what the last passes on has come to `forward` again. */
function beforeForwardOf(
  inside: readonly NamedResponder[],
  note: (name: string, responder: Responder) => Responder,
): Responder | undefined {
  if (inside.length === 0) return undefined
  const forwarding = note('forward', (query, next) => next(query))
  return [...inside.map(({ name, responder }) => note(name, responder)), forwarding].reduceRight(
    (behind, responder) => (query, next) => responder(query, (again) => behind(again, next)),
  )
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

function requirePlainTransport(key: ServerKey): void {
  if (key.transport === 'dns') return
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_TRANSPORT',
    message: `serving over ${key.transport}:// is not supported`,
    position: key.position,
    hint: 'serve plain DNS: write the key without it, or with dns://',
  })
}
