import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import type { Server as SocketServer, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** An HTTP server on 127.0.0.1 that answers as a test wants. */
export interface ScriptedApiServer {
  readonly url: string
  readonly port: number
  /** As they came. */
  readonly requests: readonly IncomingMessage[]
  /** Connections that were ever opened. */
  readonly connectionCount: () => number
  /** Ends all connections, without a word. */
  readonly cutConnections: () => void
  /** From now on new connections are shown this one. */
  readonly setCertificate: (certificate: { readonly cert: string; readonly key: string }) => void
}

/** With `tls` over https. Gone when the test ends. */
export async function startApiServer(
  answer: RequestListener,
  tls?: ServerOptions,
): Promise<ScriptedApiServer> {
  const requests: IncomingMessage[] = []
  const listener: RequestListener = (request, response) => {
    requests.push(request)
    answer(request, response)
  }
  const secure = tls === undefined ? undefined : createHttpsServer(tls, listener)
  const server = secure ?? createHttpServer(listener)
  const sockets: Socket[] = []
  server.on('connection', (socket: Socket) => sockets.push(socket))
  const port = await listenLocally(server)
  const cutConnections = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    cutConnections()
    server.close()
  })
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  return {
    url,
    port,
    requests,
    connectionCount: () => sockets.length,
    cutConnections,
    setCertificate: (certificate) => secure?.setSecureContext(certificate),
  }
}

/** Opens a free port of 127.0.0.1. Resolves with the port. */
export async function listenLocally(server: SocketServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
