/**
 * The case of black-hole.ts, within a network namespace of its own: a small control plane, a proxy before it on 127.0.0.9, and a route
 * that loses every packet to that address. `node black-hole-within.ts src/main.ts`.
 */
import { ok } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { ControlPlane } from '../control-plane/control-plane.ts'
import { TcpProxy } from '../control-plane/tcp-proxy.ts'
import { waitFor } from '../control-plane/wait-for.ts'
import { installAccount, TOKENS } from './account.ts'
import { programFrom } from './dns-server.ts'
import { startDns, World } from './world.ts'
import { allAnswered, Witness } from './witness.ts'

const HOST = '127.0.0.9'
/** Behind what the host of the namespace has for its own addresses, the longer prefix wins. */
const ROUTE = ['blackhole', `${HOST}/32`, 'table', 'local']
const NOTICE_LIMIT_MS = 30_000

try {
  await run()
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

async function run(): Promise<void> {
  ip('link', 'set', 'lo', 'up')
  const program = programFrom(process.argv[2])
  const plane = await ControlPlane.start({ tokens: TOKENS, hasControllers: false })
  await installAccount(plane)
  const proxy = await TcpProxy.start(plane.apiPort, HOST)
  const dns = await startDns(plane, program, 'black-hole', { server: proxy.url, trustsAny: true })
  const world = new World(plane, { dns, program, name: 'black-hole', isLong: false })
  const witness = await Witness.create(world, 'gone')
  await witness.isKnownTo(dns)
  const load = witness.load([dns.port], 50)
  // Nothing comes back either.
  proxy.stallOpenConnections()
  ip('route', 'add', ...ROUTE)
  await witness.change()
  const goneMs = performance.now()
  await waitFor('it is noticed', async () => (await dns.output(50)).includes('SLICEDNS_API_WATCH_FAILED'), {
    limitMs: 60_000,
  })
  const noticedMs = performance.now() - goneMs
  ok(noticedMs <= NOTICE_LIMIT_MS + 2000, `noticed after ${Math.round(noticedMs)} ms, not within 30 s`)
  ip('route', 'del', ...ROUTE)
  await witness.isKnownTo(dns, 45_000)
  allAnswered(await load.stop())
  await world.close()
  await dns.stop()
  await plane.close()
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' })
}
