import { expect, onTestFinished, test } from 'vitest'
import type { ApiClusterOptions } from '../../../src/kubernetes/api/api-cluster-options.ts'
import { ApiSource } from '../../../src/kubernetes/api/api-source.ts'
import type { ApiTransport } from '../../../src/kubernetes/api/api-transport.ts'
import { createCredentials } from '../../../src/kubernetes/api/credentials/create-credentials.ts'
import { createHttpsTransport } from '../../../src/kubernetes/api/https-transport.ts'
import type { EndpointSlice } from '../../../src/kubernetes/objects.ts'
import { NOT_SYNCED } from '../../../src/kubernetes/source.ts'
import { ApiServer } from '../../helpers/api-server.ts'
import type { ApiObject } from '../../helpers/api-object.ts'
import { eventually } from '../../helpers/eventually.ts'
import { recordingSink } from '../../helpers/fake-reflectors.ts'

const OBJECTS: readonly ApiObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'store' } },
  ...['shop', 'store'].flatMap((namespace) => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db', namespace, labels: { app: namespace } },
      spec: { clusterIP: 'None', ports: [{ name: 'sql', port: 5432 }] },
    },
    sliceObject(namespace, '10.1.0.1'),
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'db-0', namespace },
      status: { phase: 'Running', podIPs: [{ ip: '10.1.0.1' }] },
    },
  ]),
]

function sliceObject(namespace: string, address: string, trigger?: string): ApiObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'db-1',
      namespace,
      labels: { 'kubernetes.io/service-name': 'db', app: namespace },
      annotations:
        trigger === undefined ? {} : { 'endpoints.kubernetes.io/last-change-trigger-time': trigger },
    },
    addressType: 'IPv4',
    ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
    endpoints: [{ addresses: [address] }],
  }
}

interface Following {
  readonly cluster?: Partial<ApiClusterOptions>
  readonly labelSelector?: string
  /** Whose requests are refused with 403: parts of paths. */
  readonly refused?: Set<string>
  /** Whose requests wait for `goOn`. */
  readonly slow?: string
}

