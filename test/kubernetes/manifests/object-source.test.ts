import { expect, test } from 'vitest'
import type { BuildCluster } from '../../../src/kubernetes/manifests/cluster-teller.ts'
import { createObjectSource } from '../../../src/kubernetes/manifests/object-source.ts'
import type { ManifestProblem } from '../../../src/kubernetes/manifests/manifest.ts'
import type { ClusterSink } from '../../../src/kubernetes/source.ts'

const pod = (name: string, labels = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels } })
const build: BuildCluster = (manifests) => ({
  objects: manifests.map(({ namespace, name, raw }) => ({
    kind: 'Pod',
    namespace,
    name,
    labels: { raw: JSON.stringify(raw) },
    podIPs: [],
    alive: true,
  })),
  problems: manifests
    .filter(({ name }) => name === 'bad')
    .map((manifest) => ({
      severity: 'warning',
      code: 'X',
      message: 'bad',
      position: manifest.locate('metadata', 'name'),
    })),
  ignoredKinds: new Map(),
})

function recorder() {
  const told: string[] = []
  const sink: ClusterSink = {
    apply: ({ name }) => told.push(`+${name}`) > 0,
    remove: ({ name }) => told.push(`-${name}`),
    markSynced: () => told.push('synced'),
    markUnavailable: () => {},
    describe: () => {},
  }
  return { told, sink }
}

test('createObjectSource tells its objects, Lists opened, and on replace what changed', async () => {
  const { told, sink } = recorder()
  const source = createObjectSource({
    objects: [pod('a'), { kind: 'List', apiVersion: 'v1', items: [pod('b'), pod('c')] }],
    build,
  })
  await source.start(sink)
  expect(told.splice(0)).toEqual(['+a', '+b', '+c', 'synced'])
  source.replace([pod('a'), pod('b', { changed: 'yes' }), pod('d')])
  expect(told.splice(0)).toEqual(['+b', '+d', '-c'])
  await source.stop()
  source.replace([])
  expect(told).toEqual([])
})

test('createObjectSource takes a replacement before the start for the objects to start with', async () => {
  const { told, sink } = recorder()
  const source = createObjectSource({ objects: [pod('a')], build })
  source.replace([pod('b')])
  await source.start(sink)
  expect(told).toEqual(['+b', 'synced'])
})

test('createObjectSource reports what is no object, and where a problem lies', async () => {
  const problems: ManifestProblem[] = []
  const objects = [
    undefined,
    'text',
    { kind: 'Pod' },
    { kind: 'PodList', apiVersion: 'v1', items: [{ metadata: { name: 'bad' } }] },
  ]
  const source = createObjectSource({ objects, build, onProblems: (fresh) => problems.push(...fresh) })
  await source.start(recorder().sink)
  expect(problems.map(({ code, position }) => `${position.file} ${code}`)).toEqual([
    'objects[1] SLICEDNS_MANIFEST_NOT_AN_OBJECT',
    'objects[2] SLICEDNS_MANIFEST_FIELD_MISSING',
    'objects[3].items[0].metadata.name X',
  ])
})
