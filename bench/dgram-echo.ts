/**
 * The floor for a server in Node.js: sends each datagram back with the QR bit set (RFC 1035 4.1.1) through node:dgram, and does
 * nothing else. Usage: node bench/dgram-echo.ts PORT
 */
import { createSocket } from 'node:dgram'

// As the server does it: no detour through the resolver for what is an address already.
const socket = createSocket({
  type: 'udp4',
  lookup: (address, _options, callback) => callback(null, address, 4),
})
const onSent = (): void => {}

socket.on('message', (octets, { port, address }) => {
  octets[2] = (octets[2] ?? 0) | 0x80
  socket.send(octets, 0, octets.length, port, address, onSent)
})
socket.bind(Number(process.argv[2]), '127.0.0.1')
