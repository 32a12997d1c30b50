import { ok } from 'node:assert/strict'
import { TcpProxy } from '../../control-plane/tcp-proxy.ts'
import { addressLines, eventually } from '../answers.ts'
import type { E2eCase } from '../e2e-case.ts'
import { fillNamespace } from '../fill-namespace.ts'
import { addressRange, headless, readyAt, slice } from '../objects.ts'
import { allAnswered, Witness } from '../witness.ts'
import type { World } from '../world.ts'

/** Large objects, and many at once. */
export const SCALE: readonly E2eCase[] = [
  { name: 'K16 a slice of 1.4 MB is served, and what is beside it', turn: 'ordinary', run: serveLargeObject },
  {
    name: 'K24 a change in a Service of 20,000 endpoints is known within 1 s',
    turn: 'ordinary',
    run: changeLargeService,
  },
  {
    name: 'K34 a burst of events: lookups go on being answered, and in the end all is known',
    turn: 'ordinary',
    shortened: '5,000 events in a moment, not 100,000 in 5 s',
    run: async (world) => burst(world, 5),
  },
  {
    name: 'K34 a burst of 50,000 events',
    turn: 'ordinary',
    isLong: true,
    run: async (world) => burst(world, 50),
  },
]

async function serveLargeObject(world: World): Promise<void> {
  const { plane, dns } = world
  const namespace = await world.namespace('large')
  const own = `web.${namespace}.svc.cluster.local.`
  const addresses = addressRange('10.70.0.1', 1000)
  const members = addresses.map((address) => ({
    addresses: [address],
    conditions: { ready: true },
    // The API bounds neither: one object may have 1.5 MB in etcd.
    targetRef: { kind: 'Pod', name: 'p'.repeat(700), fieldPath: 'x'.repeat(640) },
  }))
  await plane.client.create(headless(namespace, 'web'))
  const made = await plane.client.create(slice(namespace, 'web', 'a', members))
  world.defer(() => plane.client.remove(slice(namespace, 'web', 'a', [])))
  ok(JSON.stringify(made).length > 1_400_000)
  await eventually(dns.client, own, addressLines(own, addresses))
  const again = await world.startDns()
  await eventually(again.client, own, addressLines(own, addresses))
}

/** The median of several changes each. Asked for is the endpoint's own name: the whole answer would not fit. */
async function changeLargeService(world: World): Promise<void> {
  const { plane } = world
  const namespace = await world.namespace('twenty-thousand')
  const perSlice = 100
  for (const [name, slices] of [
    ['small', 1],
    ['big', 200],
  ] as const) {
    await plane.client.create(headless(namespace, name))
    const all = addressRange(name === 'big' ? '10.80.0.0' : '10.90.0.0', slices * perSlice)
    for (let from = 0; from < slices; from += 10) {
      const indexes = Array.from({ length: Math.min(10, slices - from) }, (_, index) => from + index)
      await Promise.all(
        indexes.map(async (index) =>
          plane.client.create(
            slice(namespace, name, `${index}`, readyAt(all.slice(index * perSlice, (index + 1) * perSlice))),
          ),
        ),
      )
    }
  }
  const medianMs = await medianOfChanges(world, namespace, 'big')
  ok(medianMs < 1000, `known only after ${Math.round(medianMs)} ms`)
}

async function medianOfChanges({ plane, dns }: World, namespace: string, name: string): Promise<number> {
  const own = `changed.${name}.${namespace}.svc.cluster.local.`
  const times: number[] = []
  for (let time = 0; time < 15; time++) {
    const address = `10.91.${time}.1`
    await plane.client.replace(
      slice(namespace, name, '0', [
        { addresses: [address], hostname: 'changed', conditions: { ready: true } },
      ]),
    )
    times.push(await eventually(dns.client, own, addressLines(own, [address])))
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}

/** The events of many writes are kept back and then come at once. */
async function burst(world: World, rounds: number): Promise<void> {
  const { plane } = world
  const namespace = await world.namespace(`burst-${rounds}`)
  const witness = await Witness.create(world, `burst-${rounds}`)
  await fillNamespace(world, namespace, 250)
  const proxy = await TcpProxy.start(plane.apiPort)
  world.defer(() => proxy.close())
  const dns = await world.startDns({ server: proxy.url })
  await witness.isKnownTo(dns)
  proxy.fault = 'hold'
  // Each writes 250 slices four times.
  for (let round = 0; round < rounds * 4; round++) {
    for (let from = 0; from < 250; from += 25) {
      await Promise.all(
        Array.from({ length: 25 }, async (_, index) =>
          plane.client.replace(
            slice(namespace, `many-${from + index}`, 'a', readyAt([`10.61.${round}.${from + index}`])),
          ),
        ),
      )
    }
  }
  await witness.change()
  const load = witness.load([dns.port], 500)
  proxy.fault = 'pass'
  const elapsedMs = await witness.isKnownTo(dns)
  const own = `many-249.${namespace}.svc.cluster.local.`
  await eventually(dns.client, own, addressLines(own, [`10.61.${rounds * 4 - 1}.249`]))
  const result = await load.stop()
  allAnswered(result)
  ok(elapsedMs < 5000, `known only after ${Math.round(elapsedMs)} ms`)
}