/** Follows an API server that has OBJECTS. */
async function follow({ cluster = {}, labelSelector = '', refused = new Set(), slow }: Following = {}) {
  const { promise: onGoing, resolve: goOn } = Promise.withResolvers<void>()
  const apiServer = await ApiServer.start()
  for (const object of OBJECTS) apiServer.put(object)
  const paths: string[] = []
  const lines: string[] = []
  const changes: string[] = []
  const credentials = createCredentials({ kind: 'endpoint', url: apiServer.url }, { variables: {} })
  const real = createHttpsTransport({ credentials, userAgent: 'test' })
  const transport: ApiTransport = {
    get: async (request) => {
      paths.push(decodeURIComponent(request.path))
      if (slow !== undefined && request.path.includes(slow)) await onGoing
      if (![...refused].some((part) => request.path.includes(part))) return real.get(request)
      return {
        status: 403,
        contentType: 'application/json',
        contentEncoding: '',
        retryAfterSeconds: undefined,
        body: bodyOf(JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' })),
      }
    },
    close: () => real.close(),
  }
  const source = new ApiSource({
    cluster: { ...EVERYTHING, ...cluster },
    labelSelector,
    transport,
    clock: {
      nowMs: () => Date.now(),
      after: (delayMs, callback) => {
        const timer = setTimeout(callback, Math.min(delayMs, 20))
        return () => clearTimeout(timer)
      },
    },
    random: () => 0.5,
    log: { info: (line) => lines.push(line), warn: (line) => lines.push(line) },
    onSliceChanged: ({ namespace, name }: EndpointSlice) => changes.push(`${namespace}/${name}`),
  })
  const { sink, told } = recordingSink()
  onTestFinished(async () => {
    await source.stop()
    await apiServer.close()
  })
  return { apiServer, source, sink, told, paths, lines, changes, goOn }
}

async function* bodyOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

const EVERYTHING: ApiClusterOptions = {
  credentials: { kind: 'default' },
  namespaces: undefined,
  namespaceSelectorText: '',
  watchesEndpoints: true,
  watchesPods: true,
  startupTimeoutMs: 5_000,
  guardsMassDelete: true,
}

const isOf =
  (namespace: string) =>
  (line: string): boolean =>
    line.includes(`${namespace}/`)

test('ApiSource tells every object, then that it has synced, then changes', async () => {
  const { apiServer, source, sink, told, changes } = await follow()
  await source.start(sink)
  expect(told.indexOf('synced')).toBeGreaterThan(5)
  expect(told.filter(isOf('shop')).toSorted()).toEqual([
    '+EndpointSlice shop/db-1',
    '+Pod shop/db-0',
    '+Service shop/db',
  ])
  expect(changes).toEqual([])
  apiServer.put(sliceObject('shop', '10.1.0.2', new Date(Date.now() + 1000).toISOString()))
  apiServer.delete({ kind: 'Service', metadata: { namespace: 'shop', name: 'db' } })
  await eventually(() => expect(told).toContain('-Service shop/db'))
  await eventually(() => expect(changes).toEqual(['shop/db-1']))
})

test('ApiSource asks only for what the options name: namespaces, labels, no endpoints, no Pods', async () => {
  const { source, sink, paths } = await follow({
    cluster: { namespaces: ['shop'], watchesEndpoints: false, watchesPods: false },
    labelSelector: 'app=shop',
  })
  void source.start(sink)
  const asked = paths.map((path) => {
    const { pathname, searchParams } = new URL(path, 'http://127.0.0.1')
    const selector = searchParams.get('labelSelector') ?? searchParams.get('fieldSelector')
    return `${pathname} ${selector}`
  })
  expect(asked.toSorted()).toEqual([
    '/api/v1/namespaces metadata.name=shop',
    '/api/v1/namespaces/shop/services app=shop',
  ])
})

test('K32 ApiSource syncs without Pods and slices that are forbidden, says so, and has them when they are allowed', async () => {
  const refused = new Set(['/pods', '/endpointslices', '/endpoints'])
  const { source, sink, told, lines } = await follow({ refused })
  await source.start(sink)
  expect(told.findLast((line) => line.startsWith('Pod '))).toMatch(/^Pod .*403/)
  expect(told.findLast((line) => line.startsWith('EndpointSlice '))).toMatch(/^EndpointSlice .*403/)
  await eventually(() => expect(lines.some((line) => line.includes('pods: '))).toBe(true))
  refused.clear()
  await eventually(() =>
    expect(told).toEqual(expect.arrayContaining(['+Pod shop/db-0', '+EndpointSlice shop/db-1'])),
  )
  await eventually(() => expect(told.findLast((line) => line.startsWith('Pod '))).toBe('Pod available'))
  expect(told.findLast((line) => line.startsWith('EndpointSlice '))).toBe('EndpointSlice available')
})

test('ApiSource has synced without Pods that are slow to come, says nothing of them meanwhile, and has started when they have come', async () => {
  const { source, sink, told, goOn, lines } = await follow({ slow: '/pods' })
  let hasStarted = false
  const started = source.start(sink).then(() => (hasStarted = true))
  await eventually(() => expect(told).toContain('synced'))
  const ofPods = () => told.filter((line) => line.startsWith('Pod '))
  expect([...new Set(ofPods())]).toEqual([`Pod ${NOT_SYNCED}`])
  await eventually(() => expect(lines.join('\n')).toMatch(/not synced with the API server yet: .*pods not/))
  expect(hasStarted).toBe(false)
  goOn()
  await started
  expect(told).toContain('+Pod shop/db-0')
  expect(ofPods().at(-1)).toBe('Pod available')
})

test('K01 ApiSource does not sync while Services are forbidden, warns once it is late, and its state says why', async () => {
  const refused = new Set(['/services'])
  const { source, sink, told, lines } = await follow({ refused })
  const started = source.start(sink)
  await eventually(() => expect(lines.some((line) => line.startsWith('not synced'))).toBe(true))
  expect(told).not.toContain('synced')
  refused.clear()
  await started
  expect(told).toContain('synced')
})

test('ApiSource that is stopped before it has synced lets its start go', async () => {
  const { source, sink, told } = await follow({ refused: new Set(['/services']) })
  const started = source.start(sink)
  await source.stop()
  await started
  expect(told).not.toContain('synced')
})
