import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { isInstalled } from './installed.ts'

/** Where SliceDNS listens within the namespace, as the address of the kube-dns Service would be in a Pod. */
export const NAME_SERVER = '10.200.0.53'
/** A Pod of a dual-stack cluster has both families; resolvers that look at that (AI_ADDRCONFIG) ask for both. */
const IPV6_ADDRESS = 'fd00:10:200::53'

const UNSHARE = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']

/** What kubelet writes for a Pod of the namespace `default`, and nothing of the host that could answer instead. */
const FILES: Readonly<Record<string, string>> = {
  '/etc/resolv.conf': `nameserver ${NAME_SERVER}
search default.svc.cluster.local svc.cluster.local cluster.local
options ndots:5
`,
  '/etc/nsswitch.conf': 'hosts: files dns\n',
  '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n',
}

/** Name service caches that programs would ask through a socket, past the namespace. */
const CACHE_SOCKETS = ['/run/nscd', '/run/systemd/resolve']

/** What is missing for namespaces, in one line, or undefined. */
export function missingForNamespace(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root: run it with sudo'
  if (!isInstalled('ip')) return 'there is no `ip`. Install it with: apt-get install iproute2'
  if (!isInstalled('unshare')) return 'there is no `unshare`. Install it with: apt-get install util-linux'
  const { status, stderr } = spawnSync('unshare', [...UNSHARE, process.execPath, '--version'], {
    encoding: 'utf8',
  })
  return status === 0 ? undefined : `no new namespace may be made here: ${stderr.trim()}`
}

/**
 * Runs a Node program in network, mount and process namespaces of its own, and all that it starts ends with it. Resolves
 * to its exit code.
 */
export async function runInNamespace(program: string, args: readonly string[]): Promise<number> {
  const child = spawn('unshare', [...UNSHARE, process.execPath, program, ...args], { stdio: 'inherit' })
  const ended = Promise.withResolvers<number>()
  child.on('error', ended.reject)
  child.on('close', (code) => ended.resolve(code ?? 1))
  return await ended.promise
}

/** Called within the namespaces: sets up the addresses and the resolver's files, which nobody outside sees. */
export function furnishNamespace(): void {
  run('ip', 'link', 'set', 'lo', 'up')
  run('ip', 'address', 'add', `${NAME_SERVER}/32`, 'dev', 'lo')
  if (existsSync('/proc/net/if_inet6')) {
    run('ip', 'address', 'add', `${IPV6_ADDRESS}/128`, 'dev', 'lo', 'nodad')
  }
  const folder = mkdtempSync(join(tmpdir(), 'slicedns-etc-'))
  for (const [path, text] of Object.entries(FILES).filter(([file]) => existsSync(file))) {
    const copy = join(folder, path.replaceAll('/', '_'))
    writeFileSync(copy, text)
    run('mount', '--bind', copy, path)
  }
  for (const path of CACHE_SOCKETS.filter((socket) => existsSync(socket))) {
    run('mount', '-t', 'tmpfs', 'tmpfs', path)
  }
  // What is mounted stays readable without its name.
  rmSync(folder, { recursive: true })
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
