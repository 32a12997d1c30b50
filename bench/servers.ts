import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve as resolvePath } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../test/control-plane/free-ports.ts'
import { composeCorefile, KUBEADM_EXTRAS } from './corefile.ts'
import type { DataSource, InCluster } from './corefile.ts'
import { requireTool } from './tools.ts'

/** A server on 127.0.0.1 that runs as a child process. */
export interface BenchServer {
  readonly name: string
  readonly port: number
  readonly pid: number
  /** Aborted when the process is gone. */
  readonly ended: AbortSignal
  stop(): Promise<void>
}

export interface ServerSetup {
  /** Where its configuration is written. */
  readonly folder: string
  readonly source: DataSource
  /** The CPU core it is kept on; all of them where undefined. */
  readonly core: number | undefined
  /** Where names outside of the cluster are forwarded to on 127.0.0.1; a closed port where undefined. */
  readonly upstreamPort?: number
}

interface ServerCommand {
  readonly name: string
  readonly port: number
  readonly command: readonly string[]
  readonly core: number | undefined
  /** Where it runs as in a Pod of a cluster. */
  readonly inCluster?: InCluster | undefined
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))

export async function startCoredns(setup: ServerSetup): Promise<BenchServer> {
  const { port, path } = await writeCorefile('coredns', setup)
  return startServer({
    name: 'CoreDNS',
    port,
    command: [requireTool('coredns'), '-conf', path],
    core: setup.core,
    inCluster: inClusterOf(setup),
  })
}

/** CoreDNS as a cluster has it: with what kubeadm's Corefile adds. */
export async function startKubeadmCoredns(setup: ServerSetup): Promise<BenchServer> {
  const { port, path } = await writeCorefile('coredns-kubeadm', setup, KUBEADM_EXTRAS)
  const command = [requireTool('coredns'), '-conf', path]
  return startServer({ name: 'CoreDNS, kubeadm', port, command, core: setup.core })
}

/** `entry` is what is run, from the repository's root: `src/main.ts`, or `dist/bin.js` once it is built. */
export async function startSlicedns(setup: ServerSetup, entry: string): Promise<BenchServer> {
  const { port, path } = await writeCorefile('slicedns', setup)
  return startServer({
    name: 'SliceDNS',
    port,
    command: slicednsCommand(entry, path),
    core: setup.core,
    inCluster: inClusterOf(setup),
  })
}

/** What the image gives Node: in the first line of its program, and in NODE_OPTIONS. Both are set in the Dockerfile. */
export const IMAGE_OPTIONS = ['--no-concurrent-recompilation', '--v8-pool-size=1']

/** Makes what the image has of its program as V8 reads it, in a folder that all that is started from now on looks into. */
export function fillCompileCache(folder: string, entry: string): void {
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compile-cache')
  for (const options of [[], IMAGE_OPTIONS])
    execFileSync(process.execPath, [...options, resolvePath(ROOT, entry), '-version'])
}

/** SliceDNS as its image starts it. */
export async function startImageSlicedns(setup: ServerSetup, entry: string): Promise<BenchServer> {
  const { port, path } = await writeCorefile('slicedns-image', setup)
  return startServer({
    name: 'SliceDNS',
    port,
    command: slicednsCommand(entry, path, IMAGE_OPTIONS),
    core: setup.core,
    inCluster: inClusterOf(setup),
  })
}

/** SliceDNS with what kubeadm's Corefile adds. */
export async function startKubeadmSlicedns(setup: ServerSetup, entry: string): Promise<BenchServer> {
  const { port, path } = await writeCorefile('slicedns-kubeadm', setup, KUBEADM_EXTRAS)
  const command = slicednsCommand(entry, path)
  return startServer({ name: 'SliceDNS, kubeadm', port, command, core: setup.core })
}

