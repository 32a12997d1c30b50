import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'

import type { ApiResponse, ApiTransport } from '../../../src/kubernetes/api/api-transport.ts'
import { ApiConnectionError } from '../../../src/kubernetes/api/api-transport.ts'
import { createEndpointCredentials } from '../../../src/kubernetes/api/credentials/endpoint.ts'
import type { HttpsTransportOptions, RequestReport } from '../../../src/kubernetes/api/https-transport.ts'
import { eventually } from '../../helpers/eventually.ts'
import { transportWith } from './ask.ts'
import { listenLocally, startApiServer } from './scripted-api-server.ts'

function transportTo(url: string, options: Partial<HttpsTransportOptions> = {}): ApiTransport {
  return transportWith(createEndpointCredentials(url, undefined), options)
}

const get = (transport: ApiTransport, path = '/api/v1/services', signal = new AbortController().signal) =>
  transport.get({ path, accept: 'application/json', signal })

async function textOf({ body }: ApiResponse): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** The message of the ApiConnectionError that this ends with. */
async function failureOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof ApiConnectionError) return error.message
    throw error
  }
  return 'no failure'
}

/** A server that does not speak HTTP by itself. */
async function startSocketServer(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}))
    onSocket(socket)
  })
  const port = await listenLocally(server)
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${port}`
}

describe('createHttpsTransport', () => {
  test('asks as the API wants it, below the path of the URL', async () => {
    const server = await startApiServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json;stream=watch' })
      response.end('{}')
    })
    const reports: RequestReport[] = []
    const transport = transportTo(`${server.url}/k8s/clusters/c-1/`, {
      onRequest: (report) => reports.push(report),
    })
    const response = await get(transport, '/api/v1/services?limit=500&watch=1')
    expect(response).toMatchObject({
      status: 200,
      contentType: 'application/json;stream=watch',
      contentEncoding: '',
      retryAfterSeconds: undefined,
    })
    expect(await textOf(response)).toBe('{}')
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      url: '/k8s/clusters/c-1/api/v1/services?limit=500&watch=1',
      httpVersion: '1.1',
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'SliceDNS/1.2.3',
        host: `127.0.0.1:${server.port}`,
      },
    })
    expect(reports).toEqual([
      { verb: 'GET', host: `127.0.0.1:${server.port}`, status: 200, durationMs: expect.any(Number) },
    ])
  })

  test('one connection serves requests one after another, others those at the same time', async () => {
    const server = await startApiServer((_request, response) => response.end('x'))
    const transport = transportTo(server.url)
    for (let turn = 0; turn < 5; turn++) await textOf(await get(transport))
    expect(server.connectionCount()).toBe(1)
    await Promise.all([1, 2].map(async () => textOf(await get(transport))))
    expect(server.connectionCount()).toBe(2)
  })

  test('a kept connection that the server closed meanwhile is no failure', async () => {
    const server = await startApiServer((request, response) => {
      if (server.requests.length === 2) request.socket.resetAndDestroy()
      else response.end('x')
    })
    const transport = transportTo(server.url)
    await textOf(await get(transport))
    expect(await textOf(await get(transport))).toBe('x')
    expect(server.connectionCount()).toBe(2)
  })

  test('K35 a redirect is an answer like any other, and another encoding is told', async () => {
    const server = await startApiServer((request, response) => {
      if (request.url === '/html') response.writeHead(302, { Location: '/login' }).end()
      else response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{}'))
    })
    const transport = transportTo(server.url)
    expect((await get(transport, '/html')).status).toBe(302)
    expect((await get(transport, '/gzip')).contentEncoding).toBe('gzip')
    expect(server.requests.map(({ url }) => url)).toEqual(['/html', '/gzip'])
  })

  test('Retry-After in seconds is told, a date is not', async () => {
    const after = ['7', 'Wed, 21 Oct 2026 07:28:00 GMT']
    const server = await startApiServer((_request, response) =>
      response.writeHead(429, { 'Retry-After': after[server.requests.length - 1] }).end(),
    )
    const transport = transportTo(server.url)
    expect((await get(transport)).retryAfterSeconds).toBe(7)
    expect((await get(transport)).retryAfterSeconds).toBeUndefined()
  })

  test.for([
    ['chunks', { 'Transfer-Encoding': 'chunked' }],
    ['a length', { 'Content-Length': 100 }],
  ] as const)('K35 a body of %s that ends too early rejects after what came', async ([, headers]) => {
    const server = await startApiServer((_request, response) => {
      response.writeHead(200, headers)
      response.write('first')
    })
    const transport = transportTo(server.url)
    const { body } = await get(transport)
    const chunks: string[] = []
    const reading = (async () => {
      for await (const chunk of body) {
        chunks.push(Buffer.from(chunk).toString())
        server.cutConnections()
      }
    })()
    expect(await failureOf(reading)).toBe(`${server.url} ended the connection before its answer was complete`)
    expect(chunks).toEqual(['first'])
  })

  test('K35 a reset before the body is read rejects when it is read', async () => {
    const server = await startApiServer((_request, response) => {
      response.writeHead(200, { 'Transfer-Encoding': 'chunked' })
      response.write('x'.repeat(10))
    })
    const response = await get(transportTo(server.url))
    server.cutConnections()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await failureOf(textOf(response))).toContain('ended the connection before')
  })

  test('K35 chunks that are none reject', async () => {
    const url = await startSocketServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n')),
    )
    const reading = (async () => textOf(await get(transportTo(url))))()
    expect(await failureOf(reading)).toContain(`${url} sends what is not HTTP/1.1 (HPE_INVALID_CHUNK_SIZE)`)
  })

  test.for([
    ['another protocol', 'SSH-2.0-x\r\n', 'sends what is not HTTP/1.1 (HPE_INVALID_CONSTANT)'],
    ['nothing', '', 'broke the connection (ECONNRESET)'],
  ] as const)('%s instead of a head rejects', async ([, text, expected]) => {
    const url = await startSocketServer((socket) => socket.once('data', () => socket.end(text)))
    const reports: RequestReport[] = []
    const attempt = get(transportTo(url, { onRequest: (report) => reports.push(report) }))
    expect(await failureOf(attempt)).toBe(`${url} ${expected}`)
    expect(reports).toMatchObject([{ status: 0 }])
  })

  test('a server that takes the request and says nothing is given up', async () => {
    const url = await startSocketServer(() => {})
    const attempt = get(transportTo(url, { timeouts: { connectMs: 5_000, headMs: 20 } }))
    expect(await failureOf(attempt)).toBe(`${url} took the connection and did not answer within 0.02 s`)
  })

  test('an answer that came while the process was busy counts', async () => {
    const url = await startSocketServer((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n')
        const busyUntil = performance.now() + 60
        while (performance.now() < busyUntil);
        socket.write('ok')
      }),
    )
    const transport = transportTo(url, { timeouts: { connectMs: 5_000, headMs: 30 } })
    expect(await textOf(await get(transport))).toBe('ok')
  })

  test('no limit of time stands on a body', async () => {
    const server = await startApiServer((_request, response) => {
      response.writeHead(200).write('a')
      setTimeout(() => response.end('b'), 60)
    })
    const transport = transportTo(server.url, { timeouts: { connectMs: 20, headMs: 20 } })
    expect(await textOf(await get(transport))).toBe('ab')
  })

  test('what is not read is not fetched', async () => {
    let written = 0
    const server = await startApiServer((_request, response) => {
      const piece = Buffer.alloc(1 << 16)
      const more = (): void => {
        written += 1
        if (response.write(piece)) more()
        else response.once('drain', more)
      }
      more()
    })
    const { body } = await get(transportTo(server.url))
    await new Promise((resolve) => setTimeout(resolve, 100))
    const before = written
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(written).toBe(before)
    let octets = 0
    for await (const chunk of body) {
      octets += chunk.length
      if (octets > before << 16) break
    }
    expect(written).toBeGreaterThan(before)
    await eventually(() => expect(server.requests[0]?.socket.destroyed).toBe(true))
  })

  test('its signal ends a request, and a body, and takes the connection with it', async () => {
    const server = await startApiServer((request, response) => {
      if (request.url === '/body') response.writeHead(200).write('x')
    })
    const transport = transportTo(server.url)
    const waiting = new AbortController()
    const attempt = failureOf(get(transport, '/head', waiting.signal))
    await eventually(() => expect(server.requests).toHaveLength(1))
    waiting.abort()
    expect(await attempt).toBe('the request was ended')

    const reading = new AbortController()
    const response = await get(transport, '/body', reading.signal)
    const ended = failureOf(textOf(response))
    reading.abort()
    expect(await ended).toBe('the request was ended')
    expect(await failureOf(get(transport, '/', AbortSignal.abort()))).toBe('the request was ended')
    await eventually(() => expect(server.requests.every(({ socket }) => socket.destroyed)).toBe(true))
  })

  test('close ends everything, and nothing can be asked after it', async () => {
    const server = await startApiServer((_request, response) => void response.writeHead(200).write('x'))
    const transport = transportTo(server.url)
    const ended = failureOf(textOf(await get(transport)))
    transport.close()
    expect(await ended).toBe('the request was ended')
    expect(await failureOf(get(transport))).toBe('the request was ended')
  })

  test('nobody there, and a host that is not known, say so', async () => {
    const gone = createServer()
    const free = await listenLocally(gone)
    gone.close()
    await once(gone, 'close')
    expect(await failureOf(get(transportTo(`http://127.0.0.1:${free}`)))).toBe(
      `http://127.0.0.1:${free} refuses the connection; look whether the API server runs there`,
    )
    expect(await failureOf(get(transportTo(`http://api.invalid:6443`)))).toMatch(
      /^the host of http:\/\/api\.invalid:6443 is not known \(E[A-Z_]+\); look at the URL/,
    )
  })
})
