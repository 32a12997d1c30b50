import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import type { Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'

import type { ApiTransport } from '../../../src/kubernetes/api/api-transport.ts'
import { createCredentials } from '../../../src/kubernetes/api/credentials/create-credentials.ts'
import type { CredentialsOptions } from '../../../src/kubernetes/api/credentials/credentials-options.ts'
import { eventually } from '../../helpers/eventually.ts'
import { tempFolder } from '../../helpers/temp-folder.ts'
import { makeCertificate } from '../../helpers/test-certificates.ts'
import type { TestCertificate } from '../../helpers/test-certificates.ts'
import { ask, transportWith } from './ask.ts'
import { listenLocally, startApiServer } from './scripted-api-server.ts'

/** Of a host that only a proxy can find. */
let made: TestCertificate | undefined
function certificate(): TestCertificate {
  made ??= makeCertificate({ name: 'api.test' })
  return made
}

const whoAsks: RequestListener = (request, response) =>
  void response.end(request.headers.authorization ?? 'nobody')

/** A proxy that takes CONNECT (RFC 9110 section 9.3.6), and tells where to; every host leads to a port of 127.0.0.1. */
async function startProxy(onwardPort: number) {
  const tunnels: string[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    tunnels.push(request.url ?? '')
    const onward = connect(onwardPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    for (const end of [socket, onward]) end.on('error', () => {})
    socket.on('close', () => onward.destroy())
  })
  const port = await listenLocally(proxy)
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `http://127.0.0.1:${port}`, tunnels }
}

/** A proxy that takes SOCKS version 5 (RFC 1928) without a login; every host leads to a port of 127.0.0.1. */
async function startSocksProxy(onwardPort: number): Promise<string> {
  const open = new Set<Socket>()
  const proxy = createTcpServer((socket) => {
    open.add(socket)
    socket.on('error', () => {})
    // The greeting, then the request: each is one write of the client.
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]))
      socket.once('data', () => {
        const onward = connect(onwardPort, '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
          onward.pipe(socket).pipe(onward)
        })
        onward.on('error', () => {})
        socket.on('close', () => onward.destroy())
      })
    })
  })
  const port = await listenLocally(proxy)
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    proxy.close()
  })
  return `socks5h://127.0.0.1:${port}`
}

interface Place {
  readonly options: CredentialsOptions
  readonly variables: Readonly<Record<string, string>>
  readonly serviceAccountFolder?: string
  readonly proxyTimeoutMs?: number
}

function transportOf({ options, ...environment }: Place): ApiTransport {
  return transportWith(createCredentials(options, environment))
}

