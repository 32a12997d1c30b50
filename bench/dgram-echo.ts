/**
 * The floor for a server in Node.js: sends each datagram back with the QR bit set (RFC 1035 4.1.1) through node:dgram, and does
 * nothing else. Usage: node bench/dgram-echo.ts PORT
 */
import { createSocket } from 'node:dgram'
import type { RemoteInfo } from 'node:dgram'

// As the server does it: no detour through the resolver for what is an address already, and replies leave together.
const socket = createSocket({
  type: 'udp4',
  lookup: (address, _options, callback) => callback(null, address, 4),
})
let replies: { readonly octets: Buffer; readonly remote: RemoteInfo }[] = []
const onSent = (): void => {}

function flush(): void {
  const leaving = replies
  replies = []
  for (const { octets, remote } of leaving) socket.send(octets, remote.port, remote.address, onSent)
}

socket.on('message', (octets, remote) => {
  octets[2] = (octets[2] ?? 0) | 0x80
  replies.push({ octets, remote })
  if (replies.length === 1) setImmediate(flush)
})
socket.bind(Number(process.argv[2]), '127.0.0.1')
