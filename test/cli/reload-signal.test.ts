import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'

import { onReloadSignal } from '../../src/cli/reload-signal.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'
import type { RunningProcess } from '../helpers/slicedns-process.ts'
import { startSlicedns } from '../helpers/slicedns-process.ts'
import { tempFolder } from '../helpers/temp-folder.ts'

const corefile = (port: number, address: string, more = ''): string =>
  `.:${port} {\n bind 127.0.0.1\n ${more}\n hosts /none {\n  ${address} web.example\n }\n}\n`

const SERVED = /reloaded: the Corefile as it is now is served/g

async function addressAt(port: number): Promise<string> {
  return (await dnsClient(port).ask('web.example')).answer.join()
}

/** Waits until so many reloads have succeeded. */
async function waitForReloads(child: RunningProcess, count: number): Promise<void> {
  await expect.poll(() => child.stderr().match(SERVED)?.length ?? 0, { timeout: 10_000 }).toBe(count)
}

test('onReloadSignal tells of a signal that came while the server was starting, once', () => {
  const listeners = process.listeners('SIGHUP')
  onTestFinished(() => {
    for (const signal of ['SIGHUP', 'SIGUSR1'] as const)
      for (const listener of process.listeners(signal))
        if (!listeners.includes(listener)) process.off(signal, listener)
  })
  const whenToReload = onReloadSignal()
  process.emit('SIGHUP', 'SIGHUP')
  const told: string[] = []
  whenToReload((signal) => void told.push(signal))
  expect(told).toEqual(['SIGHUP'])
  process.emit('SIGUSR1', 'SIGUSR1')
  expect(told).toEqual(['SIGHUP', 'SIGUSR1'])
})

describe('a running server', () => {
  test('reloads on SIGHUP and on SIGUSR1, opens no debugger, and ends on SIGTERM', async () => {
    const port = await closedPort()
    const folder = tempFolder({ Corefile: corefile(port, '10.0.0.1') })
    const path = join(folder, 'Corefile')
    const child = startSlicedns(['-conf', path])
    await child.waitFor(/on udp/)
    expect(await addressAt(port)).toContain('10.0.0.1')

    writeFileSync(path, corefile(port, '10.0.0.2'))
    child.signal('SIGHUP')
    await waitForReloads(child, 1)
    expect(await addressAt(port)).toContain('10.0.0.2')

    writeFileSync(path, corefile(port, '10.0.0.3'))
    child.signal('SIGUSR1')
    await waitForReloads(child, 2)
    expect(await addressAt(port)).toContain('10.0.0.3')

    writeFileSync(path, '. {\n')
    child.signal('SIGHUP')
    await child.waitFor(/reload failed, what was served before goes on: [^\n]*Corefile:\d+:\d+: /)
    expect(await addressAt(port)).toContain('10.0.0.3')
    expect(child.stderr()).not.toContain('Debugger')

    child.signal('SIGTERM')
    expect((await child.ended).exitCode).toBe(0)
  })

  test('with reload, follows a ConfigMap whose folder is swapped, imports included', async () => {
    const port = await closedPort()
    const folder = tempFolder()
    const publish = (version: string, address: string): void => {
      mkdirSync(join(folder, version))
      writeFileSync(
        join(folder, version, 'Corefile'),
        corefile(port, '10.0.0.9', 'reload 2s 0\n import *.override').replace(
          '10.0.0.9 web',
          '10.0.0.9 other',
        ),
      )
      writeFileSync(
        join(folder, version, 'a.override'),
        `template IN A web.example {\n answer "{{ .Name }} 60 IN A ${address}"\n}\n`,
      )
      symlinkSync(version, join(folder, 'next'))
      renameSync(join(folder, 'next'), join(folder, '..data'))
    }
    publish('..1', '10.0.0.1')
    for (const name of ['Corefile', 'a.override']) symlinkSync(join('..data', name), join(folder, name))
    const child = startSlicedns(['-conf', join(folder, 'Corefile')])
    await child.waitFor(/on udp/)
    expect(await addressAt(port)).toContain('10.0.0.1')
    publish('..2', '10.0.0.2')
    await waitForReloads(child, 1)
    expect(await addressAt(port)).toContain('10.0.0.2')
  })
})
