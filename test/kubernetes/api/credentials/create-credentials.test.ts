import { describe, expect, test } from 'vitest'

import { createCredentials } from '../../../../src/kubernetes/api/credentials/create-credentials.ts'
import { tempFolder } from '../../../helpers/temp-folder.ts'

const CONFIG = `
clusters: [{name: dev, cluster: {server: "https://192.0.2.1"}}]
contexts: [{name: dev, context: {cluster: dev}}]
current-context: dev
`
const IN_CLUSTER = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' }

/** Where the API server is found, in a home with these files. */
async function hostWith(
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const HOME = tempFolder(files)
  const inHome = Object.entries(variables).map(([name, value]) => [name, value.replaceAll('~', HOME)])
  const credentials = createCredentials(
    { kind: 'default' },
    { variables: { HOME, ...Object.fromEntries(inHome) }, serviceAccountFolder: `${HOME}/account` },
  )
  return (await credentials.current()).server.url.host
}

const accessOf = (url: string) => createCredentials({ kind: 'endpoint', url }, { variables: {} }).current()

const ACCOUNT = { 'account/token': 't', 'account/ca.crt': 'a CA' }

describe('createCredentials', () => {
  test('nothing named: the service account, else the files of KUBECONFIG, else that of kubectl', async () => {
    const home = { '.kube/config': CONFIG, other: CONFIG.replace('192.0.2.1', '192.0.2.2') }
    expect(await hostWith({ ...ACCOUNT, ...home }, { ...IN_CLUSTER, KUBECONFIG: '~/other' })).toBe(
      '10.96.0.1',
    )
    expect(await hostWith(home, { ...IN_CLUSTER, KUBECONFIG: '~/gone:~/other:' })).toBe('192.0.2.2')
    expect(await hostWith({ ...ACCOUNT, ...home }, { KUBECONFIG: '' })).toBe('192.0.2.1')
  })

  test('nothing at all: says where it looked and how to go on', async () => {
    await expect(hostWith({})).rejects.toMatchObject({
      code: 'SLICEDNS_API_NO_CREDENTIALS',
      message: expect.stringMatching(
        /^Cannot find a Kubernetes API: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, as they are in a Pod, KUBECONFIG is not set, \/.*\/\.kube\/config is not there; name one with "kubeconfig FILE" or "endpoint URL", or serve a folder with "manifests FOLDER"$/,
      ),
    })
    await expect(hostWith({}, IN_CLUSTER)).rejects.toThrow(
      /account\/token is not there \(automountServiceAccountToken\?\)/,
    )
  })

  test('an endpoint: its URL, with or without a user', async () => {
    const plain = await accessOf('http://127.0.0.1:8001/base/')
    expect(plain).toMatchObject({ headers: {}, server: { proxy: undefined } })
    expect(plain.server.url.href).toBe('http://127.0.0.1:8001/base/')
    const named = await accessOf('https://me:a%3Ab@192.0.2.1')
    expect(named.headers).toEqual({ Authorization: `Basic ${btoa('me:a:b')}` })
    expect(named.server.url.href).toBe('https://192.0.2.1/')
    expect((await accessOf('192.0.2.1:8080')).server.url.href).toBe('http://192.0.2.1:8080/')
  })

  test('a kubeconfig: that file, that context', async () => {
    const folder = tempFolder({ config: CONFIG })
    const options = { kind: 'kubeconfig', file: `${folder}/config` } as const
    const { server } = await createCredentials(options, { variables: {} }).current()
    expect(server.url.host).toBe('192.0.2.1')
    const other = createCredentials({ ...options, context: 'prod' }, { variables: {} })
    await expect(other.current()).rejects.toThrow('has no context "prod"')
  })
})
