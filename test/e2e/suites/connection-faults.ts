import { equal, ok } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { TcpProxy } from '../../control-plane/tcp-proxy.ts'
import { waitFor } from '../../control-plane/wait-for.ts'
import type { DnsServer } from '../dns-server.ts'
import type { E2eCase } from '../e2e-case.ts'
import { allAnswered, Witness } from '../witness.ts'
import type { World } from '../world.ts'

/** What networks do to the connection with the API server. */
export const CONNECTION_FAULTS: readonly E2eCase[] = [
  {
    name: 'K06 a connection that stalls is noticed within 90 s, and what was missed is known',
    turn: 'waiting',
    run: stall,
  },
  {
    name: 'K07 a connection that is reset: what happened meanwhile is known within 5 s',
    turn: 'waiting',
    run: async (world) => breakOnce(world, 'reset'),
  },
  {
    name: 'K07 a connection that is half-closed: what happened meanwhile is known within 5 s',
    turn: 'waiting',
    run: async (world) => breakOnce(world, 'half-close'),
  },
  {
    name: 'K07 the connection is reset again and again: nothing known is denied, and in the end all is known',
    turn: 'waiting',
    run: resetOften,
  },
  {
    name: 'K03 K04 the API server is away: all known names answer; it is back: deletions are visible in seconds',
    turn: 'waiting',
    shortened: 'away for 15 s, not for an hour',
    run: goAway,
  },
  {
    name: 'K01 a start with the API server unreachable: SERVFAIL, not ready, then all is known when it comes',
    turn: 'waiting',
    run: startWithout,
  },
  {
    name: 'R02 SliceDNS is stopped for a while (SIGSTOP): afterwards all is known',
    turn: 'waiting',
    shortened: 'stopped for 20 s, not for 10 minutes',
    run: stopProcess,
  },
  {
    name: 'K33 two replicas, one cut off: each answers all it knows, and the age of what it knows can be read',
    turn: 'waiting',
    run: cutOneReplica,
  },
]

async function behindProxy(
  world: World,
  name: string,
  waits = true,
): Promise<readonly [TcpProxy, DnsServer, Witness]> {
  const witness = await Witness.create(world, name)
  const proxy = await TcpProxy.start(world.plane.apiPort)
  world.defer(() => proxy.close())
  const dns = await world.startDns({ server: proxy.url, waits })
  if (waits) await witness.isKnownTo(dns)
  return [proxy, dns, witness]
}

async function stall(world: World): Promise<void> {
  const [proxy, dns, witness] = await behindProxy(world, 'stall')
  proxy.stallOpenConnections()
  await witness.change()
  const load = witness.load([dns.port], 20)
  await sleep(1000)
  await witness.isNewsTo(dns)
  await witness.isKnownTo(dns, 95_000)
  allAnswered(await load.stop())
}

async function breakOnce(world: World, how: 'reset' | 'half-close'): Promise<void> {
  const [proxy, dns, witness] = await behindProxy(world, how)
  const load = witness.load([dns.port], 50)
  for (let time = 0; time < 3; time++) {
    proxy.fault = 'hold'
    await witness.change()
    await witness.isNewsTo(dns)
    if (how === 'reset') proxy.reset()
    else proxy.halfClose()
    proxy.fault = 'pass'
    await witness.isKnownTo(dns, 5000)
  }
  allAnswered(await load.stop())
}

async function resetOften(world: World): Promise<void> {
  const [proxy, dns, witness] = await behindProxy(world, 'reset-often')
  const load = witness.load([dns.port], 100)
  for (let time = 0; time < 40; time++) {
    proxy.reset()
    await witness.change()
    await sleep(50)
  }
  await witness.isKnownTo(dns, 60_000)
  allAnswered(await load.stop())
}

async function goAway(world: World): Promise<void> {
  const [proxy, dns, witness] = await behindProxy(world, 'away')
  const load = witness.load([dns.port], 50)
  await proxy.refuse()
  await witness.change()
  await sleep(world.isLong ? 3_600_000 : 15_000)
  await witness.isNewsTo(dns)
  equal(await dns.readiness(), 200, 'it must stay ready: what it knows is served')
  await proxy.accept()
  await witness.isKnownTo(dns, 35_000)
  allAnswered(await load.stop())
}

async function startWithout(world: World): Promise<void> {
  const witness = await Witness.create(world, 'start')
  const proxy = await TcpProxy.start(world.plane.apiPort)
  world.defer(() => proxy.close())
  await proxy.refuse()
  const dns = await world.startDns({ server: proxy.url, waits: false })
  const own = witness.name('steady-0')
  const reply = await waitFor('an answer', async () => dns.client.ask(own))
  equal(reply.rcode, 'SERVFAIL')
  equal(reply.extendedError?.code, 14)
  equal((await dns.client.ask('no-such.default.svc.cluster.local')).rcode, 'SERVFAIL')
  equal(await dns.readiness(), 503)
  await sleep(3000)
  equal((await dns.client.ask(own)).rcode, 'SERVFAIL')
  await proxy.accept()
  await witness.isKnownTo(dns, 35_000)
  await waitFor('it is ready', async () => (await dns.readiness()) === 200)
}

async function stopProcess(world: World): Promise<void> {
  const [, dns, witness] = await behindProxy(world, 'stopped')
  dns.signal('SIGSTOP')
  for (let time = 0; time < 10; time++) {
    await witness.change()
    await sleep(world.isLong ? 60_000 : 2000)
  }
  dns.signal('SIGCONT')
  await witness.isKnownTo(dns, 15_000)
}

async function cutOneReplica(world: World): Promise<void> {
  const [proxy, cut, witness] = await behindProxy(world, 'replicas')
  const whole = await world.startDns()
  await witness.isKnownTo(whole)
  const loads = [cut, whole].map((dns) => witness.load([dns.port], 50))
  proxy.fault = 'stall'
  await witness.change()
  await witness.isKnownTo(whole)
  await witness.isNewsTo(cut)
  await sleep(5000)
  const [ages, wholeAges] = [await oldestEvent(cut), await oldestEvent(whole)]
  ok(ages >= 5, `the metric of the replica that is cut off says ${ages} s`)
  ok(wholeAges >= 0)
  proxy.reset()
  proxy.fault = 'pass'
  await witness.isKnownTo(cut, 15_000)
  for (const load of loads) allAnswered(await load.stop())
}

/** Seconds since the resource that was heard of last was heard of, as the metrics tell it. */
async function oldestEvent(dns: DnsServer): Promise<number> {
  const metrics = [...(await dns.metrics())]
  const times = metrics.filter(([name]) => /^slicedns_kubernetes_last_event_timestamp_seconds\b/.test(name))
  ok(times.length > 0, 'no metric slicedns_kubernetes_last_event_timestamp_seconds')
  return Date.now() / 1000 - Math.max(...times.map(([, seconds]) => seconds))
}
