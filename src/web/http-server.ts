import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import type { HttpAddress, HttpEndpoint, HttpReply } from '../metrics/http-endpoint.ts'
import { textReply } from '../metrics/http-endpoint.ts'
import { systemCode } from '../server/system-code.ts'
import { HttpListenError } from './http-listen-error.ts'
import { HTTP_LIMITS } from './http-limits.ts'

/** An HTTP server on one address. What it serves can change while it runs. */
export interface HttpServer {
  /** As the socket is bound. */
  readonly address: string
  readonly port: number
  /** The endpoints that are served from now on, all of this address. */
  setEndpoints(endpoints: readonly HttpEndpoint[]): void
  /** Connections at a time, from now on. Those that are open stay. */
  setMaxConnections(count: number): void
  /** Stops at once: requests that are being answered are cut off. */
  close(): Promise<void>
}

/** Told what a responder threw, and at which path. */
export type OnHttpError = (error: unknown, path: string) => void

/** Opens the port. Rejects with an HttpListenError. */
export async function openHttpServer(
  address: HttpAddress,
  endpoints: readonly HttpEndpoint[],
  onError: OnHttpError,
): Promise<HttpServer> {
  let byPath = indexByPath(endpoints)
  const server = createServer(
    {
      maxHeaderSize: HTTP_LIMITS.maxHeaderOctets,
      headersTimeout: HTTP_LIMITS.requestTimeoutMs,
      requestTimeout: HTTP_LIMITS.requestTimeoutMs,
      keepAliveTimeout: HTTP_LIMITS.idleTimeoutMs,
      connectionsCheckingInterval: HTTP_LIMITS.checkIntervalMs,
      requireHostHeader: false,
    },
    (request, response) => void answer(request, response, byPath, onError),
  )
  server.maxConnections = HTTP_LIMITS.maxConnections
  server.maxRequestsPerSocket = HTTP_LIMITS.maxRequestsPerConnection
  // A client that takes nothing of its reply for so long; answers that are being made (a profile) are waited for.
  server.on('connection', (socket) => socket.setTimeout(HTTP_LIMITS.silenceTimeoutMs, () => socket.destroy()))
  server.on('clientError', (_error, socket) => socket.destroy())
  const { host, port } = await listen(server, address, endpoints)
  return {
    address: host,
    port,
    setEndpoints: (next) => {
      byPath = indexByPath(next)
    },
    setMaxConnections: (count) => {
      server.maxConnections = count
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function indexByPath(endpoints: readonly HttpEndpoint[]): ReadonlyMap<string, HttpEndpoint> {
  const byPath = new Map<string, HttpEndpoint>()
  for (const endpoint of endpoints) if (!byPath.has(endpoint.path)) byPath.set(endpoint.path, endpoint)
  return byPath
}

/** Without a host: `::`, which takes IPv4 too; a machine without IPv6 has only `0.0.0.0`. */
async function listen(
  server: Server,
  address: HttpAddress,
  endpoints: readonly HttpEndpoint[],
): Promise<{ readonly host: string; readonly port: number }> {
  const hosts = address.host === undefined ? ['::', '0.0.0.0'] : [address.host]
  for (const [index, host] of hosts.entries()) {
    try {
      await listenOn(server, host, address.port)
      break
    } catch (error) {
      if (index === hosts.length - 1 || !isNoAddress(error))
        throw new HttpListenError(address, endpoints, error)
    }
  }
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new TypeError('a TCP server has an address')
  return { host: bound.address, port: bound.port }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // A name needs no lookup, which might need this very process.
    server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port }, () => {
      server.off('error', reject)
      // Out of file descriptors, for instance: connections are taken again when there are some.
      server.on('error', () => {})
      resolve()
    })
  })
}

function isNoAddress(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT'
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  byPath: ReadonlyMap<string, HttpEndpoint>,
  onError: OnHttpError,
): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://localhost')
  const path = url?.pathname ?? '/'
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  try {
    const refused = refusalOf(request)
    const endpoint = byPath.get(path)
    if (refused !== undefined) await send(request, response, refused)
    else if (endpoint === undefined)
      await send(request, response, textReply(404, `there is ${[...byPath.keys()].join(', ')}`))
    else {
      const query = url?.searchParams ?? new URLSearchParams()
      await send(request, response, await endpoint.respond({ query, signal: gone.signal }))
    }
  } catch (error) {
    // Who goes away is no fault.
    if (!gone.signal.aborted) onError(error, path)
    if (response.headersSent) response.destroy()
    else response.writeHead(500, { connection: 'close' }).end()
  }
}

/** Nothing here takes a body or changes anything. */
function refusalOf({ method, headers }: IncomingMessage): HttpReply | undefined {
  if (method !== 'GET' && method !== 'HEAD') return textReply(405, 'only GET and HEAD')
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
  return hasBody ? textReply(413, 'a request has no body here') : undefined
}

async function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, contentType, body, fileName }: HttpReply,
): Promise<void> {
  response.writeHead(status, {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
    // What may follow as a body is not read.
    ...(status === 405 || status === 413 ? { connection: 'close' } : {}),
    ...(typeof body === 'string' ? { 'content-length': Buffer.byteLength(body) } : {}),
    ...(fileName === undefined ? {} : { 'content-disposition': `attachment; filename="${fileName}"` }),
  })
  if (method === 'HEAD') response.end()
  else if (typeof body === 'string') response.end(body)
  else await pipeline(Readable.from(body), response)
}
