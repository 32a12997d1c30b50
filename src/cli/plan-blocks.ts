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
  checkDuplicateKeys(corefile, defaultPort)
  const ports = new Map<string, { address: string | undefined; port: number; blocks: BlockPlan[] }>()
  return withSourceLine(corefile.sources, () => {
    for (const block of corefile.serverBlocks) {
      const { plans, bindAddresses } = planBlock(block, host)
      for (const key of block.keys) {
        const port = portOfKey(plainTransport(key), defaultPort)
        for (const address of bindAddresses) {
          const place = `${address ?? ''} ${port}`
          const entry = ports.get(place) ?? { address, port, blocks: [] }
          ports.set(place, entry)
          for (const zone of key.zones) entry.blocks.push({ ...plans, zone })
        }
      }
    }
    return [...ports.values()]
  })
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

interface PlannedBlock {
  readonly plans: Omit<BlockPlan, 'zone'>
  readonly bindAddresses: readonly (string | undefined)[]
}

function planBlock(block: ServerBlock, host: PluginHost): PlannedBlock {
  const zones = block.keys.flatMap((key) => key.zones)
  const byName = Map.groupBy(block.directives, (directive: Directive) => directive.name)
  const responders: Responder[] = []
  const parts: Writable<BlockParts> = {}
  for (const plugin of PLUGINS) {
    const directives = byName.get(plugin.name)
    if (directives === undefined) continue
    const added = plugin.setup(directives, { zones, bindAddresses: parts.bindAddresses ?? [], host })
    if (added.responder !== undefined) responders.push(added.responder)
    Object.assign(parts, added)
  }
  return {
    plans: {
      answer: composeChain(responders),
      recursionAvailable: parts.recursionAvailable ?? false,
      udpPayloadSizeOctets: parts.udpPayloadSizeOctets ?? DEFAULT_UDP_PAYLOAD_SIZE_OCTETS,
      explain: parts.explain ?? 'full',
    },
    bindAddresses: parts.bindAddresses ?? [undefined],
  }
}

function plainTransport(key: ServerKey): ServerKey {
  if (key.transport === 'dns') return key
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_TRANSPORT',
    message: `serving over ${key.transport}:// is not supported yet`,
    position: key.position,
    hint: 'serve plain DNS: write the key without it, or with dns://',
  })
}
