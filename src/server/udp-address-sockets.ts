import type { UdpSocket } from './udp-socket.ts'

export interface UdpAddressSocketsOptions {
  readonly open: (address: string) => Promise<UdpSocket>
  /** Addresses beyond get no socket. Asked at every update. */
  readonly maxSockets: () => number
}

/**
 * A socket for each address of the host. The system hands a datagram to the socket that is bound to the very address it was
 * sent to, and a reply leaves from the address its socket is bound to.
 */
export class UdpAddressSockets {
  readonly #options: UdpAddressSocketsOptions
  readonly #sockets = new Map<string, UdpSocket>()
  #isStopped = false

  constructor(options: UdpAddressSocketsOptions) {
    this.#options = options
  }

  /** Opens what is missing and closes what the host has no more. An address that cannot be bound yet is left for the next time. */
  async update(addresses: readonly string[]): Promise<void> {
    const wanted = new Set(addresses.slice(0, this.#options.maxSockets()))
    for (const [address, socket] of this.#sockets) {
      if (wanted.has(address)) continue
      this.#sockets.delete(address)
      await socket.close()
    }
    for (const address of wanted) {
      if (this.#isStopped) return
      if (!this.#sockets.has(address)) await this.#open(address)
    }
  }

  stop(): void {
    this.#isStopped = true
    for (const socket of this.#sockets.values()) socket.stop()
  }

  async close(): Promise<void> {
    this.stop()
    await Promise.all([...this.#sockets.values()].map((socket) => socket.close()))
  }

  async #open(address: string): Promise<void> {
    const socket = await this.#options.open(address).catch(() => undefined)
    if (socket === undefined) return
    if (this.#isStopped) await socket.close()
    else this.#sockets.set(address, socket)
  }
}
