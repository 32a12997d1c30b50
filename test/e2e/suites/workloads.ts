import { deepEqual, equal, ok } from 'node:assert/strict'
import { dashed, reverse } from '../../conformance/lab-rows.ts'
import { waitFor } from '../../control-plane/wait-for.ts'
import { POD_PERMISSIONS } from '../account.ts'
import { addressLines, eventually, now } from '../answers.ts'
import { isReady } from '../apply-folder.ts'
import type { E2eCase } from '../e2e-case.ts'
import { endpointAddresses, podAddress } from '../cluster-state.ts'
import { headless, pod, readyAt, service, slice, workload } from '../objects.ts'
import type { World } from '../world.ts'

/** What happens to Services while a cluster is in use. */
export const WORKLOADS: readonly E2eCase[] = [
  {
    name: 'a Deployment that grows and shrinks: its headless Service has each Pod, then NXDOMAIN without one',
    turn: 'ordinary',
    run: scale,
  },
  {
    name: 'a StatefulSet: each Pod by its hostname, again after it was replaced',
    turn: 'ordinary',
    run: replaceStatefulPod,
  },
  {
    name: 'a Pod whose readiness flips leaves and comes back; publishNotReadyAddresses keeps it',
    turn: 'ordinary',
    run: flipReadiness,
  },
  {
    name: 'dual stack: A and AAAA follow each family; a family that has no ready endpoint is NODATA',
    turn: 'ordinary',
    run: askBothFamilies,
  },
  {
    name: 'K28 ExternalName to ClusterIP to headless: never both at once',
    turn: 'ordinary',
    run: changeType,
  },
  {
    name: 'K29 a namespace deleted and made again: NXDOMAIN, then what is new',
    turn: 'waiting',
    run: recreateNamespace,
  },
  {
    name: 'K30 a name asked before its Pod is ready resolves within 1 s of that',
    turn: 'ordinary',
    run: askBeforeReady,
  },
  {
    name: 'K31 the address of a Pod that is gone, used again in another namespace: only the new one is known',
    turn: 'ordinary',
    run: reuseAddress,
  },
]

async function scale(world: World): Promise<void> {
  const { plane, dns } = world
  const { client } = plane
  const namespace = await world.namespace('scaling')
  const own = `web.${namespace}.svc.cluster.local.`
  const deployment = workload('Deployment', namespace, 'web', 3)
  await client.create(headless(namespace, 'web', { selector: { app: 'web' } }))
  await client.create(deployment)
  for (const replicas of [3, 12, 2]) {
    await client.patch(deployment, { spec: { replicas } })
    const addresses = await endpointAddresses(plane, namespace, 'web', replicas)
    await eventually(dns.client, own, addressLines(own, addresses))
  }
  await client.patch(deployment, { spec: { replicas: 0 } })
  await eventually(dns.client, own, ['NXDOMAIN'])
}

async function replaceStatefulPod(world: World): Promise<void> {
  const { plane, dns } = world
  const namespace = await world.namespace('stateful')
  const own = `db.${namespace}.svc.cluster.local.`
  await plane.client.create(headless(namespace, 'db', { selector: { app: 'db' } }))
  await plane.client.create(
    workload('StatefulSet', namespace, 'db', 3, { serviceName: 'db', podManagementPolicy: 'Parallel' }),
  )
  const [first = ''] = await endpointAddresses(plane, namespace, 'db', 3)
  ok(first)
  const member = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: 'db-1' } }
  const before = await podAddress(plane, member)
  await eventually(dns.client, `db-1.${own}`, addressLines(`db-1.${own}`, [before]))
  await eventually(dns.client, `${reverse(before)} PTR`, [`${reverse(before)} 5 IN PTR db-1.${own}`])
  const targets = [0, 1, 2].map((index) => `_http._tcp.${own} 5 IN SRV 0 33 80 db-${index}.${own}`)
  await eventually(dns.client, `_http._tcp.${own} SRV`, targets)

  const { uid } = (await plane.client.read(member)).metadata
  await plane.client.remove(member)
  await waitFor(
    'another db-1 is there',
    async () => (await plane.client.read(member)).metadata['uid'] !== uid,
  )
  // Perhaps the same as before: it was free again.
  const after = await podAddress(plane, member)
  await eventually(dns.client, `db-1.${own}`, addressLines(`db-1.${own}`, [after]))
}

