import { ConfigError, withSourceLine } from '../config/config-error.ts'
import type { Corefile, Directive, ServerBlock, ServerKey } from '../config/corefile.ts'
import { checkDirectives } from '../config/directive-names.ts'
import { checkDuplicateKeys } from '../config/duplicate-keys.ts'
import { portOfKey } from '../config/server-key.ts'
import { DEFAULT_UDP_PAYLOAD_SIZE_OCTETS } from '../plugins/bufsize.ts'
import { PLUGINS } from '../plugins/order.ts'
import type { BlockParts, PluginHost } from '../plugins/plugin.ts'
import { composeChain } from '../server/chain.ts'
import type { BlockPlan } from '../server/serving-plan.ts'
import type { Responder } from '../zone/responder.ts'

/** The server blocks that answer on one port of one address (undefined: of all addresses). */
export interface ListenPlan {
  readonly address: string | undefined
  readonly port: number
  readonly blocks: readonly BlockPlan[]
}

/**
 * Turns a Corefile into what each port serves: the decisions that need the configuration are made here, once, and never
 * per query. Throws a ConfigError. `defaultPort` is for keys that name none.
 */
export function planBlocks(corefile: Corefile, defaultPort: number, host: PluginHost): readonly ListenPlan[] {
  checkDirectives(corefile, new Set(PLUGINS.map((plugin) => plugin.name)))
  return withSourceLine(corefile.sources, () => {
    const planned = new Map(corefile.serverBlocks.map((block) => [block, planBlock(block, host)]))
    checkDuplicateKeys(corefile, defaultPort, (block) => planned.get(block)?.bindAddresses ?? [])
    return byPlace(planned, defaultPort)
  })
}

function byPlace(
  planned: ReadonlyMap<ServerBlock, PlannedBlock>,
  defaultPort: number,
): readonly ListenPlan[] {
  const places = new Map<string, { address: string | undefined; port: number; blocks: BlockPlan[] }>()
  for (const [block, { plan, bindAddresses }] of planned) {
    for (const key of block.keys) {
      const port = portOfKey(key, defaultPort)
      for (const address of bindAddresses.length === 0 ? [undefined] : bindAddresses) {
        const place = `${address ?? ''} ${port}`
        const entry = places.get(place) ?? { address, port, blocks: [] }
        places.set(place, entry)
        for (const zone of key.zones) entry.blocks.push({ ...plan, zone })
      }
    }
  }
  return [...places.values()]
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

interface PlannedBlock {
  readonly plan: Omit<BlockPlan, 'zone'>
  /** Empty for all. */
  readonly bindAddresses: readonly string[]
}

function planBlock(block: ServerBlock, host: PluginHost): PlannedBlock {
  block.keys.forEach(requirePlainTransport)
  const zones = block.keys.flatMap((key) => key.zones)
  const byName = Map.groupBy(block.directives, (directive: Directive) => directive.name)
  const responders: Responder[] = []
  const parts: Writable<BlockParts> = {}
  for (const plugin of PLUGINS) {
    const directives = byName.get(plugin.name)
    if (directives === undefined) continue
    const { bindAddresses = [], beforeForward } = parts
    const added = plugin.setup(directives, { zones, bindAddresses, beforeForward, host })
    if (added.responder !== undefined) responders.push(added.responder)
    Object.assign(parts, added)
  }
  return {
    plan: {
      answer: composeChain(responders),
      recursionAvailable: parts.recursionAvailable ?? false,
      udpPayloadSizeOctets: parts.udpPayloadSizeOctets ?? DEFAULT_UDP_PAYLOAD_SIZE_OCTETS,
      explain: parts.explain ?? 'full',
      answerChaos: parts.answerChaos,
      nsid: parts.nsid,
    },
    bindAddresses: parts.bindAddresses ?? [],
  }
}

function requirePlainTransport(key: ServerKey): void {
  if (key.transport === 'dns') return
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_TRANSPORT',
    message: `serving over ${key.transport}:// is not supported yet`,
    position: key.position,
    hint: 'serve plain DNS: write the key without it, or with dns://',
  })
}
