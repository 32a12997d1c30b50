import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer, request } from 'node:https'
import type { Server } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import type { ControlPlane } from './control-plane.ts'

/** A request as it came. */
export interface SeenRequest {
  readonly path: string
  readonly isWatch: boolean
  /** Of `Authorization: Bearer`. */
  readonly token: string
  readonly accept: string
  readonly atMs: number
}

/** What is done with a request instead of passing it on as it is. */
export interface HttpFault {
  /** The answer; the API server is not asked. */
  readonly answer?: {
    readonly status: number
    readonly headers?: Record<string, string>
    readonly body?: string | Buffer
  }
  /** Waits before anything else. */
  readonly delayMs?: number
  /** Compresses the body though nobody asked for it. */
  readonly compresses?: boolean
  /** Closes the connection after so many octets of the body. */
  readonly cutsAfter?: number
  /** Ends the body in the ordinary way after that time, as API servers do with watches. */
  readonly endsAfterMs?: number
  /** Changes octets of the body on the way. */
  readonly rewrite?: (chunk: Buffer) => Buffer
}

export type HttpFaultRule = (seen: SeenRequest) => HttpFault | undefined

/** Stands between a client and the API server, with the API server's certificate, and answers as proxies and load balancers do. */
export class HttpProxy {
  /** Every request since the start, in order. */
  readonly seen: SeenRequest[] = []
  rule: HttpFaultRule = () => undefined
  readonly #upstreamPort: number
  readonly #agent: Agent
  readonly #listener: Server

  private constructor(plane: ControlPlane) {
    this.#upstreamPort = plane.apiPort
    const [cert, key] = [readFileSync(plane.caFile), readFileSync(plane.keyFile)]
    this.#agent = new Agent({ keepAlive: true, ca: cert })
    this.#listener = createServer({ cert, key }, (incoming, response) => void this.#serve(incoming, response))
  }

  static async start(plane: ControlPlane): Promise<HttpProxy> {
    const proxy = new HttpProxy(plane)
    await new Promise<void>((resolve) => {
      proxy.#listener.listen(0, '127.0.0.1', resolve)
    })
    return proxy
  }

  get url(): string {
    const address = this.#listener.address()
    return `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  /** Breaks every connection, so that every watch begins anew. */
  breakConnections(): void {
    this.#listener.closeAllConnections()
  }

  async close(): Promise<void> {
    this.breakConnections()
    this.#agent.destroy()
    await new Promise((resolve) => {
      this.#listener.close(resolve)
    })
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = describe(incoming)
    this.seen.push(seen)
    const fault = this.rule(seen) ?? {}
    response.on('error', () => {})
    incoming.on('error', () => {})
    if (fault.delayMs !== undefined) await sleep(fault.delayMs)
    if (fault.answer !== undefined) {
      const { status, headers = {}, body = '' } = fault.answer
      response.writeHead(status, headers).end(body)
      return
    }
    this.#passOn(incoming, response, fault)
  }

  #passOn(incoming: IncomingMessage, response: ServerResponse, fault: HttpFault): void {
    const { host: _, connection: __, ...headers } = incoming.headers
    const call = request({
      host: '127.0.0.1',
      port: this.#upstreamPort,
      method: incoming.method,
      path: incoming.url,
      headers,
      agent: this.#agent,
    })
    call.once('error', () => response.destroy())
    call.once('response', (answer) => relay(answer, response, fault))
    response.once('close', () => call.destroy())
    incoming.pipe(call)
  }
}

function relay(answer: IncomingMessage, response: ServerResponse, fault: HttpFault): void {
  const { 'content-length': _, connection: __, ...headers } = answer.headers
  answer.once('error', () => response.destroy())
  if (fault.compresses === true) {
    response.writeHead(answer.statusCode ?? 0, { ...headers, 'content-encoding': 'gzip' })
    answer.pipe(createGzip()).pipe(response)
    return
  }
  response.writeHead(answer.statusCode ?? 0, headers)
  response.flushHeaders()
  if (fault.endsAfterMs !== undefined) setTimeout(() => response.end(), fault.endsAfterMs).unref()
  let octets = 0
  answer.on('data', (chunk: Buffer) => {
    const changed = fault.rewrite?.(chunk) ?? chunk
    const left = (fault.cutsAfter ?? Infinity) - octets
    octets += changed.length
    if (!response.writableEnded) response.write(changed.subarray(0, left))
    if (octets >= (fault.cutsAfter ?? Infinity)) response.destroy()
  })
  answer.once('end', () => response.end())
}

function describe({ url = '', headers }: IncomingMessage): SeenRequest {
  return {
    path: url,
    isWatch: /[?&]watch=(?:1|true)/.test(url),
    token: (headers.authorization ?? '').replace(/^Bearer /, ''),
    accept: headers.accept ?? '',
    atMs: performance.now(),
  }
}
