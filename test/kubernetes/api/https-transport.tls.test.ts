import type { IncomingMessage, RequestListener } from 'node:http'
import { TLSSocket } from 'node:tls'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

import { createEndpointCredentials } from '../../../src/kubernetes/api/credentials/endpoint.ts'
import { createInClusterCredentials } from '../../../src/kubernetes/api/credentials/in-cluster.ts'
import { tempFolder } from '../../helpers/temp-folder.ts'
import { makeCertificate } from '../../helpers/test-certificates.ts'
import type { TestCertificate } from '../../helpers/test-certificates.ts'
import { ask, transportWith } from './ask.ts'
import { startApiServer } from './scripted-api-server.ts'

const made = new Map<string, TestCertificate>()

/** Of a CA of its own each, for 127.0.0.1. Made once for all tests. */
function certificate(name: 'first' | 'second'): TestCertificate {
  const known = made.get(name) ?? makeCertificate({ name: '127.0.0.1' })
  made.set(name, known)
  return known
}

/** Says who asks: the token, and the fingerprint of the client certificate. */
const whoAsks: RequestListener = (request, response) => {
  response.end(`${request.headers.authorization ?? 'nobody'}${certificateText(request)}`)
}

function certificateText({ socket }: IncomingMessage): string {
  const fingerprint = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : undefined
  return fingerprint === undefined ? '' : ` with ${fingerprint}`
}

function serviceAccount(port: number, ca: string) {
  const folder = tempFolder({ token: 'token-1', 'ca.crt': ca })
  const credentials = createInClusterCredentials({ host: '127.0.0.1', port: String(port), folder })
  return { folder, transport: transportWith(credentials) }
}

describe('createHttpsTransport over TLS', () => {
  test('K09 a token that is refused is read afresh at once, and asked with again', async () => {
    const { ca, ...tls } = certificate('first')
    let valid = 'token-1'
    const server = await startApiServer((request, response) => {
      const isValid = request.headers.authorization === `Bearer ${valid}`
      if (!isValid) writeFileSync(`${folder}/token`, valid)
      response.writeHead(isValid ? 200 : 401).end()
    }, tls)
    const { folder, transport } = serviceAccount(server.port, ca)
    expect(await ask(transport)).toBe('200')
    valid = 'token-2'
    expect(await ask(transport)).toBe('200')
    expect(server.requests).toHaveLength(3)
    valid = 'token-3'
    writeFileSync(`${folder}/token`, 'token-2')
    expect(await ask(transport)).toBe('200')
  })

  test('K09 a token that is still the same is not tried again', async () => {
    const { ca, ...tls } = certificate('first')
    const server = await startApiServer((_request, response) => response.writeHead(401).end('no'), tls)
    expect(await ask(serviceAccount(server.port, ca).transport)).toBe('401 no')
    expect(server.requests).toHaveLength(1)
  })

  test('a CA that was replaced counts for the next connection; one that is wrong is named', async () => {
    const { ca, ...tls } = certificate('first')
    const server = await startApiServer(whoAsks, tls)
    const { folder, transport } = serviceAccount(server.port, ca)
    expect(await ask(transport)).toBe('200 Bearer token-1')
    const other = certificate('second')
    writeFileSync(`${folder}/ca.crt`, other.ca)
    expect(await ask(transport)).toBe(
      `the certificate of ${server.url} is not trusted: unable to verify the first certificate; it was checked with the CA in ${folder}/ca.crt, which must hold its issuer`,
    )
    server.setCertificate({ cert: other.cert, key: other.key })
    expect(await ask(transport)).toBe('200 Bearer token-1')
  })

  test('a certificate for another name, plain HTTP behind https and TLS behind http say so', async () => {
    const { ca, ...tls } = certificate('first')
    const server = await startApiServer(whoAsks, tls)
    const plain = await startApiServer(whoAsks)
    const folder = tempFolder({ token: 'token-1', 'ca.crt': ca })
    const credentials = createInClusterCredentials({ host: 'localhost', port: String(server.port), folder })
    expect(await ask(transportWith(credentials))).toContain(
      `the certificate of https://localhost:${server.port} is for another name; take`,
    )
    expect(await ask(serviceAccount(plain.port, ca).transport)).toBe(
      `https://127.0.0.1:${plain.port} does not speak TLS; look whether its URL should begin with http://`,
    )
    const unencrypted = createEndpointCredentials(`http://127.0.0.1:${server.port}`, undefined)
    expect(await ask(transportWith(unencrypted))).toContain('broke the connection')
  })

  test('a client certificate that was replaced is shown to the next connection; between its two files the old one counts', async () => {
    const { ca, ...tls } = certificate('first')
    const other = certificate('second')
    const server = await startApiServer(whoAsks, {
      ...tls,
      requestCert: true,
      ca: [ca, other.ca],
    })
    const folder = tempFolder({ cert: tls.cert, key: tls.key, ca })
    const files = { certFile: `${folder}/cert`, keyFile: `${folder}/key`, caFile: `${folder}/ca` }
    // Without a scheme: with certificates, it is https.
    const transport = transportWith(createEndpointCredentials(`127.0.0.1:${server.port}`, files))
    const first = await ask(transport)
    expect(first).toMatch(/^200 nobody with [0-9A-F:]+$/)
    writeFileSync(files.certFile, other.cert)
    expect(await ask(transport)).toBe(first)
    writeFileSync(files.keyFile, other.key)
    const second = await ask(transport)
    expect(second).toMatch(/^200 nobody with [0-9A-F:]+$/)
    expect(second).not.toBe(first)
  })

  test('a handshake that the server refuses names what we show', async () => {
    const { ca, ...tls } = certificate('first')
    const server = await startApiServer(whoAsks, {
      ...tls,
      maxVersion: 'TLSv1.2',
      ciphers: 'PSK-AES128-GCM-SHA256',
    })
    const folder = tempFolder({ cert: tls.cert, key: tls.key, ca })
    const files = { certFile: `${folder}/cert`, keyFile: `${folder}/key`, caFile: `${folder}/ca` }
    const message = await ask(transportWith(createEndpointCredentials(server.url, files)))
    expect(message).toContain(`${server.url} refuses the TLS connection: `)
    expect(message).toContain(`; look whether it takes the client certificate in ${files.certFile}`)
  })
})
