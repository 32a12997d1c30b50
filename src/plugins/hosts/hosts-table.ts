import { ipFromText, isIpv4, isIpv4Mapped } from '../../wire/ip-address.ts'
import type { DomainName } from '../../wire/name.ts'
import { asDomainName, lowerCase, nameFromText, parentName } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import { reverseName } from '../../wire/reverse-name.ts'
import { endsStep, type Steps } from '../../zone/steps.ts'

export interface HostsTableOptions {
  /** Names outside them are left out. */
  readonly isServed: (lowerName: DomainName) => boolean
  /** Whether addresses have PTR records. */
  readonly hasReverse: boolean
}

/** What the lines of a hosts file (hosts(5)) say: names and their addresses, addresses and their names. */
export class HostsTable {
  readonly #addresses = new Map<DomainName, Set<IpAddress>>()
  readonly #names = new Map<DomainName, Set<DomainName>>()
  readonly #options: HostsTableOptions

  constructor(options: HostsTableOptions) {
    this.#options = options
  }

  /** Reads each `ADDRESS NAME…` line; `#` starts a comment. Lines that are none are passed over, as everybody does. */
  static *read(text: string, options: HostsTableOptions): Steps<HostsTable> {
    const table = new HostsTable(options)
    let lineNumber = 0
    for (let start = 0; start < text.length;) {
      const newline = text.indexOf('\n', start)
      const end = newline === -1 ? text.length : newline
      table.#read(text.slice(start, end))
      start = end + 1
      if (endsStep(++lineNumber)) yield
    }
    return table
  }

  /** Of the name, else of the `*` in the place of its first label, for one family. */
  addresses(lowerName: DomainName, isV4: boolean): readonly IpAddress[] {
    const own = this.#ofFamily(lowerName, isV4)
    return own.length > 0 ? own : this.#ofFamily(wildcardFor(lowerName), isV4)
  }

  /** What the reverse name of an address points to, in the order of the file. */
  namesAt(lowerReverseName: DomainName): readonly DomainName[] {
    return [...(this.#names.get(lowerReverseName) ?? [])]
  }

  /** Pairs of name and address, both ways: what `coredns_hosts_entries` counts. */
  get entryCount(): number {
    return [...this.#addresses.values(), ...this.#names.values()].reduce((sum, { size }) => sum + size, 0)
  }

  #read(line: string): void {
    const [first = '', ...rest] = line.replace(/#.*$/s, '').trim().split(/\s+/)
    const address = addressOf(first)
    if (address === undefined) return
    for (const text of rest) {
      const name = nameFromText(text)
      if (name !== undefined) this.#add(lowerCase(name), address)
    }
  }

  #add(name: DomainName, address: IpAddress): void {
    if (!this.#options.isServed(name)) return
    addTo(this.#addresses, name, address)
    if (this.#options.hasReverse && !name.startsWith('*.')) addTo(this.#names, reverseName(address), name)
  }

  #ofFamily(name: DomainName | undefined, isV4: boolean): readonly IpAddress[] {
    const known = name === undefined ? undefined : this.#addresses.get(name)
    return known === undefined ? [] : [...known].filter((address) => isIpv4(address) === isV4)
  }
}

/** An IPv4 address in IPv6 clothes is an IPv4 address; the zone of a link-local one says nothing to others. */
export function addressOf(text: string): IpAddress | undefined {
  const address = ipFromText(text.replace(/%.*$/, ''))
  if (address === undefined || isIpv4(address) || !isIpv4Mapped(address)) return address
  return Number(address & 0xffff_ffffn)
}

function wildcardFor(name: DomainName): DomainName | undefined {
  const parent = parentName(name)
  if (parent === undefined || parent === '.') return undefined
  return asDomainName(`*.${parent}`)
}

function addTo<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const known = sets.get(key)
  if (known === undefined) sets.set(key, new Set([value]))
  else known.add(value)
}
