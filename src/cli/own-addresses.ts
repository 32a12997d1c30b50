import { networkInterfaces } from 'node:os'

import { isLinkLocal } from '../kubernetes/special-address.ts'
import { isWildcard } from '../server/listener.ts'
import { ipFromText } from '../wire/ip-address.ts'
import type { IpAddress } from '../wire/rdata.ts'

/** How long a list of interfaces is used: asking the kernel costs more than a query. */
const INTERFACES_TTL_MS = 5_000

/** The addresses of this host, as its network interfaces have them. */
export class OwnAddresses {
  readonly #nowMs: () => number
  #readAtMs = -Infinity
  #interfaces: ReturnType<typeof networkInterfaces> = {}

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /**
   * Where a server block can be reached: what it is bound to, else every address of the host that others can reach, else
   * loopback. Link-local addresses are never among them: they mean nothing on another link.
   */
  reachable(bindAddresses: readonly string[]): readonly IpAddress[] {
    const bound = bindAddresses.filter((address) => !isWildcard(address)).map(ipFromText)
    const named = bound.filter((address) => address !== undefined).filter((address) => !isLinkLocal(address))
    if (named.length > 0) return named
    const entries = this.#entries()
    const outside = parse(entries.filter(({ internal }) => !internal))
    return outside.length > 0 ? outside : parse(entries)
  }

  /** Every address of the host, loopback and link-local ones (with their zone) included, each once. */
  all(): readonly string[] {
    return [...new Set(Object.keys(this.#read()).flatMap((name) => this.ofInterface(name)))]
  }

  /** Addresses of the interface of that name, as text; empty where there is none. */
  ofInterface(name: string): readonly string[] {
    return (this.#read()[name] ?? []).map(({ address, family, scopeid }) =>
      family === 'IPv6' && scopeid !== undefined && scopeid !== 0 ? `${address}%${name}` : address,
    )
  }

  /** Whether the host has this address at all; 127.0.0.0/8 is the host's as a whole. */
  has(address: string): boolean {
    return address.startsWith('127.') || this.#entries().some((entry) => entry.address === address)
  }

  #entries(): readonly { address: string; internal: boolean }[] {
    return Object.values(this.#read()).flatMap((entries) => entries ?? [])
  }

  #read(): ReturnType<typeof networkInterfaces> {
    const nowMs = this.#nowMs()
    if (nowMs - this.#readAtMs > INTERFACES_TTL_MS) {
      this.#readAtMs = nowMs
      this.#interfaces = networkInterfaces()
    }
    return this.#interfaces
  }
}

function parse(entries: readonly { address: string }[]): readonly IpAddress[] {
  const addresses = entries
    .map(({ address }) => ipFromText(address))
    .filter((address) => address !== undefined)
  return addresses.filter((address) => !isLinkLocal(address))
}
