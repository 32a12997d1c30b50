import type { DomainName } from '../wire/name.ts'
import { ConfigError, quoted, withSourceLine } from './config-error.ts'
import type { Corefile, Position, ServerBlock, ServerKey } from './corefile.ts'
import { portOfKey } from './server-key.ts'

/**
 * Throws a ConfigError at a key that another one already answers for: same transport, zone and port, on the same address
 * or where one of the two is bound to none and so to all. A block with `view` may repeat a key of a block without one.
 * `defaultPort` is the one of `-dns.port`. `bindAddresses` gives what a block is bound to, nothing where to all; who
 * cannot look up network interfaces leaves it out, and the words after `bind` count as written.
 */
export function checkDuplicateKeys(
  corefile: Corefile,
  defaultPort: number,
  bindAddresses: (block: ServerBlock) => readonly string[] = wordsOfBind,
): void {
  withSourceLine(corefile.sources, () => {
    const taken: Taken = new Map()
    for (const block of corefile.serverBlocks) {
      const addresses = new Set(bindAddresses(block))
      if (addresses.size === 0) addresses.add(ALL_ADDRESSES)
      checkBlock(block, { addresses, defaultPort }, taken)
    }
  })
}

const ALL_ADDRESSES = ''

/** By transport, zone and port: who took which address. */
type Taken = Map<string, Map<string, Position>>

function checkBlock(
  block: ServerBlock,
  { addresses, defaultPort }: { addresses: ReadonlySet<string>; defaultPort: number },
  taken: Taken,
): void {
  const hasView = block.directives.some((directive) => directive.name === 'view')
  for (const key of block.keys) {
    const port = portOfKey(key, defaultPort)
    for (const zone of key.zones) {
      const place = `${key.transport}://${zone}:${port}`
      const others = taken.get(place) ?? new Map<string, Position>()
      for (const address of addresses) {
        const same = hasView ? undefined : others.get(address)
        const clash = same ?? overlapping(address, others)
        if (clash !== undefined) throw duplicate(key, { zone, port, address, clash })
        if (!hasView) others.set(address, key.position)
      }
      taken.set(place, others)
    }
  }
}

/** Who listens on all addresses while we want one, or on one while we want all. */
function overlapping(address: string, others: ReadonlyMap<string, Position>): Position | undefined {
  if (address !== ALL_ADDRESSES) return others.get(ALL_ADDRESSES)
  for (const [other, position] of others) if (other !== ALL_ADDRESSES) return position
  return undefined
}

function wordsOfBind(block: ServerBlock): readonly string[] {
  const binds = block.directives.filter((directive) => directive.name === 'bind')
  return binds.flatMap((directive) => directive.args.map((argument) => argument.text.toLowerCase()))
}

function duplicate(
  key: ServerKey,
  at: { zone: DomainName; port: number; address: string; clash: Position },
): ConfigError {
  const where = at.address === ALL_ADDRESSES ? '' : ` on ${quoted(at.address)}`
  const { file, line, column } = at.clash
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_DUPLICATE_KEY',
    message: `zone ${quoted(at.zone)} on port ${at.port}${where} is already served by ${file}:${line}:${column}`,
    position: key.position,
    hint: 'join the two blocks, or give each its own port or bind addresses',
  })
}