async function flipReadiness(world: World): Promise<void> {
  const { plane, dns } = world
  const namespace = await world.namespace('readiness')
  const [own, all] = [`web.${namespace}.svc.cluster.local.`, `web-all.${namespace}.svc.cluster.local.`]
  const selector = { app: 'web' }
  await plane.client.create(headless(namespace, 'web', { selector }))
  await plane.client.create(headless(namespace, 'web-all', { selector, publishNotReadyAddresses: true }))
  const web = pod(namespace, 'web', 'web')
  await plane.client.create(web)
  const address = await podAddress(plane, web)
  for (const ready of [true, false, true, false]) {
    const condition = { type: 'Ready', status: ready ? 'True' : 'False' }
    await plane.client.patch(web, { status: { conditions: [condition] } }, 'status')
    await eventually(dns.client, own, ready ? addressLines(own, [address]) : ['NXDOMAIN'])
    await eventually(dns.client, all, addressLines(all, [address]))
  }
}

async function askBothFamilies(world: World): Promise<void> {
  const { plane, dns } = world
  const namespace = await world.namespace('dual')
  const [own, bare] = [`web.${namespace}.svc.cluster.local.`, `bare.${namespace}.svc.cluster.local.`]
  const dual = { ipFamilyPolicy: 'RequireDualStack', selector: { app: 'web' } }
  const made = await plane.client.create(service(namespace, 'web', dual))
  await plane.client.create(headless(namespace, 'bare', dual))
  const web = pod(namespace, 'web', 'web')
  await plane.client.create(web)
  const ipv4 = await podAddress(plane, web)
  const ipv6 = 'fd00:10:244::7'
  await eventually(dns.client, bare, addressLines(bare, [ipv4]))
  await now(dns.client, `${bare} AAAA`, ['NODATA'])
  await plane.client.patch(web, { status: { podIPs: [{ ip: ipv4 }, { ip: ipv6 }] } }, 'status')
  await eventually(dns.client, `${bare} AAAA`, addressLines(bare, [ipv6]))
  await now(dns.client, bare, addressLines(bare, [ipv4]))
  await now(dns.client, `fd00-10-244--7.${bare} AAAA`, addressLines(`fd00-10-244--7.${bare}`, [ipv6]))
  const clusterIPs = clusterIPsOf(made)
  equal(clusterIPs.length, 2)
  await eventually(
    dns.client,
    own,
    addressLines(
      own,
      clusterIPs.filter((address) => address.includes('.')),
    ),
  )
  await now(
    dns.client,
    `${own} AAAA`,
    addressLines(
      own,
      clusterIPs.filter((address) => address.includes(':')),
    ),
  )
}

async function changeType(world: World): Promise<void> {
  const { plane, dns } = world
  const namespace = await world.namespace('changing')
  const own = `web.${namespace}.svc.cluster.local.`
  await plane.client.create(slice(namespace, 'web', 'a', readyAt(['10.30.0.1', '10.30.0.2'])))
  const external = { type: 'ExternalName', externalName: 'web.example.org' }
  const seen = new Set<string>()
  const asking = new AbortController()
  const asked = (async (): Promise<void> => {
    while (!asking.signal.aborted) seen.add((await dns.client.outcome(own)).map(kindOf).join(' + '))
  })()
  // Said when it is awaited.
  asked.catch(() => {})
  world.defer(() => asking.abort())
  for (let round = 0; round < 3; round++) {
    await plane.client.create(service(namespace, 'web', external))
    await eventually(dns.client, `${own} CNAME`, [`${own} 5 IN CNAME web.example.org.`])
    const changed = { type: 'ClusterIP', externalName: null }
    const [clusterIP = ''] = clusterIPsOf(
      await plane.client.patch(service(namespace, 'web'), { spec: changed }),
    )
    await eventually(dns.client, own, addressLines(own, [clusterIP]))
    // The API lets no Service with an address become headless: it is made again.
    await plane.client.remove(service(namespace, 'web'))
    await plane.client.create(headless(namespace, 'web'))
    await eventually(dns.client, own, addressLines(own, ['10.30.0.1', '10.30.0.2']))
    await plane.client.remove(service(namespace, 'web'))
    await eventually(dns.client, own, ['NXDOMAIN'])
  }
  asking.abort()
  await asked
  const allowed = new Set(['NXDOMAIN', 'CNAME', 'cluster IP', 'endpoint + endpoint'])
  deepEqual(
    [...seen].filter((kinds) => !allowed.has(kinds)),
    [],
  )
}

