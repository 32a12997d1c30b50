import { connect } from 'node:net'

import { MAX_MISMATCHES } from './exchange-result.ts'
import type { ExchangeRequest, ExchangeResult } from './exchange-result.ts'
import { networkErrorToText } from './network-error.ts'

/** A message over TCP stands behind its length in two octets (RFC 1035 section 4.2.2). */
const LENGTH_OCTETS = 2

/**
 * Sends one query over a TCP connection of its own and waits for its reply. `timeoutMs` bounds it from the connecting to
 * the last octet, so a server that drips its reply does not hold it longer. A connection that ends before the whole
 * reply is here is `unreachable`: half a message is none. Never rejects.
 */
export function exchangeTcp<T>(request: ExchangeRequest<T>): Promise<ExchangeResult<T>> {
  const { upstream, query, read, onMismatch, timeoutMs, signal } = request
  if (signal.aborted) return Promise.resolve({ kind: 'aborted' })
  return new Promise((resolve) => {
    let mismatches = 0
    const socket = connect({ host: upstream.address, port: upstream.port, noDelay: true })
    // A promise settles once, so what a destroyed socket still reports changes nothing.
    const finish = (result: ExchangeResult<T>) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.destroy()
      resolve(result)
    }
    const abort = () => finish({ kind: 'aborted' })
    const timer = setTimeout(() => finish({ kind: 'silence' }), timeoutMs)
    signal.addEventListener('abort', abort, { once: true })
    socket.on('error', (error) => finish({ kind: 'unreachable', text: networkErrorToText(error) }))
    socket.on('close', () =>
      finish({ kind: 'unreachable', text: 'the connection was closed before the whole reply came' }),
    )
    const receive = createFrameReader((message) => {
      const reply = read(message)
      if (reply !== undefined) return finish({ kind: 'reply', reply })
      onMismatch()
      if (++mismatches >= MAX_MISMATCHES) finish({ kind: 'flooded' })
    })
    socket.on('data', receive)
    socket.write(withLength(query))
  })
}

/** Length and message in one write: some servers wait for both in one segment (RFC 7766 section 8). */
function withLength(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(LENGTH_OCTETS + message.length)
  framed[0] = message.length >> 8
  framed[1] = message.length & 0xff
  framed.set(message, LENGTH_OCTETS)
  return framed
}

/**
 * Cuts a stream into messages, however the octets arrive. Holds at most the one message that is not whole yet: 64 KiB,
 * and only once its length is known.
 */
function createFrameReader(onMessage: (message: Uint8Array) => void): (chunk: Uint8Array) => void {
  const prefix = new Uint8Array(LENGTH_OCTETS)
  let frame: Uint8Array = prefix
  let filled = 0
  return (chunk) => {
    for (let offset = 0; offset < chunk.length;) {
      const part = chunk.subarray(offset, offset + frame.length - filled)
      frame.set(part, filled)
      filled += part.length
      offset += part.length
      if (filled < frame.length) return
      filled = 0
      if (frame !== prefix) {
        onMessage(frame)
        frame = prefix
        continue
      }
      const length = ((prefix[0] ?? 0) << 8) | (prefix[1] ?? 0)
      if (length > 0) frame = new Uint8Array(length)
    }
  }
}
