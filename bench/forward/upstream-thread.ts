import { createSocket } from 'node:dgram'
import { parentPort } from 'node:worker_threads'

/**
 * An upstream in a thread of its own, that the thread which measures does not wait for it: 192.0.2.1 for names whose first
 * label is of even length, NXDOMAIN with a SOA for the others. Tells its port.
 */
const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20, sendBufferSize: 1 << 20 })

/** Behind the question: owner, type, class, TTL 600, length and data. */
const ADDRESS = Buffer.from('c00c 0001 0001 00000258 0004 c0000201'.replaceAll(' ', ''), 'hex')
const SOA = Buffer.from(
  '00 0006 0001 00000258 0016 0000 00000001 00000002 00000003 00000004 00000258'.replaceAll(' ', ''),
  'hex',
)

socket.on('message', (query, peer) => {
  // Header and question; the OPT record behind them is not answered.
  let end = 12
  while ((query[end] ?? 0) > 0) end += 1 + (query[end] ?? 0)
  end += 5
  const isPositive = (query[12] ?? 0) % 2 === 0
  const reply = Buffer.concat([query.subarray(0, end), isPositive ? ADDRESS : SOA])
  reply.writeUInt16BE(isPositive ? 0x8180 : 0x8183, 2)
  reply.writeUInt16BE(isPositive ? 1 : 0, 6)
  reply.writeUInt16BE(isPositive ? 0 : 1, 8)
  reply.writeUInt16BE(0, 10)
  socket.send(reply, peer.port, peer.address)
})
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
socket.bind(0, '127.0.0.1', () => parentPort?.postMessage(socket.address().port))