function kindOf(line: string): string {
  if (line.includes(' IN CNAME ')) return 'CNAME'
  if (line.includes(' IN A 10.30.')) return 'endpoint'
  return line.includes(' IN A 10.96.') ? 'cluster IP' : line
}

async function recreateNamespace(world: World): Promise<void> {
  const { plane, dns } = world
  const namespace = 'passing'
  const own = `web.${namespace}.svc.cluster.local.`
  const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
  for (const address of ['10.31.0.1', '10.31.0.2']) {
    await waitFor('the namespace can be made', async () => plane.client.create(space))
    await plane.client.create(headless(namespace, 'web'))
    await plane.client.create(slice(namespace, 'web', 'a', readyAt([address])))
    await eventually(dns.client, own, addressLines(own, [address]))
    await eventually(dns.client, `${namespace}.svc.cluster.local.`, ['NODATA'])
    await plane.client.remove(space)
    await eventually(dns.client, own, ['NXDOMAIN'], 30_000)
    await eventually(dns.client, `${namespace}.svc.cluster.local.`, ['NXDOMAIN'], 30_000)
  }
}

async function askBeforeReady(world: World): Promise<void> {
  const { plane, dns } = world
  const namespace = await world.namespace('early')
  const own = `web.${namespace}.svc.cluster.local.`
  await plane.client.create(headless(namespace, 'web', { selector: { app: 'web' } }))
  await eventually(dns.client, own, ['NXDOMAIN'])
  const web = pod(namespace, 'web', 'web')
  const asking = new AbortController()
  const asked = (async (): Promise<void> => {
    while (!asking.signal.aborted) await dns.client.outcome(own)
  })()
  // Said when it is awaited.
  asked.catch(() => {})
  world.defer(() => asking.abort())
  await plane.client.create(web)
  await waitFor('the Pod is ready', async () => isReady(plane, web), { everyMs: 5 })
  const elapsedMs = await eventually(dns.client, own, addressLines(own, [await podAddress(plane, web)]))
  asking.abort()
  await asked
  ok(elapsedMs <= 1000, `resolved ${Math.round(elapsedMs)} ms after the Pod was ready, not within 1 s`)
}

async function reuseAddress(world: World): Promise<void> {
  const { plane } = world
  const [before, after] = [await world.namespace('reuse-before'), await world.namespace('reuse-after')]
  await plane.apply(POD_PERMISSIONS)
  world.defer(async () => plane.kubectl(['delete', '-f', POD_PERMISSIONS]))
  const dns = await world.startDns({ properties: 'pods verified' })
  const address = '10.32.0.7'
  const nameIn = (namespace: string): string => `${dashed(address)}.${namespace}.pod.cluster.local.`
  for (const [namespace, other] of [
    [before, after],
    [after, before],
  ] as const) {
    const own = `web.${namespace}.svc.cluster.local.`
    const web = pod(namespace, 'web', 'web')
    await plane.client.create(headless(namespace, 'web', { selector: { app: 'web' } }))
    await plane.client.create(web)
    await podAddress(plane, web)
    await plane.client.patch(web, { status: { podIP: address, podIPs: [{ ip: address }] } }, 'status')
    await eventually(dns.client, nameIn(namespace), addressLines(nameIn(namespace), [address]))
    await eventually(dns.client, `${reverse(address)} PTR`, [
      `${reverse(address)} 5 IN PTR ${dashed(address)}.${own}`,
    ])
    await now(dns.client, nameIn(other), ['NXDOMAIN'])
    await plane.client.remove(web)
    await eventually(dns.client, nameIn(namespace), ['NXDOMAIN'])
    await eventually(dns.client, own, ['NXDOMAIN'])
  }
}

function clusterIPsOf({ spec }: { readonly [field: string]: unknown }): readonly string[] {
  if (typeof spec !== 'object' || spec === null || !('clusterIPs' in spec)) return []
  return Array.isArray(spec.clusterIPs) ? spec.clusterIPs.map(String) : []
}
