import { createSocket } from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'

import type { Counters } from '../metrics/counters.ts'
import { isIpv6 } from './listener.ts'
import type { ListenTarget, Listener } from './listener.ts'
import type { Respond } from './message-answerer.ts'
import { plainAddress } from './plain-address.ts'

export interface UdpListenerOptions extends ListenTarget {
  readonly respond: Respond
  readonly counters: Counters
}

/**
 * Listens for datagrams; `::` takes IPv4 too where the system can. On a wildcard address the system chooses the source
 * address of replies: on a host with several addresses that can be another one than was asked, and clients that check
 * will not take the reply (RFC 2181 4). Bind each address there. Rejects with what `bind` says.
 */
export async function openUdpListener(options: UdpListenerOptions): Promise<Listener> {
  const socket = createSocket({
    type: isIpv6(options.address) ? 'udp6' : 'udp4',
    // Without it every send would ask the resolver for what is an address already, and wait a turn of the loop for it.
    lookup: (address, _options, callback) => callback(null, address, isIpv6(address) ? 6 : 4),
  })
  await bind(socket, options)
  const { address, port } = socket.address()
  const local = { address: plainAddress(address), port }
  const { counters, respond } = options
  const isOwnAddress = ownAddressTest(address)

  // One for all sends. The system's refusals (EPERM, ENETUNREACH, ENOBUFS, …) are counted; the client will ask again.
  const onSent = (error: Error | null): void => {
    if (error !== null) counters.sendErrors++
  }

  const onMessage = (octets: Buffer, remote: RemoteInfo): void => {
    const client = { address: plainAddress(remote.address), port: remote.port, transport: 'udp' } as const
    if (!hasAnsweringPort(client.port)) {
      counters.droppedBySourcePort++
    } else if (client.port === port && isOwnAddress(client.address)) {
      counters.droppedFromSelf++
    } else {
      respond(octets, client, local, (reply) => {
        // The socket may keep the buffer until the system takes it, and `reply` holds only until the next one.
        const copy = Buffer.allocUnsafe(reply.length)
        copy.set(reply)
        socket.send(copy, 0, copy.length, remote.port, remote.address, onSent)
      })
    }
  }

  socket.on('message', onMessage)
  socket.on('error', () => counters.socketErrors++)
  return {
    transport: 'udp',
    address,
    port,
    stop: () => void socket.off('message', onMessage),
    close: () => new Promise((resolve) => socket.close(resolve)),
  }
}

/**
 * False for source ports that no client waits at: 0 cannot be answered, and echo, daytime, chargen and time answer
 * whatever they get, so that a forged query would start a conversation without end.
 */
export function hasAnsweringPort(port: number): boolean {
  return port !== 0 && port !== 7 && port !== 13 && port !== 19 && port !== 37
}

/**
 * Tells whether a packet from `address` claims to come from a socket bound to `boundAddress` (on the same port). The
 * addresses of a wildcard are those the host has when the socket is opened.
 */
export function ownAddressTest(
  boundAddress: string,
  interfaces: () => ReturnType<typeof networkInterfaces> = networkInterfaces,
): (address: string) => boolean {
  if (boundAddress !== '::' && boundAddress !== '0.0.0.0') {
    const own = plainAddress(boundAddress)
    return (address) => address === own
  }
  const own = new Set(
    Object.values(interfaces()).flatMap((found) => found?.map(({ address }) => address) ?? []),
  )
  return (address) => own.has(address) || address.startsWith('127.')
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
