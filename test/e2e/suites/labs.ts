import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dashed, labRows, reverse } from '../../conformance/lab-rows.ts'
import type { LabClaim } from '../../conformance/lab-rows.ts'
import type { ControlPlane } from '../../control-plane/control-plane.ts'
import { ROOT } from '../../helpers/source-tree.ts'
import { addressLines, eventually, now } from '../answers.ts'
import { applyFolder } from '../apply-folder.ts'
import { podAddress, readAddresses } from '../cluster-state.ts'
import type { E2eCase } from '../e2e-case.ts'
import { pod } from '../objects.ts'
import type { World } from '../world.ts'

export const LABS_FOLDER = join(ROOT, 'examples/labs')

/** Addresses that the cluster gave, by such paths as `Pod default/pod1`. */
export type AddressOf = (path: string) => string

let applied: Promise<AddressOf> | undefined

/** Applies the labs, once in a run. */
export async function applyLabs(plane: ControlPlane): Promise<AddressOf> {
  applied ??= applyFolder(plane, LABS_FOLDER).then(async () => lookIn(await readAddresses(plane)))
  return applied
}

/** One case for each lab: its rows are known before any address is. */
export const LABS: readonly E2eCase[] = [
  ...labRows((path) => addressLike(path)).map(({ lab }): E2eCase => ({
    name: `lab ${lab}`,
    turn: 'ordinary',
    run: async (world) => askLab(world, lab),
  })),
  {
    name: 'lab NodePort: endpoints grow from 1 to 3 as Pods appear, and shrink as they go',
    turn: 'ordinary',
    run: growNodePort,
  },
  { name: 'lab Slice growth: 250 addresses of three slices, each once', turn: 'ordinary', run: askGrowth },
  {
    name: 'lab Mirroring: of 1,001 addresses in a subset the first 1,000 are mirrored',
    turn: 'ordinary',
    run: askMirroring,
  },
]

/** Every claim of the lab that does not hold is in the message. */
async function askLab({ plane, dns }: World, lab: string): Promise<void> {
  const addressOf = await applyLabs(plane)
  const claims = labRows(addressOf).find((row) => row.lab === lab)?.claims ?? []
  const failures = await Promise.allSettled(claims.map((claim) => askClaim(claim, dns.client)))
  const messages = failures.flatMap((result) =>
    result.status === 'rejected' ? [messageOf(result.reason)] : [],
  )
  if (messages.length > 0) throw new Error(messages.join('\n'))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function askClaim([claim, question, answer]: LabClaim, client: World['dns']['client']): Promise<void> {
  try {
    await eventually(client, question, answer, 5000)
  } catch (error) {
    throw new Error(`${claim}: ${messageOf(error)}`, { cause: error })
  }
}

async function growNodePort(world: World): Promise<void> {
  const { plane, dns } = world
  const addressOf = await applyLabs(plane)
  const own = 'my-service.lab-nodeport.svc.cluster.local.'
  const more = ['web-2', 'web-3'].map((name) => pod('lab-nodeport', name, 'myapp'))
  world.defer(() => Promise.all(more.map((each) => plane.client.remove(each))))
  for (const each of more) await plane.client.create(each)
  const first = addressOf('Pod lab-nodeport/web')
  const addresses = [first]
  for (const each of more) addresses.push(await podAddress(plane, each))
  for (const address of addresses) {
    const endpoint = `${dashed(address)}.${own}`
    await eventually(dns.client, endpoint, addressLines(endpoint, [address]))
    await eventually(dns.client, `${reverse(address)} PTR`, [`${reverse(address)} 5 IN PTR ${endpoint}`])
  }
  for (const each of more) await plane.client.remove(each)
  for (const address of addresses.slice(1))
    await eventually(dns.client, `${dashed(address)}.${own}`, ['NXDOMAIN'])
  await now(dns.client, `${dashed(first)}.${own}`, addressLines(`${dashed(first)}.${own}`, [first]))
}

async function askGrowth({ plane, dns }: World): Promise<void> {
  await applyLabs(plane)
  const own = 'growth.lab-growth.svc.cluster.local.'
  const all = Array.from({ length: 250 }, (_, index) => `10.11.0.${index + 1}`)
  await eventually(dns.client, own, addressLines(own, all))
}

async function askMirroring({ plane, dns }: World): Promise<void> {
  await applyLabs(plane)
  const own = 'large.lab-mirroring.svc.cluster.local.'
  const text = await readFile(join(LABS_FOLDER, '14-mirroring-large.yaml'), 'utf8')
  const listed = [...text.matchAll(/ip: (\S+)/g)].map(([, address = '']) => address)
  await eventually(dns.client, own, addressLines(own, listed.slice(0, 1000)))
}

function lookIn(addresses: ReadonlyMap<string, string>): AddressOf {
  return (path) => {
    const address = addresses.get(path)
    if (address === undefined) throw new RangeError(`Cannot find an address of ${path} in the cluster`)
    return address
  }
}

/** Stands for an address where only the names of the rows are wanted. */
function addressLike(path: string): string {
  return `192.0.2.${path.length}`
}
