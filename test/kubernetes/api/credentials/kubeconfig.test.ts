import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

import type { ApiAccess } from '../../../../src/kubernetes/api/credentials/credentials.ts'
import { createKubeconfigCredentials } from '../../../../src/kubernetes/api/credentials/kubeconfig.ts'
import { tempFolder } from '../../../helpers/temp-folder.ts'
import { makeCertificate } from '../../../helpers/test-certificates.ts'

type Fields = Readonly<Record<string, unknown>>

/** A kubeconfig as JSON, which is YAML. */
function kubeconfig(cluster: Fields, user: Fields | undefined, name = 'dev'): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: 'https://192.0.2.1:6443', ...cluster } }],
    ...(user === undefined ? {} : { users: [{ name, user }] }),
    contexts: [{ name, context: { cluster: name, ...(user === undefined ? {} : { user: name }) } }],
    'current-context': name,
  })
}

/** What a kubeconfig in a folder with these other files gives. */
async function accessOf(
  text: string,
  files: Readonly<Record<string, string>> = {},
  context?: string,
): Promise<ApiAccess> {
  const folder = tempFolder({ config: text, ...files })
  return createKubeconfigCredentials([`${folder}/config`], context).current()
}

describe('createKubeconfigCredentials', () => {
  test.for([
    ['a token', { token: 'secret' }, 'Bearer secret'],
    ['the file of a token, which wins', { token: 'no', tokenFile: 'token' }, 'Bearer of-file'],
    ['user and password', { username: 'me', password: 'a:b' }, `Basic ${btoa('me:a:b')}`],
    ['nothing', {}, undefined],
  ] as const)('user with %s', async ([, user, expected]) => {
    const { headers } = await accessOf(kubeconfig({}, user), { token: 'of-file\n' })
    expect(headers['Authorization']).toBe(expected)
  })

  test('a user that is to act as another says so', async () => {
    const { headers } = await accessOf(kubeconfig({}, { token: 't', as: 'someone' }))
    expect(headers).toEqual({ Authorization: 'Bearer t', 'Impersonate-User': 'someone' })
  })

  test('the server with its path, its name in the certificate, and whether that is checked', async () => {
    const { server } = await accessOf(
      kubeconfig(
        {
          server: 'https://192.0.2.1:6443/k8s/',
          'tls-server-name': 'kubernetes',
          'insecure-skip-tls-verify': true,
        },
        undefined,
      ),
    )
    expect(server.url.href).toBe('https://192.0.2.1:6443/k8s/')
    expect(server.tls).toMatchObject({ serverName: 'kubernetes', verifies: false })
    expect(server.proxy).toBeUndefined()
  })

  test('a server without TLS, which needs no permission for that', async () => {
    const { server, headers } = await accessOf(kubeconfig({ server: 'http://127.0.0.1:8001' }, undefined))
    expect(server.url.href).toBe('http://127.0.0.1:8001/')
    expect(headers).toEqual({})
  })

  test('certificates in it or in files beside it; what stands in it wins', async () => {
    const { cert, key, ca } = makeCertificate({ name: 'client.example' })
    const inside = await accessOf(
      kubeconfig(
        { 'certificate-authority-data': btoa(ca), 'certificate-authority': 'gone' },
        { 'client-certificate-data': btoa(cert), 'client-key-data': btoa(key), 'client-key': 'gone' },
      ),
    )
    const beside = await accessOf(
      kubeconfig(
        { 'certificate-authority': 'pki/ca' },
        { 'client-certificate': 'pki/cert', 'client-key': 'pki/key' },
      ),
      { 'pki/ca': ca, 'pki/cert': cert, 'pki/key': key },
    )
    for (const { server } of [inside, beside]) {
      expect(server.tls.secureContext).toBeDefined()
      expect(server.tls.caText).toMatch(/^the CA that .*\/config names$/)
      expect(server.tls.certificateText).toMatch(/^the client certificate that .*\/config names$/)
    }
  })

  test('one of several contexts; one that is not there is an error that lists them', async () => {
    const text = kubeconfig({}, { token: 't' })
    await expect(accessOf(text, {}, 'prod')).rejects.toMatchObject({
      code: 'SLICEDNS_API_KUBECONFIG',
      message: expect.stringMatching(/\/config has no context "prod"; it has dev$/),
    })
    expect((await accessOf(text.replace(/"current-context":"dev"/, '"x":1'), {}, 'dev')).headers).toEqual({
      Authorization: 'Bearer t',
    })
  })

  test('several files: of two that say the same thing the first counts, one that is not there is passed over', async () => {
    const folder = tempFolder({
      one: kubeconfig({}, { token: 'first' }),
      two: kubeconfig({}, { token: 'second' }),
      three: kubeconfig({ server: 'https://192.0.2.3' }, { token: 'third' }, 'prod'),
    })
    const files = ['gone', 'one', 'two', 'three'].map((file) => `${folder}/${file}`)
    const { headers } = await createKubeconfigCredentials(files, undefined).current()
    expect(headers).toEqual({ Authorization: 'Bearer first' })
    const { server } = await createKubeconfigCredentials(files, 'prod').current()
    expect(server.url.host).toBe('192.0.2.3')
    await expect(createKubeconfigCredentials([`${folder}/gone`], undefined).current()).rejects.toThrow(
      'Cannot read ',
    )
  })

  test('a change of it counts for the next request; one that makes no sense leaves it as it was', async () => {
    const folder = tempFolder({ config: kubeconfig({}, { token: 'old' }) })
    const credentials = createKubeconfigCredentials([`${folder}/config`], undefined)
    const { server } = await credentials.current()
    writeFileSync(`${folder}/config`, kubeconfig({}, { token: 'new' }))
    const renewed = await credentials.current()
    expect(renewed.headers['Authorization']).toBe('Bearer new')
    expect(renewed.server).toBe(server)
    writeFileSync(`${folder}/config`, 'clusters: [')
    expect((await credentials.current()).headers['Authorization']).toBe('Bearer new')
    rmSync(`${folder}/config`)
    expect((await credentials.current()).headers['Authorization']).toBe('Bearer new')
  })

  test('a CA in a file of its own that changes makes other connections', async () => {
    const folder = tempFolder({
      config: kubeconfig({ 'certificate-authority': 'ca' }, undefined),
      ca: 'a CA',
    })
    const credentials = createKubeconfigCredentials([`${folder}/config`], undefined)
    const { server } = await credentials.current()
    writeFileSync(`${folder}/ca`, 'another CA')
    expect((await credentials.current()).server).not.toBe(server)
  })

  test('K09 a command gives a token until it expires, or until the API server refuses it', async () => {
    const folder = tempFolder({
      count: '',
      plugin: `#!/bin/sh
cd "$(dirname "$0")"
printf x >> count
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$(cat count)'"}}'
`,
    })
    chmodSync(`${folder}/plugin`, 0o755)
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: `${folder}/plugin`, args: [] }
    writeFileSync(`${folder}/config`, kubeconfig({}, { exec }))
    const credentials = createKubeconfigCredentials([`${folder}/config`], undefined)
    const token = async () => (await credentials.current()).headers['Authorization']
    expect(await token()).toBe('Bearer x')
    expect(await token()).toBe('Bearer x')
    credentials.refused()
    expect(await token()).toBe('Bearer xx')
    expect(readFileSync(`${folder}/count`, 'utf8')).toBe('xx')
  })

  test('a command that takes long is run once for all who wait for it', async () => {
    const folder = tempFolder({ count: '' })
    const answer = '{"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}'
    const script = `printf x >>${folder}/count; sleep 0.2; echo '${answer}'`
    writeFileSync(`${folder}/config`, kubeconfig({}, { exec: { command: '/bin/sh', args: ['-c', script] } }))
    const credentials = createKubeconfigCredentials([`${folder}/config`], undefined)
    const given = await Promise.all([1, 2, 3].map(async () => credentials.current()))
    expect(new Set(given.map(({ headers }) => headers['Authorization']))).toEqual(new Set(['Bearer t']))
    expect(readFileSync(`${folder}/count`, 'utf8')).toBe('x')
  })

  test('a command that fails is told with what it says', async () => {
    const exec = { command: '/bin/sh', args: ['-c', 'echo "log in\nfirst" >&2; exit 1'] }
    await expect(accessOf(kubeconfig({}, { exec }))).rejects.toThrow(
      /^Cannot take the credentials that .*\/config names: log in first; "kubectl get services" with it must work$/,
    )
  })

  test('text that is no YAML is told by its place, without the lines around it: they hold secrets', async () => {
    const broken = 'users:\n- name: dev\n  user:\n    token: secret-token\n   client-key-data: secret-key\n'
    const error: unknown = await accessOf(broken).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'SLICEDNS_API_KUBECONFIG' })
    expect(String(error)).toMatch(
      /\/config as a kubeconfig: bad indentation of a mapping entry in line 5, column \d+; "kubectl/,
    )
    expect(String(error)).not.toMatch(/secret/)
  })

  test('a server that is none is an error', async () => {
    await expect(accessOf(kubeconfig({ server: 'ftp://192.0.2.1' }, undefined))).rejects.toMatchObject({
      code: 'SLICEDNS_API_URL',
    })
  })
})
