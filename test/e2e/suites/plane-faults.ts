import { ok } from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TcpProxy } from '../../control-plane/tcp-proxy.ts'
import { waitFor } from '../../control-plane/wait-for.ts'
import { ACCOUNT_USER } from '../account.ts'
import { addressLines, eventually, now } from '../answers.ts'
import type { E2eCase } from '../e2e-case.ts'
import { fillNamespace } from '../fill-namespace.ts'
import { sumOf } from '../metric-sum.ts'
import { headless } from '../objects.ts'
import { QueryLoad } from '../query-load.ts'
import { allAnswered, Witness } from '../witness.ts'
import type { World } from '../world.ts'

/** What happens to control planes. */
export const PLANE_FAULTS: readonly E2eCase[] = [
  {
    name: 'K03 kube-apiserver killed and started again under 1,000 queries per second: no failed lookup',
    turn: 'disruptive',
    run: killApiServer,
  },
  {
    name: 'K05 etcd compacted while SliceDNS was cut off: 410 from the API server itself, then all is known',
    turn: 'disruptive',
    run: compact,
  },
  {
    name: 'K13 etcd restored from an older backup: what it holds is adopted, and changes are known again',
    turn: 'disruptive',
    run: restore,
  },
  { name: 'K09 the token is rotated: the file is read again', turn: 'disruptive', run: rotateToken },
  {
    name: 'K12 four of five Services deleted while SliceDNS was cut off: held until a second list confirms it',
    turn: 'disruptive',
    run: deleteMany,
  },
  {
    name: 'R16 replicas upgraded one by one and killed at random: no failed lookup with the retries of a stub resolver',
    turn: 'disruptive',
    shortened: '500 queries per second, not 5,000; a stub waits 500 ms, not 5 s, before it asks again',
    run: rollReplicas,
  },
]

async function killApiServer(world: World): Promise<void> {
  const { plane, dns } = world
  const witness = await Witness.create(world, 'killed')
  await witness.isKnownTo(dns, 35_000)
  const load = witness.load([dns.port], 1000)
  for (let time = 0; time < 2; time++) {
    await sleep(1000)
    await plane.components['kube-apiserver'].kill()
    await sleep(2000)
    await plane.startApiServer()
    await witness.change()
    await witness.isKnownTo(dns, 35_000)
  }
  const result = await load.stop()
  allAnswered(result)
  ok(result.sent > 3000, `only ${result.sent} lookups`)
}

async function compact(world: World): Promise<void> {
  const { plane } = world
  const witness = await Witness.create(world, 'compacted')
  const proxy = await TcpProxy.start(plane.apiPort)
  world.defer(() => proxy.close())
  const dns = await world.startDns({ server: proxy.url })
  await witness.isKnownTo(dns)
  const load = witness.load([dns.port], 100)
  const listsBefore = sumOf(await dns.metrics(), 'slicedns_kubernetes_lists_total')
  await proxy.refuse()
  await witness.change()
  await plane.etcdClient.compact()
  await plane.restartApiServer()
  await witness.change()
  await witness.isNewsTo(dns)
  await proxy.accept()
  await witness.isKnownTo(dns, 35_000)
  allAnswered(await load.stop())
  const lists = sumOf(await dns.metrics(), 'slicedns_kubernetes_lists_total') - listsBefore
  ok(lists > 0, 'the API server did not say 410: nothing was listed again')
}

async function restore(world: World): Promise<void> {
  const { plane, dns } = world
  const witness = await Witness.create(world, 'restored')
  await witness.isKnownTo(dns, 35_000)
  const load = witness.load([dns.port], 100)
  const backup = await plane.backUpEtcd()
  await waitFor('the API server is ready', async () => plane.isReady())
  await witness.change()
  await witness.isKnownTo(dns, 35_000)
  await plane.restoreEtcd(backup)
  witness.goBack()
  await witness.isKnownTo(dns, 60_000)
  await eventually(dns.client, witness.name('passing-1'), ['NXDOMAIN'])
  await witness.change()
  await witness.isKnownTo(dns, 15_000)
  allAnswered(await load.stop())
}

async function rotateToken(world: World): Promise<void> {
  const { plane } = world
  const witness = await Witness.create(world, 'rotated')
  const tokenFile = join(plane.folder, 'rotated-token')
  await writeFile(tokenFile, 'token-before')
  await plane.setToken('token-before', ACCOUNT_USER)
  await plane.restartApiServer()
  const dns = await world.startDns({ tokenFile })
  await witness.isKnownTo(dns)
  const load = witness.load([dns.port], 100)
  await plane.setToken('token-before', undefined)
  await plane.setToken('token-after', ACCOUNT_USER)
  await plane.restartApiServer()
  await witness.change()
  await sleep(3000)
  await witness.isNewsTo(dns)
  await writeFile(tokenFile, 'token-after')
  await witness.isKnownTo(dns, 35_000)
  allAnswered(await load.stop())
}

async function deleteMany(world: World): Promise<void> {
  const { plane } = world
  const namespace = await world.namespace('mass')
  await fillNamespace(world, namespace, 150)
  const proxy = await TcpProxy.start(plane.apiPort)
  world.defer(() => proxy.close())
  const dns = await world.startDns({ server: proxy.url, properties: `namespaces default ${namespace}` })
  const lineOf = (index: number): readonly [string, readonly string[]] => {
    const own = `many-${index}.${namespace}.svc.cluster.local.`
    return [own, addressLines(own, [`10.60.0.${index}`])]
  }
  await eventually(dns.client, ...lineOf(149))
  await proxy.refuse()
  for (let index = 0; index < 120; index++) await plane.client.remove(headless(namespace, `many-${index}`))
  await plane.etcdClient.compact()
  await plane.restartApiServer()
  await proxy.accept()
  const held = async (): Promise<boolean> =>
    sumOf(await dns.metrics(), 'slicedns_kubernetes_held_deletions') >= 120
  await waitFor('the deletions are held', held, { limitMs: 35_000, everyMs: 20 })
  await now(dns.client, ...lineOf(0))
  await eventually(dns.client, `many-0.${namespace}.svc.cluster.local.`, ['NXDOMAIN'], 20_000)
  await now(dns.client, ...lineOf(149))
}

async function rollReplicas(world: World): Promise<void> {
  const witness = await Witness.create(world, 'replaced')
  const replicas = [await world.startDns(), await world.startDns()]
  for (const dns of replicas) await witness.isKnownTo(dns)
  const load = new QueryLoad({
    ports: replicas.map(({ port }) => port),
    names: [witness.name('steady-0'), witness.name('steady-1')],
    queriesPerSecond: world.isLong ? 5000 : 500,
    timeoutMs: world.isLong ? 5000 : 500,
    tries: 4,
  })
  world.defer(async () => load.stop())
  for (const how of ['SIGTERM', 'SIGKILL'] as const) {
    for (const dns of replicas) {
      if (how === 'SIGTERM') await dns.stop()
      else await dns.kill()
      dns.start()
      await waitFor('it is ready again', async () => (await dns.readiness()) === 200)
    }
  }
  allAnswered(await load.stop())
}
