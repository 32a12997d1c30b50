import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

import { isInstalled } from '../stubs/installed.ts'
import { dnsClient } from './dns-client.ts'
import { closedPort } from './scripted-upstream.ts'
import { tempFolder } from './temp-folder.ts'
import type { TestCertificate } from './test-certificates.ts'

/** A name server of another make, running on 127.0.0.1. */
export interface RealUpstream {
  readonly port: number
  /** Kills it, at once. */
  stop(): Promise<void>
}

/** Debian keeps them where only root looks for programs. */
const NSD = ['/usr/sbin/nsd', 'nsd'].find(isInstalled)
const UNBOUND = ['/usr/sbin/unbound', 'unbound'].find(isInstalled)

export const hasRealUpstreams = NSD !== undefined && UNBOUND !== undefined

/** NSD, authoritative for `zone.test`. */
export async function startNsd(zone: string): Promise<RealUpstream> {
  const port = await closedPort()
  const folder = tempFolder({ 'zone.test': zone })
  const config = `server:
  ip-address: 127.0.0.1@${port}
  username: ""
  chroot: ""
  zonesdir: "${folder}"
  database: ""
  pidfile: "${folder}/nsd.pid"
  xfrdfile: "${folder}/xfrd.state"
  xfrdir: "${folder}"
  zonelistfile: "${folder}/zone.list"
  server-count: 1
  hide-version: yes
remote-control:
  control-enable: no
zone:
  name: zone.test
  zonefile: zone.test
`
  return start(NSD ?? 'nsd', ['-d', '-c', `${tempFolder({ 'nsd.conf': config })}/nsd.conf`], port)
}

export interface UnboundOptions {
  /** Where it finds `zone.test`. */
  readonly zonePort: number
  /** With it, it serves over TLS too, on `tlsPort`. */
  readonly tls?: { readonly certificate: TestCertificate; readonly port: number }
  /** To start on the port of one that was stopped. */
  readonly port?: number
}

/** Unbound, a resolver that knows `zone.test` from elsewhere and `local.test` by itself. */
export async function startUnbound({ zonePort, tls, port }: UnboundOptions): Promise<RealUpstream> {
  const listenPort = port ?? (await closedPort())
  const folder = tempFolder({
    'host.pem': tls?.certificate.cert ?? '',
    'host.key': tls?.certificate.key ?? '',
  })
  const overTls =
    tls === undefined
      ? ''
      : `  interface: 127.0.0.1@${tls.port}
  tls-port: ${tls.port}
  tls-service-key: "${folder}/host.key"
  tls-service-pem: "${folder}/host.pem"
`
  const config = `server:
  interface: 127.0.0.1@${listenPort}
${overTls}  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  do-not-query-localhost: no
  module-config: "iterator"
  num-threads: 1
  local-zone: "test." nodefault
  local-zone: "local.test." static
  local-data: "local.test. 300 SOA ns.local.test. mail.local.test. 1 2 3 4 60"
  local-data: "www.local.test. 300 A 192.0.2.80"
remote-control:
  control-enable: no
stub-zone:
  name: "zone.test"
  stub-addr: 127.0.0.1@${zonePort}
`
  const args = ['-d', '-c', `${tempFolder({ 'unbound.conf': config })}/unbound.conf`]
  return start(UNBOUND ?? 'unbound', args, listenPort)
}

/** Resolves when it answers. */
async function start(program: string, args: readonly string[], port: number): Promise<RealUpstream> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void (output += chunk.toString()))
  onTestFinished(() => stop(child))
  for (let attempt = 0; attempt < 50; attempt++) {
    if (child.exitCode !== null) throw new Error(`${program} has ended: ${output}`)
    const isThere = await dnsClient(port)
      .ask('zone.test SOA', { transport: 'tcp' })
      .then(
        () => true,
        () => false,
      )
    if (isThere) return { port, stop: () => stop(child) }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${program} does not answer: ${output}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
