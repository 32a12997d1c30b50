import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { ServiceEntry } from '../../src/kubernetes/service-entry.ts'
import { type Cluster, ask, cluster } from '../helpers/cluster.ts'
import { readLabObjects } from '../helpers/lab-objects.ts'
import { runningLabs } from '../helpers/running-labs.ts'
import { ROOT } from '../helpers/source-tree.ts'
import { zoneLines } from './zone-lines.ts'

const FILE = 'zones/labs.cluster.local.zone'
const PATH = join(ROOT, FILE)
const HOW_TO_UPDATE = `${FILE} is not what the labs serve. If that is meant, run: UPDATE_ZONES=1 npx vitest run test/conformance/zone-dump.test.ts`

/** Services with more endpoints than this would drown the others. */
const MAX_ENDPOINTS = 20

const labs = runningLabs()
const where = cluster(await readLabObjects(), { ttlSeconds: 5, pods: 'insecure' })

test('the zone file holds what the naming rules make of the labs', () => {
  const text = dump(where)
  if (process.env['UPDATE_ZONES'] === '1') writeFileSync(PATH, text)
  expect(readFileSync(PATH, 'utf8'), HOW_TO_UPDATE).toBe(text)
})

test('a server of the labs answers with every record of the zone file', async () => {
  const rrsets = new Map<string, string[]>()
  for (const line of recordsOf(readFileSync(PATH, 'utf8'))) {
    const [owner = '', , , type = ''] = line.split(' ')
    const question = `${owner} ${type}`
    rrsets.set(question, [...(rrsets.get(question) ?? []), line])
  }
  expect(rrsets.size).toBeGreaterThan(100)
  for (const [question, records] of rrsets) {
    expect(await labs.client.outcome(question), HOW_TO_UPDATE).toEqual(records.toSorted())
  }
})

test('the zone file tells of no address that belongs outside the cluster domain', () => {
  const text = recordsOf(readFileSync(PATH, 'utf8')).join('\n')
  // What 07-loadbalancer.yaml has as ingress and external address.
  expect(text).not.toMatch(/203[.-]0[.-]113|113\.0\.203/)
})

function recordsOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith(';'))
}

function dump({ store, rules }: Cluster): string {
  const entries = [...store.namespaceNames()]
    .toSorted()
    .flatMap((space) => Array.from(store.entriesIn(space).values()))
  const small = entries.filter((entry) => endpointCount(entry) <= MAX_ENDPOINTS)
  const left = entries.filter((entry) => !small.includes(entry))
  const owners = ['dns-version.cluster.local.', ...small.flatMap((entry) => rules.namesOf(entry))]
  return [
    '; Every record that `slicedns examples/labs` serves, forward and reverse, in canonical order (RFC 4034 6.1).',
    '; Written and checked by test/conformance/zone-dump.test.ts; see README.md beside this file.',
    '; Left out: SOA, NS and ns.dns, which depend on when and where the server runs, and the names of Pods and _why',
    '; names, which are made from the question.',
    ...left.map(
      (entry) =>
        `; Service ${entry.name} of namespace ${entry.namespace} is left out: it has ${endpointCount(entry)} endpoints.`,
    ),
    ...zoneLines(owners, (question) => ask({ rules }, question)),
    '',
  ].join('\n')
}

/** Addresses in slices, those that stand in two of them counted once. */
function endpointCount({ slices }: ServiceEntry): number {
  const addresses = slices.flatMap(({ endpoints }) =>
    endpoints.flatMap((endpoint) => [...endpoint.addresses]),
  )
  return new Set(addresses).size
}
