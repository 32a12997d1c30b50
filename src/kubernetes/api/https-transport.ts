import { Agent as HttpAgent } from 'node:http'
import type { Agent, IncomingMessage } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { setImmediate } from 'node:timers/promises'

import type { ApiRequest, ApiResponse, ApiTransport } from './api-transport.ts'
import { ApiConnectionError } from './api-transport.ts'
import { connectionProblem } from './connection-problem.ts'
import type { ApiAccess, ApiServer, Credentials } from './credentials/credentials.ts'
import { CredentialsError } from './credentials/credentials.ts'
import type { HttpTimeouts } from './http-get.ts'
import { endedError, httpGet } from './http-get.ts'

export interface HttpsTransportOptions {
  readonly credentials: Credentials
  /** Product and version, such as `SliceDNS/0.1.0`. */
  readonly userAgent: string
  /** Told of each request when its response begins, or when it failed; not of one that its signal ended. */
  readonly onRequest?: ((report: RequestReport) => void) | undefined
  readonly timeouts?: HttpTimeouts | undefined
}

export interface RequestReport {
  readonly verb: 'GET'
  /** Of the URL, with its port unless that is the usual one. */
  readonly host: string
  /** 0 where there was no response. */
  readonly status: number
  /** Until the head of the response. */
  readonly durationMs: number
}

/**
 * Speaks HTTP/1.1 with the API server, over one connection for each request at a time. HTTP/2 would put them all on one, and the system
 * does not notice its death while anything waits to be sent on it.
 */
export function createHttpsTransport(options: HttpsTransportOptions): ApiTransport {
  return new HttpsTransport(options)
}

const TIMEOUTS: HttpTimeouts = { connectMs: 10_000, headMs: 10_000 }

class HttpsTransport implements ApiTransport {
  readonly #options: HttpsTransportOptions
  readonly #closed = new AbortController()
  #connected: { readonly server: ApiServer; readonly agent: Agent } | undefined

  constructor(options: HttpsTransportOptions) {
    this.#options = options
  }

  async get(request: ApiRequest): Promise<ApiResponse> {
    const access = await this.#access(request)
    const message = await this.#send(access, request)
    if (message.statusCode !== 401) return responseOf(message, access.server)
    const { credentials } = this.#options
    credentials.refused()
    const renewed = await this.#access(request)
    if (renewed.headers['Authorization'] === access.headers['Authorization']) {
      return responseOf(message, access.server)
    }
    message.destroy()
    return responseOf(await this.#send(renewed, request), renewed.server)
  }

  close(): void {
    this.#closed.abort()
    this.#connected?.agent.destroy()
  }

  #signals({ signal }: ApiRequest): readonly AbortSignal[] {
    return [signal, this.#closed.signal]
  }

  /** A command that gives credentials may hang, like anything else. */
  async #access(request: ApiRequest): Promise<ApiAccess> {
    const timeoutMs = (this.#options.timeouts ?? TIMEOUTS).connectMs
    try {
      return await endingWith(this.#options.credentials.current(), this.#signals(request), timeoutMs)
    } catch (error) {
      if (error instanceof ApiConnectionError) throw error
      const message = error instanceof Error ? error.message : String(error)
      const text =
        error instanceof CredentialsError ? message : `no credentials for the API server: ${message}`
      throw new ApiConnectionError(text.replaceAll(/\s+/g, ' '), { cause: error })
    }
  }

  async #send({ server, headers }: ApiAccess, request: ApiRequest): Promise<IncomingMessage> {
    const { userAgent, timeouts = TIMEOUTS } = this.#options
    const startMs = performance.now()
    const signals = this.#signals(request)
    try {
      const message = await httpGet({
        url: server.url,
        path: `${server.url.pathname.replace(/\/$/, '')}${request.path}`,
        agent: this.#agentFor(server),
        headers: {
          ...headers,
          Accept: request.accept,
          'Accept-Encoding': 'identity',
          'User-Agent': userAgent,
        },
        signals,
        timeouts,
      })
      this.#report(server, message.statusCode ?? 0, startMs)
      return message
    } catch (error) {
      if (!signals.some(({ aborted }) => aborted)) this.#report(server, 0, startMs)
      throw asConnectionError(error, server)
    }
  }

  #report({ url }: ApiServer, status: number, startMs: number): void {
    const durationMs = performance.now() - startMs
    this.#options.onRequest?.({ verb: 'GET', host: url.host, status, durationMs })
  }

  /** Where the server or the certificates changed, new connections are made; those in use end by themselves. */
  #agentFor(server: ApiServer): Agent {
    if (this.#connected?.server === server) return this.#connected.agent
    if (this.#connected !== undefined) retire(this.#connected.agent)
    const agent = createAgent(server)
    this.#connected = { server, agent }
    return agent
  }
}

function createAgent({ url, tls, proxy }: ApiServer): Agent {
  if (proxy !== undefined) return proxy.agent
  if (url.protocol === 'http:') return new HttpAgent({ keepAlive: true })
  const { secureContext, serverName, verifies } = tls
  return new HttpsAgent({
    keepAlive: true,
    rejectUnauthorized: verifies,
    ...(secureContext === undefined ? {} : { secureContext }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  })
}

function retire(agent: Agent): void {
  agent.maxFreeSockets = 0
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
}

function responseOf(message: IncomingMessage, server: ApiServer): ApiResponse {
  const { headers, statusCode = 0 } = message
  const retryAfter = /^\s*(\d{1,9})\s*$/.exec(headers['retry-after'] ?? '')?.[1]
  return {
    status: statusCode,
    server: server.url.href.replace(/\/$/, ''),
    contentType: headers['content-type'] ?? '',
    contentEncoding: headers['content-encoding'] ?? '',
    retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter),
    body: { [Symbol.asyncIterator]: () => bodyOf(message, server) },
  }
}

async function* bodyOf(message: IncomingMessage, server: ApiServer): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterable<Uint8Array> = message
  try {
    for await (const chunk of chunks) {
      yield chunk
      // An API server writes 4 KB at a time: what comes within one turn is better taken at once.
      await setImmediate()
    }
  } catch (error) {
    if (error instanceof Error && error.message === 'aborted') throw cut(server)
    throw asConnectionError(error, server)
  }
  if (!message.complete) throw cut(server)
}

function cut({ url }: ApiServer): ApiConnectionError {
  return new ApiConnectionError(`${url.origin} ended the connection before its answer was complete`)
}

function asConnectionError(error: unknown, server: ApiServer): ApiConnectionError {
  const isTold = error instanceof ApiConnectionError
  const { proxy } = server
  if (isTold && proxy === undefined) return error
  const problem = isTold ? error.message : connectionProblem(error, server)
  // What is wrong with a proxy looks as if it were wrong with the server.
  const between = proxy === undefined ? '' : `; it was asked through ${proxy.text}`
  return new ApiConnectionError(`${problem}${between}`, { cause: error })
}

/** The same promise, but rejected with ApiConnectionError when a signal is given or time is up. */
async function endingWith<Value>(
  promise: Promise<Value>,
  signals: readonly AbortSignal[],
  timeoutMs: number,
): Promise<Value> {
  const { promise: end, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(endedError())
  const expire = (): void =>
    reject(new ApiConnectionError(`credentials for the API server did not come within ${timeoutMs / 1000} s`))
  const timer = setTimeout(expire, timeoutMs)
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true })
  if (signals.some(({ aborted }) => aborted)) abort()
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
    for (const signal of signals) signal.removeEventListener('abort', abort)
  }
}
