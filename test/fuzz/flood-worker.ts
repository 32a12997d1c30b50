import { createSocket } from 'node:dgram'
import { workerData } from 'node:worker_threads'

/** What a flood is told: where, how fast, and the datagrams to send in turn. */
export interface FloodOrder {
  readonly port: number
  readonly perSecond: number
  readonly datagrams: readonly Uint8Array[]
}

const TICK_MS = 2

/** Sends without waiting for anything, until the worker is ended. */
function flood({ port, perSecond, datagrams }: FloodOrder): void {
  const socket = createSocket('udp4')
  const started = performance.now()
  let sent = 0
  socket.on('message', () => {})
  socket.connect(port, '127.0.0.1', () => {
    setInterval(() => {
      const due = ((performance.now() - started) / 1000) * perSecond
      for (; sent < due; sent++) {
        const octets = datagrams[sent % datagrams.length]
        if (octets !== undefined) socket.send(octets)
      }
    }, TICK_MS)
  })
}

const order: FloodOrder = workerData
flood(order)
