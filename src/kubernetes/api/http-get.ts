import { request as requestHttp } from 'node:http'
import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'

import { ApiConnectionError } from './api-transport.ts'

/** One GET on the wire. */
export interface HttpGet {
  readonly url: URL
  /** Without the query's `?` where there is none. */
  readonly path: string
  readonly agent: Agent
  readonly headers: Readonly<Record<string, string>>
  /** Any of them ends the request, or the body while it arrives. */
  readonly signals: readonly AbortSignal[]
  readonly timeouts: HttpTimeouts
}

export interface HttpTimeouts {
  /** For TCP and TLS. */
  readonly connectMs: number
  /** From the connection to the head of the response. A body takes as long as it takes. */
  readonly headMs: number
}

/** A host that is gone is noticed 10 s after that: the system then asks once a second, ten times. */
const KEEP_ALIVE_MS = 15_000

/**
 * Resolves with the head of the response, whose body waits to be read. Rejects with what Node says, or ApiConnectionError where time is
 * up or a signal ended it; both may be found in the body later, too. A connection that was used before and turns out to be closed is
 * no failure: another is taken.
 */
export async function httpGet(get: HttpGet): Promise<IncomingMessage> {
  for (;;) {
    const outgoing = openRequest(get)
    try {
      return await headOf(outgoing, get)
    } catch (error) {
      if (!outgoing.reusedSocket || !wasClosed(error)) throw error
    }
  }
}

/** What a request rejects with once its signal was given. */
export function endedError(): ApiConnectionError {
  return new ApiConnectionError('the request was ended')
}

function openRequest({ url, path, agent, headers }: HttpGet): ClientRequest {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  // The brackets of an IPv6 address belong to the URL, not to the address.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const outgoing = request({ agent, host, port: url.port, path, headers, method: 'GET' })
  outgoing.end()
  return outgoing
}

function headOf(outgoing: ClientRequest, { url, signals, timeouts }: HttpGet): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  let response: IncomingMessage | undefined
  const fail = (error: Error): void => void (response ?? outgoing).destroy(error)
  const abort = (): void => fail(endedError())
  const deadline = new Deadline((what) => fail(new ApiConnectionError(`${url.origin} ${what}`)))
  deadline.set(timeouts.connectMs, `did not take the connection within ${seconds(timeouts.connectMs)}`)
  const awaitHead = (): void =>
    deadline.set(timeouts.headMs, `took the connection and did not answer within ${seconds(timeouts.headMs)}`)
  outgoing.on('socket', (socket) => {
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    // What a proxy connected may be open already.
    if (outgoing.reusedSocket || !(isSecure(url) || socket.connecting)) awaitHead()
    else socket.once(isSecure(url) ? 'secureConnect' : 'connect', awaitHead)
  })
  // Neither may ever be without a listener: a connection can break at any time.
  outgoing.on('error', (error) => {
    if (response?.complete === false) response.destroy(error)
    reject(error)
  })
  outgoing.once('response', (message) => {
    response = message
    message.on('error', () => {})
    deadline.clear()
    resolve(message)
  })
  outgoing.once('close', () => {
    deadline.clear()
    for (const signal of signals) signal.removeEventListener('abort', abort)
    reject(new ApiConnectionError(`${url.origin} closed the connection without an answer`))
  })
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true })
  if (signals.some(({ aborted }) => aborted)) abort()
  return promise
}

/** A time limit that can be set anew. */
class Deadline {
  readonly #onExpired: (what: string) => void
  #timer: NodeJS.Timeout | undefined

  constructor(onExpired: (what: string) => void) {
    this.#onExpired = onExpired
  }

  /** What has arrived by then may still be unread, where the process was busy: it is read before time counts as up. */
  set(timeoutMs: number, what: string): void {
    this.clear()
    const timer = setTimeout(() => {
      setImmediate(() => {
        if (this.#timer === timer) this.#onExpired(what)
      })
    }, timeoutMs)
    this.#timer = timer
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

function isSecure({ protocol }: URL): boolean {
  return protocol === 'https:'
}

function seconds(durationMs: number): string {
  return `${durationMs / 1000} s`
}

function wasClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE'].includes(String(error.code))
}
