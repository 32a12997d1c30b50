import { createSocket } from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'

import type { Counters } from '../metrics/counters.ts'
import { isIpv6 } from './listener.ts'
import type { ListenTarget } from './listener.ts'
import type { Respond } from './message-answerer.ts'
import { plainAddress } from './plain-address.ts'
import type { UdpLimits } from './udp-limits.ts'
import { UdpOutbox } from './udp-outbox.ts'

export interface UdpSocketOptions extends ListenTarget {
  readonly respond: Respond
  readonly counters: Counters
  readonly limits: UdpLimits
  /** Whether the listener itself has this address: such a packet on our own port is forged. */
  readonly isOwnAddress: (address: string) => boolean
  /** Lets sockets of this user bind the same port on addresses of their own (SO_REUSEPORT). */
  readonly isShared: boolean
}

/** A bound socket that answers datagrams from the address it is bound to. */
export interface UdpSocket extends ListenTarget {
  /** Takes no more queries; what is in flight can still be answered. */
  stop(): void
  close(): Promise<void>
}

/** Rejects with what `bind` says. */
export async function openUdpSocket(options: UdpSocketOptions): Promise<UdpSocket> {
  const socket = createSocket({
    type: isIpv6(options.address) ? 'udp6' : 'udp4',
    reusePort: options.isShared,
    // Without it every send would ask the resolver for what is an address already, and wait a turn of the loop for it.
    lookup: (address, _options, callback) => callback(null, address, isIpv6(address) ? 6 : 4),
  })
  await bind(socket, options)
  const { address, port } = socket.address()
  const local = { address: plainAddress(address), port }
  const { counters, limits, respond, isOwnAddress } = options
  const outbox = new UdpOutbox({ socket, counters, limits })

  const onMessage = (octets: Buffer, remote: RemoteInfo): void => {
    const client = { address: plainAddress(remote.address), port: remote.port, transport: 'udp' } as const
    if (!hasAnsweringPort(client.port)) {
      counters.droppedBySourcePort++
    } else if (client.port === port && isOwnAddress(client.address)) {
      counters.droppedFromSelf++
    } else {
      respond(octets, client, local, (reply) => outbox.add(reply, remote.port, remote.address))
    }
  }

  socket.on('message', onMessage)
  socket.on('error', () => counters.socketErrors++)
  return {
    address,
    port,
    stop: () => void socket.off('message', onMessage),
    close: () => {
      outbox.close()
      return new Promise((resolve) => socket.close(resolve))
    },
  }
}

/**
 * False for source ports that no client waits at: 0 cannot be answered, and echo, daytime, chargen and time answer
 * whatever they get, so that a forged query would start a conversation without end.
 */
export function hasAnsweringPort(port: number): boolean {
  return port !== 0 && port !== 7 && port !== 13 && port !== 19 && port !== 37
}

function bind(socket: Socket, { address, port }: ListenTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      socket.close()
      reject(error)
    }
    socket.once('error', onError)
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', onError)
      resolve()
    })
  })
}