/** SliceDNS as its image starts it, that gives its metrics over HTTP, on a port of 127.0.0.1. */
export async function startMeteredSlicedns(
  setup: ServerSetup,
  entry: string,
  metricsPort: number,
): Promise<BenchServer> {
  const { port, path } = await writeCorefile('slicedns-metered', setup, [
    `prometheus 127.0.0.1:${metricsPort}`,
  ])
  return startServer({
    name: 'SliceDNS',
    port,
    command: slicednsCommand(entry, path, IMAGE_OPTIONS),
    core: setup.core,
    inCluster: inClusterOf(setup),
  })
}

/** SliceDNS that gives profiles of itself over HTTP, on a port of 127.0.0.1 (the directive `pprof`). */
export async function startProfiledSlicedns(
  setup: ServerSetup,
  entry: string,
  profilePort: number,
): Promise<BenchServer> {
  const { port, path } = await writeCorefile('slicedns-profiled', setup, [`pprof 127.0.0.1:${profilePort}`])
  return startServer({ name: 'SliceDNS', port, command: slicednsCommand(entry, path), core: setup.core })
}

/** Starts a program that is to serve DNS on the port. It may not answer yet when this returns. */
export function startServer({ name, port, command, core, inCluster }: ServerCommand): BenchServer {
  const pinned = core === undefined ? command : [requireTool('taskset'), '-c', `${core}`, ...command]
  const [program = '', ...args] = inCluster === undefined ? pinned : asInPod(pinned, inCluster)
  const variables =
    inCluster === undefined
      ? {}
      : { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: `${inCluster.port}` }
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  })
  if (child.pid === undefined) throw new Error(`Cannot start ${name}: ${command.join(' ')}`)
  const output = keepOutput(child)
  const ended = new AbortController()
  let stopping = false
  child.once('close', (code) => {
    if (!stopping) process.stderr.write(`${name} ended by itself, exit code ${code}:\n${output()}\n`)
    ended.abort()
  })
  const stop = async (): Promise<void> => {
    if (ended.signal.aborted) return
    stopping = true
    const gone = once(child, 'close')
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
    await gone
    clearTimeout(timer)
  }
  return { name, port, pid: child.pid, ended: ended.signal, stop }
}

/** Starts the servers, one after the other, and stops them when the work is done, also where something throws. */
export async function withServers<T>(
  starters: readonly (() => Promise<BenchServer>)[],
  work: (servers: readonly BenchServer[]) => Promise<T>,
): Promise<T> {
  const servers: BenchServer[] = []
  try {
    for (const start of starters) servers.push(await start())
    return await work(servers)
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

/** A port on 127.0.0.1 that nobody uses at this moment, and that no outgoing connection will be given. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

function inClusterOf({ source }: ServerSetup): InCluster | undefined {
  return 'inCluster' in source ? source.inCluster : undefined
}

/** Sees the files of the service account where the kubelet puts them, in a mount namespace of its own. */
function asInPod(command: readonly string[], { accountFolder }: InCluster): string[] {
  const account = '/run/secrets/kubernetes.io/serviceaccount'
  const mount = `mount -t tmpfs none /run && mkdir -p ${account} && cp "$0"/* ${account} && exec "$@"`
  return ['unshare', '--mount', 'sh', '-c', mount, accountFolder, ...command]
}

function slicednsCommand(entry: string, corefile: string, options: readonly string[] = []): string[] {
  const program = resolvePath(ROOT, entry)
  if (!existsSync(program))
    throw new Error(`Cannot start SliceDNS: no ${entry}. Build it with: npm run build`)
  return [process.execPath, ...options, program, '-conf', corefile]
}

async function writeCorefile(
  name: string,
  { folder, source, upstreamPort }: ServerSetup,
  extras: readonly string[] = [],
): Promise<{ port: number; path: string }> {
  const port = await freePort()
  const path = join(folder, `${name}.Corefile`)
  await writeFile(path, composeCorefile(port, source, extras, upstreamPort))
  return { port, path }
}

/** Keeps the last of what the child writes, for the case that it fails. */
function keepOutput(child: ChildProcess): () => string {
  let text = ''
  const keep = (chunk: unknown): void => {
    text = (text + String(chunk)).slice(-4000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return () => text
}
