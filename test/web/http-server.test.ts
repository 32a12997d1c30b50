import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'

import type { HttpEndpoint, HttpResponder } from '../../src/metrics/http-endpoint.ts'
import { textReply } from '../../src/metrics/http-endpoint.ts'
import { HTTP_LIMITS } from '../../src/web/http-limits.ts'
import { openHttpServer } from '../../src/web/http-server.ts'

const LOCAL = { host: '127.0.0.1', port: 0 }
const endpoint = (path: string, respond: HttpResponder): HttpEndpoint => ({
  directive: 'test',
  address: LOCAL,
  path,
  respond,
})

/** A server for one test, its base URL, and what it reported. */
async function open(...endpoints: readonly HttpEndpoint[]) {
  const faults: string[] = []
  const server = await openHttpServer(LOCAL, endpoints, (error, path) =>
    faults.push(`${path} ${String(error)}`),
  )
  onTestFinished(() => server.close())
  return { server, url: `http://127.0.0.1:${server.port}`, port: server.port, faults }
}

/** A connection that sends this text, and what it gets until it is closed. */
function talk(port: number, text: string): { socket: Socket; closed: Promise<string> } {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.on('data', (piece) => (received += piece.toString()))
  socket.on('error', () => {})
  socket.write(text)
  return { socket, closed: new Promise((resolve) => socket.on('close', () => resolve(received))) }
}

const OK = endpoint('/ok', () => textReply(200, 'fine'))

function fail(): never {
  throw new Error('broken')
}

