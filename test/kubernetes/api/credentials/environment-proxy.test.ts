import { describe, expect, test } from 'vitest'

import { environmentProxy } from '../../../../src/kubernetes/api/credentials/environment-proxy.ts'

const PROXY = 'http://proxy.example:3128/'

const proxyOf = (server: string, variables: Readonly<Record<string, string>>) =>
  environmentProxy(new URL(server), variables)

const urlOf = (text: string) => proxyOf('https://192.0.2.1', { HTTPS_PROXY: text })?.url

/** Whether a server is asked through the proxy. */
const isProxied = (server: string, exceptions: string) =>
  proxyOf(server, { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY, NO_PROXY: exceptions }) !== undefined

describe('environmentProxy', () => {
  test('is that of the scheme; the upper-case variable comes first, an empty one counts as none', () => {
    const both = { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2', http_proxy: 'http://c:3' }
    expect(proxyOf('https://192.0.2.1', both)).toEqual({ url: 'http://a:1/', variable: 'HTTPS_PROXY' })
    expect(proxyOf('http://192.0.2.1', both)).toEqual({ url: 'http://c:3/', variable: 'http_proxy' })
    expect(proxyOf('https://192.0.2.1', { ...both, HTTPS_PROXY: '' })?.variable).toBe('https_proxy')
    expect(proxyOf('https://192.0.2.1', { HTTP_PROXY: PROXY, ALL_PROXY: PROXY })).toBeUndefined()
    expect(proxyOf('https://192.0.2.1', {})).toBeUndefined()
  })

  test('takes HOST:PORT as http, and what is no URL as none', () => {
    expect(urlOf('proxy.example:3128')).toBe(PROXY)
    expect(urlOf('http://me:secret@proxy.example')).toBe('http://me:secret@proxy.example/')
    expect(urlOf('socks5://proxy.example:1080')).toBe('socks5://proxy.example:1080')
    expect(urlOf('http://')).toBeUndefined()
    expect(urlOf('a b')).toBeUndefined()
  })

  test.for([
    'https://localhost:6443',
    'http://127.0.0.1:8001',
    'https://127.9.9.9',
    'https://[::1]:6443',
    'https://[::ffff:127.0.0.1]',
  ])('never stands before this host itself: %s', (server) => {
    expect(isProxied(server, '')).toBe(false)
  })

  test.for([
    ['', 'https://api.example.com', true],
    ['*', 'https://api.example.com', false],
    ['other.example, *', 'https://192.0.2.1', false],
    // Names.
    ['example.com', 'https://example.com', false],
    ['example.com', 'https://api.example.com', false],
    ['example.com', 'https://myexample.com', true],
    [' EXAMPLE.com ,', 'https://API.Example.com', false],
    ['.example.com', 'https://example.com', true],
    ['.example.com', 'https://api.example.com', false],
    ['*.example.com', 'https://example.com', true],
    ['*.example.com', 'https://a.b.example.com', false],
    ['svc,.cluster.local', 'https://kubernetes.default.svc', false],
    // Ports: that of the scheme where none is named.
    ['example.com:6443', 'https://api.example.com:6443', false],
    ['example.com:6443', 'https://api.example.com', true],
    ['example.com:443', 'https://api.example.com', false],
    ['example.com:80', 'http://api.example.com', false],
    [':443', 'https://api.example.com', true],
    // Addresses.
    ['10.96.0.1', 'https://10.96.0.1', false],
    ['10.96.0.1', 'https://10.96.0.11', true],
    ['10.96.0.1:6443', 'https://10.96.0.1', true],
    ['10.96.0.1:443', 'https://10.96.0.1', false],
    ['fd00:0::1', 'https://[fd00::1]:6443', false],
    ['[fd00::1]:6443', 'https://[fd00::1]:6443', false],
    ['[fd00::1]:6443', 'https://[fd00::1]', true],
    ['0.1', 'https://10.96.0.1', true],
    // Ranges, whose host bits do not count; no port goes with them.
    ['10.96.0.0/12', 'https://10.111.255.255', false],
    ['10.96.7.7/12', 'https://10.96.0.1', false],
    ['10.96.0.0/12', 'https://10.112.0.1', true],
    ['fd00::/8', 'https://[fdff::1]', false],
    ['fd00::/8', 'https://[fe00::1]', true],
    ['0.0.0.0/0', 'https://api.example.com', true],
    ['10.96.0.0/33', 'https://10.96.0.0', true],
  ] as const)('NO_PROXY=%s, %s: through the proxy is %s', ([exceptions, server, expected]) => {
    expect(isProxied(server, exceptions)).toBe(expected)
  })

  test('reads no_proxy where NO_PROXY is not set', () => {
    const variables = { https_proxy: PROXY, no_proxy: '10.96.0.1' }
    expect(proxyOf('https://10.96.0.1', variables)).toBeUndefined()
    expect(proxyOf('https://10.96.0.1', { ...variables, NO_PROXY: 'x' })).toBeDefined()
  })
})
