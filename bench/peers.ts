import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BenchService } from './cluster.ts'
import { nameOf } from './queries.ts'
import { freePort, startServer } from './servers.ts'
import type { BenchServer } from './servers.ts'
import { requireTool } from './tools.ts'

/** Compiles and starts the C program that only echoes: the floor. */
export async function startEcho(folder: string, core: number): Promise<BenchServer> {
  const program = join(folder, 'echo')
  const source = fileURLToPath(new URL('echo.c', import.meta.url))
  execFileSync(requireTool('gcc'), ['-O2', '-o', program, source])
  const port = await freePort()
  return startServer({ name: 'C echo', port, command: [program, `${port}`], core })
}

/** Starts the Node.js program that only echoes: the floor for a server on node:dgram. */
export async function startDgramEcho(core: number): Promise<BenchServer> {
  const port = await freePort()
  return startServer({
    name: 'node:dgram echo',
    port,
    command: nodeCommand('dgram-echo.ts', `${port}`),
    core,
  })
}

/** Starts a server that is a few lines around the library dns2, on a file with the same records. */
export async function startDns2(
  folder: string,
  services: readonly BenchService[],
  core: number,
): Promise<BenchServer> {
  const port = await freePort()
  const file = join(folder, 'records')
  await writeFile(file, services.flatMap(plainRecords).join('\n'))
  return startServer({
    name: 'plain dns2',
    port,
    command: nodeCommand('plain-dns2.ts', `${port}`, file),
    core,
  })
}

/** Starts NSD, an authoritative server in C, on a zone file with the same names. */
export async function startNsd(
  folder: string,
  services: readonly BenchService[],
  core: number,
): Promise<BenchServer> {
  const nsd = requireTool('nsd')
  const port = await freePort()
  const zoneFile = join(folder, 'cluster.local.zone')
  const configuration = join(folder, 'nsd.conf')
  await writeFile(zoneFile, composeZone(services))
  await writeFile(configuration, composeNsdConfiguration(port, folder, zoneFile))
  return startServer({ name: 'NSD', port, command: [nsd, '-d', '-c', configuration], core })
}

function composeNsdConfiguration(port: number, folder: string, zoneFile: string): string {
  return `server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  zonesdir: "${folder}"
  pidfile: "${join(folder, 'nsd.pid')}"
  xfrdfile: "${join(folder, 'xfrd.state')}"
  zonelistfile: "${join(folder, 'zone.list')}"
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: cluster.local
  zonefile: "${zoneFile}"
`
}

function composeZone(services: readonly BenchService[]): string {
  const apex = [
    '$ORIGIN cluster.local.',
    '$TTL 30',
    '@ SOA ns.dns hostmaster 1 7200 1800 86400 5',
    '@ NS ns.dns',
    'ns.dns A 127.0.0.1',
  ]
  return [...apex, ...services.flatMap(plainRecords).map(zoneLine), ''].join('\n')
}

/** The records of a Service as lines `NAME TYPE RDATA…`, names without their final dot. */
function plainRecords(service: BenchService): string[] {
  const owner = nameOf(service)
  const { clusterIP, endpointAddresses } = service
  if (clusterIP === undefined) return endpointAddresses.map((address) => `${owner} A ${address}`)
  return [`${owner} A ${clusterIP}`, `_http._tcp.${owner} SRV 0 100 80 ${owner}`]
}

function zoneLine(record: string): string {
  return record.replaceAll(/cluster\.local(?= |$)/g, 'cluster.local.')
}

function nodeCommand(file: string, ...args: readonly string[]): string[] {
  return [process.execPath, fileURLToPath(new URL(file, import.meta.url)), ...args]
}