describe('openHttpServer', () => {
  test('answers GET and HEAD at its paths, and 404 elsewhere', async () => {
    const { url } = await open(
      OK,
      endpoint('/no', () => textReply(503, 'not yet')),
    )
    const got = await fetch(`${url}/ok?x=1`)
    expect([got.status, await got.text()]).toEqual([200, 'fine'])
    const head = await fetch(`${url}/ok`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '4', ''])
    expect((await fetch(`${url}/no`)).status).toBe(503)
    const missing = await fetch(`${url}/`)
    expect([missing.status, await missing.text()]).toEqual([404, 'there is /ok, /no'])
  })

  test('of two endpoints with one path the first answers', async () => {
    const { url } = await open(
      OK,
      endpoint('/ok', () => textReply(200, 'second')),
    )
    expect(await (await fetch(`${url}/ok`)).text()).toBe('fine')
  })

  test('gives the query to the endpoint, and sends what it makes piece by piece', async () => {
    const { url } = await open(
      endpoint('/file', async function respond({ query }) {
        await setTimeout(1)
        return {
          status: 200,
          contentType: 'application/json',
          fileName: 'x.json',
          body: (async function* pieces() {
            yield '["'
            await setTimeout(1)
            yield Buffer.from(`${query.get('word')}"]`)
          })(),
        }
      }),
    )
    const response = await fetch(`${url}/file?word=a%20b`)
    expect(await response.json()).toEqual(['a b'])
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="x.json"')
  })

  test('an endpoint that throws gives 500 and a report, and the server goes on', async () => {
    const { url, faults } = await open(
      OK,
      endpoint('/throws', fail),
      endpoint('/rejects', async () => fail()),
    )
    expect((await fetch(`${url}/throws`)).status).toBe(500)
    expect((await fetch(`${url}/rejects`)).status).toBe(500)
    expect(faults).toEqual(['/throws Error: broken', '/rejects Error: broken'])
    expect((await fetch(`${url}/ok`)).status).toBe(200)
  })

  test('serves other endpoints from one request to the next', async () => {
    const { server, url } = await open(OK)
    server.setEndpoints([endpoint('/new', () => textReply(200, 'new'))])
    expect((await fetch(`${url}/ok`)).status).toBe(404)
    expect((await fetch(`${url}/new`)).status).toBe(200)
  })

  test('a port in use is one line that says what for and how to mend', async () => {
    const { port } = await open(OK)
    await expect(openHttpServer({ host: '127.0.0.1', port }, [OK], () => {})).rejects.toMatchObject({
      code: 'SLICEDNS_HTTP_PORT_IN_USE',
      message: `Cannot listen on 127.0.0.1:${port} (HTTP, for /ok): the port is in use; "lsof -nP -i :${port}" shows by whom, "test [HOST]:PORT" in the Corefile chooses another`,
    })
    await expect(openHttpServer({ host: '192.0.2.1', port: 0 }, [OK], () => {})).rejects.toMatchObject({
      code: 'SLICEDNS_HTTP_LISTEN_FAILED',
      message: expect.stringContaining('no interface of this host has the address'),
    })
  })

  test('without a host it listens on all addresses, IPv4 and IPv6', async () => {
    const server = await openHttpServer({ host: undefined, port: 0 }, [OK], () => {})
    onTestFinished(() => server.close())
    expect((await fetch(`http://127.0.0.1:${server.port}/ok`)).status).toBe(200)
    expect((await fetch(`http://[::1]:${server.port}/ok`)).status).toBe(200)
  })

  test('S11 only GET and HEAD are answered, and no web page may read it', async () => {
    const { url } = await open(OK)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const response = await fetch(`${url}/ok`, { method, headers: { origin: 'http://evil.example' } })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
    const { headers } = await fetch(`${url}/ok`, { headers: { origin: 'http://evil.example' } })
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test.for([
    ['a body of a known length', 'content-length: 1000000000\r\n\r\nx'],
    ['a body in pieces', 'transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'],
  ])('S11 %s is refused unread, and the connection closed', async ([, rest = '']) => {
    const { port } = await open(OK)
    const { closed } = talk(port, `GET /ok HTTP/1.1\r\nhost: x\r\n${rest}`)
    expect(await closed).toMatch(/^HTTP\/1\.1 413 /)
  })

  test.for([
    ['headers without end', `GET /ok HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n`],
    ['a long path', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`],
    ['no HTTP at all', '\u0000\u0001\u0002\r\n\r\n'],
  ])('S11 %s: closed', async ([, text = '']) => {
    const { port, faults } = await open(OK)
    expect(await talk(port, text).closed).toBe('')
    expect(faults).toEqual([])
  })

  test.for(['//[', '/%', 'http://other.example/ok', '*'])(
    'the odd target %s does no harm',
    async (target) => {
      const { port } = await open(OK)
      const { closed } = talk(port, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
      expect(await closed).toMatch(/^HTTP\/1\.1 (200|404) /)
    },
  )

  test('S11 a request that never ends, and a connection that says nothing, are closed after 5 s', async () => {
    const { port } = await open(OK)
    const startedMs = performance.now()
    const slow = talk(port, 'GET /ok HTTP/1.1\r\nx: ')
    const timer = setInterval(() => slow.socket.write('a'), 500)
    const silent = talk(port, '')
    await Promise.all([slow.closed, silent.closed])
    clearInterval(timer)
    expect(performance.now() - startedMs).toBeLessThan(15_000)
  }, 20_000)

  test('S11 connections beyond the limit are closed at once, the others are answered', async () => {
    const { port } = await open(OK)
    const held = Array.from({ length: HTTP_LIMITS.maxConnections }, () => talk(port, ''))
    await Promise.all(held.map(({ socket }) => new Promise((resolve) => socket.on('connect', resolve))))
    expect(await talk(port, 'GET /ok HTTP/1.1\r\nhost: x\r\n\r\n').closed).toBe('')
    const [first] = held
    first?.socket.write('GET /ok HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    expect(await first?.closed).toContain('fine')
  })

  test('close cuts off what is being answered', async () => {
    const { server, url } = await open(endpoint('/never', () => new Promise(() => {})))
    const asked = fetch(`${url}/never`).catch(() => 'cut off')
    await setTimeout(50)
    await server.close()
    expect(await asked).toBe('cut off')
  })
})
