import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import type { Credentials } from '../../../../src/kubernetes/api/credentials/credentials.ts'
import { createInClusterCredentials } from '../../../../src/kubernetes/api/credentials/in-cluster.ts'
import { tempFolder } from '../../../helpers/temp-folder.ts'

const tokenIn = async (credentials: Credentials) => (await credentials.current()).headers['Authorization']

describe('createInClusterCredentials', () => {
  test('the server of the environment, the token of the folder', async () => {
    const folder = tempFolder({ token: 'secret-1\n', 'ca.crt': 'a CA' })
    const access = await createInClusterCredentials({ host: '10.96.0.1', port: '443', folder }).current()
    expect(access.server.url.href).toBe('https://10.96.0.1/')
    expect(access.server.tls).toMatchObject({ verifies: true, caText: `the CA in ${folder}/ca.crt` })
    expect(access.headers).toEqual({ Authorization: 'Bearer secret-1' })
    const { server } = await createInClusterCredentials({ host: 'fd00::1', port: '6443', folder }).current()
    expect(server.url.href).toBe('https://[fd00::1]:6443/')
  })

  test('K09 a token that the kubelet replaced counts for the next request, and no connection is lost for it', async () => {
    // As the kubelet does it: the files are links into a folder that a link names, which is exchanged.
    const folder = tempFolder({
      '..1/token': 'old',
      '..1/ca.crt': 'a CA',
      '..2/token': 'new',
      '..2/ca.crt': 'a CA',
    })
    symlinkSync('..1', join(folder, '..data'))
    for (const file of ['token', 'ca.crt']) symlinkSync(join('..data', file), join(folder, file))
    const credentials = createInClusterCredentials({ host: '10.96.0.1', port: '443', folder })
    const { server } = await credentials.current()
    expect(await tokenIn(credentials)).toBe('Bearer old')
    symlinkSync('..2', join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
    expect(await tokenIn(credentials)).toBe('Bearer new')
    expect((await credentials.current()).server).toBe(server)
  })

  test('another CA makes other connections', async () => {
    const folder = tempFolder({ token: 't', 'ca.crt': 'a CA' })
    const credentials = createInClusterCredentials({ host: '10.96.0.1', port: '443', folder })
    const { server } = await credentials.current()
    writeFileSync(join(folder, 'ca.crt'), 'another CA')
    expect((await credentials.current()).server).not.toBe(server)
  })

  test('a file that is gone or empty for a while leaves what it said before', async () => {
    const folder = tempFolder({ token: 't', 'ca.crt': 'a CA' })
    const credentials = createInClusterCredentials({ host: '10.96.0.1', port: '443', folder })
    const { server } = await credentials.current()
    rmSync(join(folder, 'token'))
    writeFileSync(join(folder, 'ca.crt'), '')
    expect(await tokenIn(credentials)).toBe('Bearer t')
    expect((await credentials.current()).server).toBe(server)
  })

  test('a file that was never there is named', async () => {
    const folder = tempFolder({ token: 't' })
    const credentials = createInClusterCredentials({ host: '10.96.0.1', port: '443', folder })
    await expect(credentials.current()).rejects.toMatchObject({
      code: 'SLICEDNS_API_CREDENTIALS_FILE',
      message: expect.stringContaining(`Cannot read ${folder}/ca.crt: ENOENT`),
    })
  })
})
