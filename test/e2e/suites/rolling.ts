import { deepEqual, ok } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { addressLines, eventually } from '../answers.ts'
import type { DnsClient } from '../../helpers/dns-client.ts'
import { endpointAddresses } from '../cluster-state.ts'
import type { E2eCase } from '../e2e-case.ts'
import { addressRange, headless, readyAt, slice, workload } from '../objects.ts'
import type { SliceEndpoint } from '../objects.ts'
import type { World } from '../world.ts'

/** A large Service while all of its Pods are exchanged. */
export const ROLLING: readonly E2eCase[] = [
  {
    name: 'a rolling restart of 1,000 endpoints asked continuously: never NXDOMAIN, never a duplicate',
    turn: 'ordinary',
    run: async (world) => restartSlices(world, { slices: 10, perSlice: 100, perStep: 25 }),
  },
  {
    name: 'a rolling restart of a Deployment of 1,000 Pods, asked continuously: never NXDOMAIN, never a duplicate',
    // Nobody breaks anything, but it keeps all of the control plane busy.
    turn: 'disruptive',
    isLong: true,
    run: restartDeployment,
  },
]

/** As the EndpointSlice controller writes it: in each step some Pods of one slice are not ready any more, and new ones are there. */
async function restartSlices(
  world: World,
  {
    slices,
    perSlice,
    perStep,
  }: { readonly slices: number; readonly perSlice: number; readonly perStep: number },
): Promise<void> {
  const { plane, dns } = world
  const namespace = await world.namespace('rolling')
  const own = `web.${namespace}.svc.cluster.local.`
  const old = addressRange('10.40.0.1', slices * perSlice)
  const fresh = addressRange('10.41.0.1', slices * perSlice)
  await plane.client.create(headless(namespace, 'web'))
  const writeSlice = async (index: number, members: readonly SliceEndpoint[]): Promise<void> => {
    await plane.client.replace(slice(namespace, 'web', `${index}`, members))
  }
  const membersOf = (addresses: readonly string[], index: number): readonly string[] =>
    addresses.slice(index * perSlice, (index + 1) * perSlice)
  for (let index = 0; index < slices; index++) {
    await plane.client.create(slice(namespace, 'web', `${index}`, readyAt(membersOf(old, index))))
  }
  await eventually(dns.client, own, addressLines(own, old))
  const stop = askContinuously(dns.client, own, new Set([...old, ...fresh]), slices * perSlice - perStep)
  for (let index = 0; index < slices; index++) {
    const [leaving, coming] = [membersOf(old, index), membersOf(fresh, index)]
    for (let done = perStep; done <= perSlice; done += perStep) {
      const terminating = { ready: false, serving: true, terminating: true }
      const going = leaving
        .slice(done - perStep, done)
        .map((address) => ({ addresses: [address], conditions: terminating }))
      await writeSlice(index, [...readyAt(coming.slice(0, done)), ...going, ...readyAt(leaving.slice(done))])
      await sleep(20)
      await writeSlice(index, [...readyAt(coming.slice(0, done)), ...readyAt(leaving.slice(done))])
      await sleep(20)
    }
  }
  await eventually(dns.client, own, addressLines(own, fresh))
  const asked = await stop()
  ok(asked > 100, `asked only ${asked} times`)
}

async function restartDeployment(world: World): Promise<void> {
  const { plane, dns } = world
  const namespace = await world.namespace('rolling-pods')
  const own = `web.${namespace}.svc.cluster.local.`
  const count = 1000
  await plane.client.create(headless(namespace, 'web', { selector: { app: 'web' } }))
  const deployment = workload('Deployment', namespace, 'web', count)
  await plane.client.create(deployment)
  world.defer(() => plane.client.remove(deployment))
  const before = await endpointAddresses(plane, namespace, 'web', count, 300_000)
  await eventually(dns.client, own, addressLines(own, before))
  const stop = askContinuously(dns.client, own, undefined, 1)
  await plane.kubectl(['rollout', 'restart', 'deployment/web', '--namespace', namespace])
  await plane.kubectl(['rollout', 'status', 'deployment/web', '--namespace', namespace, '--timeout', '15m'])
  const after = await endpointAddresses(plane, namespace, 'web', count, 60_000)
  await eventually(dns.client, own, addressLines(own, after))
  await stop()
}

/** Asks one time after the other over TCP until the returned function is called, which fails for what was wrong in between. */
function askContinuously(
  client: DnsClient,
  own: string,
  known: ReadonlySet<string> | undefined,
  fewest: number,
): () => Promise<number> {
  const wrong = new Set<string>()
  let asked = 0
  const stopping = new AbortController()
  const asking = (async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const lines = await client.outcome(own, { transport: 'tcp' })
      const addresses = lines.map((line) => line.split(' IN A ')[1])
      asked++
      if (lines.length < 2 && addresses[0] === undefined) wrong.add(lines.join(', '))
      else if (new Set(addresses).size !== addresses.length) wrong.add('an address twice')
      else if (addresses.length < fewest) wrong.add(`only ${addresses.length} addresses`)
      const strangers = addresses.filter((address) => known !== undefined && !known.has(address ?? ''))
      if (strangers.length > 0) wrong.add(`unknown ${strangers[0]}`)
      // The server takes no more than some hundred new connections of a client in a second.
      await sleep(5)
    }
  })()
  // Said when it is stopped.
  asking.catch(() => {})
  return async () => {
    stopping.abort()
    await asking
    deepEqual([...wrong], [])
    return asked
  }
}