/** A kubeconfig for a server, with these fields of its cluster. */
function kubeconfigFile(server: string, fields: Readonly<Record<string, string>>): string {
  const config = {
    clusters: [{ name: 'c', cluster: { server, ...fields } }],
    users: [{ name: 'u', user: { token: 'token-1' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  }
  return `${tempFolder({ config: JSON.stringify(config) })}/config`
}

describe('createHttpsTransport through a proxy', () => {
  test('that a kubeconfig names, for https and for http, whatever the environment names', async () => {
    const { ca, ...tls } = certificate()
    const variables = { HTTPS_PROXY: 'http://192.0.2.1', HTTP_PROXY: 'http://192.0.2.1', NO_PROXY: '*' }
    for (const scheme of ['https', 'http']) {
      const server = await startApiServer(whoAsks, scheme === 'https' ? tls : undefined)
      const proxy = await startProxy(server.port)
      const file = kubeconfigFile(`${scheme}://api.test:6443`, {
        'proxy-url': proxy.url,
        'certificate-authority-data': btoa(ca),
      })
      const transport = transportOf({ options: { kind: 'kubeconfig', file }, variables })
      expect(await ask(transport)).toBe('200 Bearer token-1')
      expect(await ask(transport)).toBe('200 Bearer token-1')
      expect(new Set(proxy.tunnels)).toEqual(new Set(['api.test:6443']))
    }
  })

  test('that the environment names: for a kubeconfig, the Pod, and an endpoint', async () => {
    const { ca, ...tls } = certificate()
    const server = await startApiServer(whoAsks, tls)
    const proxy = await startProxy(server.port)
    const folder = tempFolder({ ca, ...tls, token: 'token-2\n', 'ca.crt': ca })
    const inCluster = { KUBERNETES_SERVICE_HOST: 'api.test', KUBERNETES_SERVICE_PORT: '6443' }
    const variables = { HTTPS_PROXY: proxy.url, NO_PROXY: 'other.test' }
    const kubeconfig = kubeconfigFile('https://api.test:6443', { 'certificate-authority': `${folder}/ca` })
    const files = { certFile: `${folder}/cert`, keyFile: `${folder}/key`, caFile: `${folder}/ca` }
    const places: readonly (readonly [Place, string])[] = [
      [{ options: { kind: 'kubeconfig', file: kubeconfig }, variables }, '200 Bearer token-1'],
      [
        { options: { kind: 'default' }, variables: { ...variables, KUBECONFIG: kubeconfig } },
        '200 Bearer token-1',
      ],
      [
        {
          options: { kind: 'default' },
          variables: { ...variables, ...inCluster },
          serviceAccountFolder: folder,
        },
        '200 Bearer token-2',
      ],
      [{ options: { kind: 'endpoint', url: 'api.test:6443', tls: files }, variables }, '200 nobody'],
      [
        { options: { kind: 'endpoint', url: 'https://me:pw@api.test:6443', tls: files }, variables },
        `200 Basic ${btoa('me:pw')}`,
      ],
    ]
    for (const [place, expected] of places) {
      proxy.tunnels.length = 0
      expect(await ask(transportOf(place))).toBe(expected)
      expect(proxy.tunnels).toEqual(['api.test:6443'])
    }
    const plain = await startApiServer(whoAsks)
    const other = await startProxy(plain.port)
    const endpoint = { kind: 'endpoint', url: 'api.test' } as const
    expect(await ask(transportOf({ options: endpoint, variables: { http_proxy: other.url } }))).toBe(
      '200 nobody',
    )
    expect(other.tunnels).toEqual(['api.test:80'])
  })

  test('asks directly where NO_PROXY says so', async () => {
    const server = await startApiServer(whoAsks)
    const options = { kind: 'endpoint', url: server.url.replace('127.0.0.1', 'localhost') } as const
    const variables = { HTTP_PROXY: 'http://192.0.2.1', HTTPS_PROXY: 'http://192.0.2.1' }
    expect(await ask(transportOf({ options, variables }))).toBe('200 nobody')
    const named = createCredentials(
      { kind: 'endpoint', url: 'https://api.test' },
      { variables: { ...variables, NO_PROXY: '.test' } },
    )
    expect((await named.current()).server.proxy).toBeUndefined()
  })

  test('which refuses is named, without its password', async () => {
    const proxy = createServer().on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    })
    const port = await listenLocally(proxy)
    onTestFinished(() => void proxy.close())
    const options = { kind: 'endpoint', url: 'http://api.test' } as const
    const variables = { HTTP_PROXY: `http://me:secret@127.0.0.1:${port}` }
    expect(await ask(transportOf({ options, variables }))).toBe(
      `the connection to http://api.test failed: Bad response: 407; it was asked through the proxy http://127.0.0.1:${port} of HTTP_PROXY, which NO_PROXY makes exceptions from`,
    )
  })

  test('which says nothing is not waited for longer than a while, and no connection to it is left', async () => {
    const seen: string[] = []
    const proxy = createServer().on('connect', (_request, socket) => {
      seen.push('open')
      socket.resume().once('end', () => seen.push('closed'))
    })
    const port = await listenLocally(proxy)
    onTestFinished(() => void proxy.close())
    const options = { kind: 'endpoint', url: 'http://api.test' } as const
    const variables = { HTTP_PROXY: `http://127.0.0.1:${port}` }
    expect(await ask(transportOf({ options, variables, proxyTimeoutMs: 50 }))).toMatch(
      /^the connection to http:\/\/api.test failed: Proxy timeout; it was asked through the proxy /,
    )
    await eventually(() => expect(seen).toEqual(['open', 'closed']))
  })

  test.each(['http', 'socks5h'])(
    'stays open while a watch is silent for longer than that (%s)',
    async (kind) => {
      const { ca, ...tls } = certificate()
      const server = await startApiServer((_request, response) => {
        response.write('a')
        setTimeout(() => response.end('b'), 150)
      }, tls)
      const url = kind === 'http' ? (await startProxy(server.port)).url : await startSocksProxy(server.port)
      const inCluster = { KUBERNETES_SERVICE_HOST: 'api.test', KUBERNETES_SERVICE_PORT: '6443' }
      const place = {
        options: { kind: 'default' },
        variables: { ...inCluster, HTTPS_PROXY: url },
        serviceAccountFolder: tempFolder({ token: 'token-1', 'ca.crt': ca }),
        proxyTimeoutMs: 50,
      } as const
      expect(await ask(transportOf(place))).toBe('200 ab')
    },
  )
})
