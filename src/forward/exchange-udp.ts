import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'

import { MAX_MISMATCHES } from './exchange-result.ts'
import type { ExchangeRequest, ExchangeResult } from './exchange-result.ts'
import { networkErrorToText } from './network-error.ts'

/**
 * Sends one query in one datagram and waits for its reply. Never rejects.
 *
 * Every query has a socket of its own, bound to port 0: the kernel then takes a random free port, so that an off-path
 * guesser must hit port and id (RFC 5452 section 9.2). The socket is connected: the kernel hands over only what comes
 * from the address and port asked, and reports an ICMP refusal at once instead of letting the query time out.
 */
export function exchangeUdp<T>(request: ExchangeRequest<T>): Promise<ExchangeResult<T>> {
  const { upstream, sourceAddress, query, read, onMismatch, timeoutMs, signal } = request
  if (signal.aborted) return Promise.resolve({ kind: 'aborted' })
  return new Promise((resolve) => {
    let mismatches = 0
    let finished = false
    const socket = createSocket(isIP(upstream.address) === 6 ? 'udp6' : 'udp4')
    // Listeners stay on: a socket that is closed while it connects may still report why it could not.
    const finish = (result: ExchangeResult<T>) => {
      if (finished) return
      finished = true
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.close()
      resolve(result)
    }
    const abort = () => finish({ kind: 'aborted' })
    const timer = setTimeout(() => finish({ kind: 'silence' }), timeoutMs)
    signal.addEventListener('abort', abort, { once: true })
    socket.on('error', (error) => finish({ kind: 'unreachable', text: networkErrorToText(error) }))
    socket.on('message', (datagram) => {
      if (finished) return
      const reply = read(datagram)
      if (reply !== undefined) return finish({ kind: 'reply', reply })
      onMismatch()
      if (++mismatches >= MAX_MISMATCHES) finish({ kind: 'flooded' })
    })
    socket.once('connect', () => {
      if (!finished) socket.send(query)
    })
    const connect = (): void => {
      if (!finished) socket.connect(upstream.port, upstream.address)
    }
    if (sourceAddress === undefined) connect()
    else socket.bind({ address: sourceAddress, port: 0 }, connect)
  })
}
