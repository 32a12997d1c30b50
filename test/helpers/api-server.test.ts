import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ApiObject } from './api-object.ts'
import { ApiServer } from './api-server.ts'

const SERVICES = '/api/v1/services'

let apiServer: ApiServer
let leaveWatches: AbortController

beforeEach(async () => {
  apiServer = await ApiServer.start()
  leaveWatches = new AbortController()
})

afterEach(async () => {
  leaveWatches.abort()
  await apiServer.close()
})

test('ApiServer lists what was put, each object at its own version and the list at the last', async () => {
  apiServer.put(service('web'))
  apiServer.put(service('db'))
  apiServer.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  const list = await getJson(SERVICES)
  expect(list).toMatchObject({
    kind: 'ServiceList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '4' },
    items: [
      { metadata: { name: 'web', resourceVersion: '2' } },
      { metadata: { name: 'db', resourceVersion: '3' } },
    ],
  })
})

test('ApiServer list says what its objects are once, not in each of them', async () => {
  apiServer.put(service('web'))
  const list = await getJson(SERVICES)
  expect(list).toMatchObject({ kind: 'ServiceList', items: [{ spec: { clusterIP: '10.96.0.10' } }] })
  expect(list).not.toHaveProperty('items.0.kind')
  expect(list).not.toHaveProperty('items.0.apiVersion')
})

test('ApiServer put of what is there already changes no version and tells nobody', async () => {
  apiServer.put(service('web', { app: 'shop' }))
  const events = await watch('resourceVersion=2')
  apiServer.put(service('web', { app: 'shop' }))
  apiServer.put(service('db'))
  expect(await take(events, 1)).toEqual(['ADDED db 3'])
})

test('ApiServer serves namespaces, services, pods and endpointslices, and says 404 to the rest', async () => {
  expect(await getJson('/api/v1/namespaces')).toMatchObject({ kind: 'NamespaceList' })
  expect(await getJson('/api/v1/pods')).toMatchObject({ kind: 'PodList' })
  expect(await getJson('/apis/discovery.k8s.io/v1/endpointslices')).toMatchObject({
    kind: 'EndpointSliceList',
    apiVersion: 'discovery.k8s.io/v1',
  })
  expect(await getJson('/api/v1/nodes')).toMatchObject({ kind: 'Status', reason: 'NotFound', code: 404 })
})

test('ApiServer watch from a version replays later writes, then goes on live', async () => {
  apiServer.put(service('old'))
  apiServer.put(service('web'))
  apiServer.delete(service('old'))
  const events = await watch('resourceVersion=2')
  apiServer.put(service('web', { app: 'shop' }))
  expect(await take(events, 3)).toEqual(['ADDED web 3', 'DELETED old 4', 'MODIFIED web 5'])
})

test('ApiServer watch without a version starts with everything that exists', async () => {
  apiServer.put(service('web'))
  const events = await watch('resourceVersion=0')
  apiServer.put({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'not-a-service', namespace: 'default' } })
  apiServer.delete(service('never-there'))
  apiServer.delete(service('web'))
  expect(await take(events, 2)).toEqual(['ADDED web 2', 'DELETED web 4'])
})

test('ApiServer watch-list ends its initial events with the bookmark that says so', async () => {
  apiServer.put(service('web'))
  const events = await watch(
    'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
  )
  expect(await take(events, 2)).toEqual(['ADDED web 2', 'BOOKMARK (initial-events-end) 2'])
})

test('ApiServer sends bookmarks to watchers that allow them, and to no other', async () => {
  const told = await watch('resourceVersion=1&allowWatchBookmarks=true')
  const untold = await watch('resourceVersion=1')
  apiServer.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  apiServer.sendBookmarks()
  apiServer.put(service('web'))
  expect(await take(told, 2)).toEqual(['BOOKMARK 2', 'ADDED web 3'])
  expect(await take(untold, 1)).toEqual(['ADDED web 3'])
})

test('ApiServer watch with a selector adds what comes to match and deletes what ceases to', async () => {
  apiServer.put(service('web', { app: 'shop' }))
  apiServer.put(service('db', { app: 'store' }))
  const selector = encodeURIComponent('app in (shop, fair)')
  expect(await getJson(`${SERVICES}?labelSelector=${selector}`)).toMatchObject({
    items: [{ metadata: { name: 'web' } }],
  })
  const events = await watch(`resourceVersion=3&labelSelector=${selector}`)
  apiServer.put(service('db', { app: 'fair' }))
  apiServer.put(service('db', { app: 'shop' }))
  apiServer.put(service('db'))
  apiServer.put(service('web', { app: 'fair' }))
  expect(await take(events, 4)).toEqual(['ADDED db 4', 'MODIFIED db 5', 'DELETED db 6', 'MODIFIED web 7'])
})

test('ApiServer field selector leaves out pods whose phase it excludes', async () => {
  const phases = { running: 'Running', done: 'Succeeded', lost: 'Failed' }
  for (const [name, phase] of Object.entries(phases)) {
    apiServer.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      status: { phase },
    })
  }
  const selector = encodeURIComponent('status.phase!=Succeeded,status.phase!=Failed')
  const pods = await getJson(`/api/v1/pods?fieldSelector=${selector}`)
  expect(pods).toMatchObject({ items: [{ metadata: { name: 'running' } }] })
  expect(pods).not.toHaveProperty('items.1')
})

test('ApiServer ends a watch after its timeoutSeconds and forgets it', async () => {
  const events = await watch('resourceVersion=1&timeoutSeconds=1')
  expect(apiServer.watchCount).toBe(1)
  expect((await events.next()).done).toBe(true)
  await expect.poll(() => apiServer.watchCount).toBe(0)
})

function service(name: string, labels?: Record<string, string>): ApiObject {
  const metadata = { name, namespace: 'default', ...(labels === undefined ? {} : { labels }) }
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: '10.96.0.10' } }
}

async function getJson(path: string): Promise<unknown> {
  const response = await fetch(apiServer.url + path)
  return response.json()
}

/** Opens a watch of services; its events come as text, `TYPE name resourceVersion`. */
async function watch(query: string): Promise<AsyncGenerator<string>> {
  const url = `${apiServer.url}${SERVICES}?watch=true&${query}`
  const response = await fetch(url, { signal: leaveWatches.signal })
  return eventsOf(response)
}

async function* eventsOf(response: Response): AsyncGenerator<string> {
  let rest = ''
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield describe(JSON.parse(line))
  }
}

function describe({ type, object }: { type: string; object: ApiObject }): string {
  const { name, resourceVersion, annotations } = object.metadata
  const end = JSON.stringify(annotations ?? {}).includes('"k8s.io/initial-events-end":"true"')
  return [type, name, end ? '(initial-events-end)' : '', resourceVersion].filter(Boolean).join(' ')
}

async function take(events: AsyncGenerator<string>, count: number): Promise<string[]> {
  const taken: string[] = []
  while (taken.length < count) {
    const next = await events.next()
    if (next.done === true) break
    taken.push(next.value)
  }
  return taken
}
