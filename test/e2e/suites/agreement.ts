import { deepEqual, ok } from 'node:assert/strict'
import { dashed, reverse } from '../../conformance/lab-rows.ts'
import { startServer } from '../../../src/index.ts'
import { dnsClient, outcomeOf } from '../../helpers/dns-client.ts'
import type { DnsClient } from '../../helpers/dns-client.ts'
import { labAddresses, readLabObjects } from '../../helpers/lab-objects.ts'
import type { ApiObject } from '../../helpers/api-object.ts'
import { readManifests } from '../apply-folder.ts'
import { readAddresses } from '../cluster-state.ts'
import type { E2eCase } from '../e2e-case.ts'
import type { World } from '../world.ts'
import { applyLabs, LABS_FOLDER } from './labs.ts'

/** What a folder of manifests is served as, and what a cluster makes of the same files. */
export const AGREEMENT: readonly E2eCase[] = [
  {
    name: 'a folder of manifests and a cluster with the same files give the same answers, allocated addresses aside',
    turn: 'ordinary',
    run: compareModes,
  },
]

/** Addresses that differ between both, each as it stands in an answer and the words that stand for it. */
type Words = readonly (readonly [text: string, words: string])[]

async function compareModes(world: World): Promise<void> {
  const { plane, dns } = world
  await applyLabs(plane)
  const objects = await readManifests(LABS_FOLDER)
  const paths = objects.filter(({ kind }) => kind === 'Service' || kind === 'Pod').map(pathOf)
  const served = labAddresses(await readLabObjects())
  const live = await readAddresses(plane)
  const allocated = paths.filter((path) => live.has(path))
  ok(allocated.length > 10, `only ${allocated.length} objects of the folder have an address in the cluster`)
  const inFolder = wordsFor(allocated, served)
  const inCluster = wordsFor(allocated, (path) => live.get(path) ?? '')
  const server = await startServer({ folders: [LABS_FOLDER], watch: false })
  world.defer(() => server.close())
  const folderClient = dnsClient(server.port)
  const questions = [...new Set(objects.flatMap(questionsAbout))]
  for (const question of [...questions, ...allocated.flatMap(questionsAboutAddress)]) {
    const [expected, actual] = [
      await ask(folderClient, question, inFolder),
      await ask(dns.client, question, inCluster),
    ]
    if (expected === undefined || actual === undefined) continue
    deepEqual(
      actual,
      expected,
      `${question}: in the cluster ${actual.join(', ')}; from the folder ${expected.join(', ')}`,
    )
  }
}

/** Every type at every name that an object can give rise to, and at some that it cannot. */
function questionsAbout({ kind, metadata, ...rest }: ApiObject): readonly string[] {
  const { name, namespace = 'default' } = metadata
  if (kind !== 'Service') return [`${namespace}.svc.cluster.local. A`]
  const own = `${name}.${namespace}.svc.cluster.local.`
  const hostnames = JSON.stringify(rest).match(/"(?:hostname|podIP|ip)":"[^"]+"/g) ?? []
  const below = [
    '_http._tcp',
    '_tcp',
    '_udp',
    'pod-a',
    'pod-b',
    'first',
    'missing',
    ...hostnames.map((text) => text.slice(12, -1)),
  ]
  const types = ['A', 'AAAA', 'SRV', 'CNAME', 'TXT', 'PTR']
  const names = [own, ...below.map((label) => `${label}.${own}`)]
  return types.flatMap((type) => names.map((each) => `${each} ${type}`))
}

/** At the reverse name of an allocated address, and at the name of an endpoint. */
function questionsAboutAddress(path: string): readonly string[] {
  return [`<reverse ${path}>. PTR`, `<dashed ${path}>.headless1.default.svc.cluster.local. A`]
}

function wordsFor(paths: readonly string[], addressOf: (path: string) => string): Words {
  const words = paths.flatMap((path) => {
    const address = addressOf(path)
    return [
      [reverse(address), `<reverse ${path}>.`],
      [address, `<${path}>`],
      [dashed(address), `<dashed ${path}>`],
    ] as const
  })
  // The longest first: 10.96.1.10 begins with 10.96.1.1.
  return words.toSorted(([a], [b]) => b.length - a.length)
}

/** The outcome with words in place of addresses; undefined where it is longer than a message, as SRV of 1,000 endpoints is. */
async function ask(
  client: DnsClient,
  question: string,
  words: Words,
): Promise<readonly string[] | undefined> {
  const asked = words.reduce((text, [address, word]) => text.replaceAll(word, address), question)
  const overUdp = await client.ask(asked)
  const reply = overUdp.truncated ? await client.ask(asked, { transport: 'tcp' }) : overUdp
  if (reply.truncated) return undefined
  const replace = (line: string): string =>
    words.reduce((text, [address, word]) => text.replaceAll(address, word), line)
  return outcomeOf(reply).map(replace).toSorted()
}

function pathOf({ kind, metadata }: ApiObject): string {
  return `${kind} ${metadata.namespace ?? 'default'}/${metadata.name}`
}
