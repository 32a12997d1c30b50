import { equal } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '../../control-plane/wait-for.ts'
import type { ApiObject } from '../../helpers/api-object.ts'
import { binding } from '../account.ts'
import { addressLines, eventually, now } from '../answers.ts'
import { endpointAddresses, podAddress } from '../cluster-state.ts'
import type { DnsServer } from '../dns-server.ts'
import type { E2eCase } from '../e2e-case.ts'
import { headless, pod, service } from '../objects.ts'
import { QueryLoad } from '../query-load.ts'
import { allAnswered } from '../witness.ts'
import type { World } from '../world.ts'

/** What a server does that may not read everything. */
export const PERMISSIONS: readonly E2eCase[] = [
  {
    name: 'K32 EndpointSlices forbidden: Endpoints are followed instead; allowed again, slices take over without a gap',
    turn: 'waiting',
    run: withoutSlices,
  },
  {
    name: 'K32 Namespaces forbidden: Services are answered all the same',
    turn: 'waiting',
    run: withoutNamespaces,
  },
  {
    name: 'K32 Pods forbidden with `pods verified`: only the names of Pods are missing',
    turn: 'waiting',
    run: withoutPods,
  },
  {
    name: 'K32 Services forbidden: SERVFAIL and not ready, until they are allowed',
    turn: 'waiting',
    run: withoutServices,
  },
]

interface Rules {
  readonly core: readonly string[]
  readonly slices: boolean
}

/** Starts a server as a ServiceAccount that may read these and no more. Gives what changes that. */
async function startPoor(
  world: World,
  account: string,
  rules: Rules,
  properties = '',
  waits = true,
): Promise<readonly [DnsServer, (changed: Rules) => Promise<void>]> {
  const allow = async (allowed: Rules): Promise<void> =>
    world.plane.apply([role(account, allowed), binding(account, account)])
  await allow(rules)
  const dns = await world.startDns({ token: `${account}-token`, properties, waits })
  return [dns, allow]
}

async function withoutSlices(world: World): Promise<void> {
  const { plane } = world
  const namespace = await world.namespace('no-slices')
  const own = `web.${namespace}.svc.cluster.local.`
  await plane.client.create(headless(namespace, 'web', { selector: { app: 'web' } }))
  const [first, second] = [pod(namespace, 'first', 'web'), pod(namespace, 'second', 'web')]
  await plane.client.create(first)
  const core = ['services', 'namespaces', 'endpoints']
  const [dns, allow] = await startPoor(world, 'no-slices', { core, slices: false })
  const addresses = [await podAddress(plane, first)]
  await areInEndpoints(world, namespace, addresses)
  await eventually(dns.client, own, addressLines(own, addresses))
  await plane.client.create(second)
  addresses.push(await podAddress(plane, second))
  await areInEndpoints(world, namespace, addresses)
  await eventually(dns.client, own, addressLines(own, addresses))
  const load = new QueryLoad({ ports: [dns.port], names: [own.slice(0, -1)], queriesPerSecond: 100 })
  world.defer(async () => load.stop())
  const fallsBack = async (): Promise<boolean> =>
    [...(await dns.metrics())].some(([name]) => /objects\{.*"endpoints"/.test(name))
  equal(await fallsBack(), true)
  // Slices are written by another controller: they must be complete before they take over.
  await endpointAddresses(plane, namespace, 'web', 2)
  await allow({ core, slices: true })
  await waitFor('slices have taken over', async () => !(await fallsBack()), { limitMs: 90_000, everyMs: 200 })
  allAnswered(await load.stop())
  await now(dns.client, own, addressLines(own, addresses))
}

/** The controller that writes Endpoints takes its time when there is much else to do. */
async function areInEndpoints(
  { plane }: World,
  namespace: string,
  addresses: readonly string[],
): Promise<void> {
  const reference = { apiVersion: 'v1', kind: 'Endpoints', metadata: { namespace, name: 'web' } }
  await waitFor(
    'all addresses are in the Endpoints',
    async () => {
      const text = JSON.stringify(await plane.client.read(reference))
      return addresses.every((address) => text.includes(`"${address}"`))
    },
    { limitMs: 60_000 },
  )
}

async function withoutNamespaces(world: World): Promise<void> {
  const { plane } = world
  const namespace = await world.namespace('no-namespaces')
  const own = `web.${namespace}.svc.cluster.local.`
  await plane.client.create(service(namespace, 'web', { clusterIP: '10.96.77.7' }))
  const [dns] = await startPoor(world, 'no-namespaces', { core: ['services'], slices: true })
  await eventually(dns.client, own, addressLines(own, ['10.96.77.7']))
  await now(dns.client, `other.${namespace}.svc.cluster.local.`, ['NXDOMAIN'])
  equal(await dns.readiness(), 200)
}

async function withoutPods(world: World): Promise<void> {
  const [dns] = await startPoor(
    world,
    'no-pods',
    { core: ['services', 'namespaces'], slices: true },
    'pods verified',
  )
  await now(
    dns.client,
    'kubernetes.default.svc.cluster.local.',
    addressLines('kubernetes.default.svc.cluster.local.', ['10.96.0.1']),
  )
  equal((await dns.client.ask('10-244-0-9.default.pod.cluster.local.')).rcode, 'SERVFAIL')
  await now(dns.client, 'missing.default.svc.cluster.local.', ['NXDOMAIN'])
}

async function withoutServices(world: World): Promise<void> {
  const own = 'kubernetes.default.svc.cluster.local.'
  const [dns, allow] = await startPoor(
    world,
    'no-services',
    { core: ['namespaces'], slices: true },
    '',
    false,
  )
  await waitFor('it answers', async () => (await dns.readiness()) > 0)
  await sleep(2000)
  equal((await dns.client.ask(own)).rcode, 'SERVFAIL')
  equal(await dns.readiness(), 503)
  await allow({ core: ['namespaces', 'services'], slices: true })
  await eventually(dns.client, own, addressLines(own, ['10.96.0.1']), 90_000)
  await waitFor('it is ready', async () => (await dns.readiness()) === 200)
}

function role(name: string, { core, slices }: Rules): ApiObject {
  const verbs = ['list', 'watch']
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules: [
      { apiGroups: [''], resources: core, verbs },
      ...(slices ? [{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs }] : []),
    ],
  }
}
