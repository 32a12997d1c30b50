import { collectionPath, PODS } from '../../../src/kubernetes/api/api-resource.ts'
import type { ApiClient, Page } from './api-client.ts'
import type { ScriptPods } from './script-pods.ts'

/** The stand-ins for a real API server. */
export type StandIn = 'ApiServer' | 'ModelServer'

/** Something that a client does, and what it sees. */
export interface ScriptStep {
  readonly name: string
  /** For which stand-ins it is left out: their docstrings say why. */
  readonly notFor?: readonly StandIn[]
  run(client: ApiClient, pods: ScriptPods): Promise<readonly string[]>
}

const WATCH_LIST = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
const LIMIT = 3

/**
 * One after the other: each begins with what those before have left. What some stand-ins leave out writes nothing that later steps
 * of others would show.
 */
export const SCRIPT: readonly ScriptStep[] = [
  { name: 'a list of nothing', run: async (client) => describeList(client, await client.list()) },
  {
    name: 'versions grow with each write',
    run: async (_, pods) => {
      const versions: number[] = []
      for (let index = 1; index <= 7; index++)
        versions.push(await pods.create(`pod-${index}`, index % 2 === 0 ? 'back' : 'front'))
      versions.push(await pods.setStatus('pod-2', 'Running', '10.244.1.2'))
      versions.push(await pods.setStatus('pod-5', 'Failed', '10.244.1.5'))
      return versions.map((version, index) => `grows: ${version > (versions[index - 1] ?? 0)}`)
    },
  },
  { name: 'a list', run: async (client) => describeList(client, await client.list()) },
  {
    name: 'a list of any age',
    run: async (client) => {
      const { failure, items, end } = await client.list('resourceVersion=0')
      // What it holds may be older.
      const isWhole = items.every(({ object }) => object !== undefined)
      return [String(failure?.code), `whole: ${isWhole}, has a version: ${Number(end.resourceVersion) > 0}`]
    },
  },
  { name: 'pages', run: async (client) => describePages(client, await allPages(client)) },
  {
    name: 'pages of a list that changes meanwhile are of one version',
    run: async (client, pods) => {
      const first = await client.list(`limit=${LIMIT}`)
      await pods.remove('pod-7')
      await pods.setStatus('pod-6', 'Running', '10.244.1.6')
      return describePages(client, await pagesAfter(client, first))
    },
  },
  {
    name: 'a watch from a version tells what came after, then what comes',
    run: async (client, pods) => {
      const since = await pods.relabel('pod-1', 'other')
      await pods.create('pod-8', 'front')
      await pods.setStatus('pod-8', 'Running', '10.244.1.8')
      await pods.remove('pod-3')
      const watch = await client.watch(`resourceVersion=${since}&timeoutSeconds=300`)
      const past = await watch.take(3)
      await pods.create('pod-9', 'back')
      await pods.setStatus('pod-9', 'Failed', '10.244.1.9')
      await pods.remove('pod-8')
      await pods.create('pod-8', 'back')
      return [...past, 'then', ...(await watch.take(4))]
    },
  },
  {
    name: 'a watch from the version of a list tells nothing at first',
    run: async (client, pods) => {
      const { end } = await client.list()
      const watch = await client.watch(`resourceVersion=${end.resourceVersion}&timeoutSeconds=300`)
      const past = await watch.take(0)
      await pods.remove('pod-8')
      return [...past, 'then', ...(await watch.take(1))]
    },
  },
  {
    name: 'a watch-list',
    run: async (client, pods) => {
      const watch = await client.watch(`${WATCH_LIST}&timeoutSeconds=300`)
      const initial = await watch.take(7)
      await pods.create('pod-3', 'front')
      await pods.remove('pod-9')
      // In which order what exists is told is free.
      return [...initial.toSorted(), 'then', ...(await watch.take(2))]
    },
  },
  ...['', 'resourceVersion=0&'].map((version): ScriptStep => ({
    name: `a watch from ${version === '' ? 'no version' : 'version 0'} begins with what exists`,
    notFor: ['ModelServer'],
    run: async (client, pods) => {
      const watch = await client.watch(`${version}timeoutSeconds=300`)
      const initial = await watch.take(6)
      await pods.relabel('pod-1', version === '' ? 'back' : 'other')
      return [...initial.toSorted(), 'then', ...(await watch.take(1))]
    },
  })),
  {
    name: 'a write that changes nothing is none',
    notFor: ['ModelServer'],
    run: async (client, pods) => {
      const since = await pods.relabel('pod-4', 'other')
      const watch = await client.watch(`resourceVersion=${since}&timeoutSeconds=300`)
      const again = await pods.relabel('pod-4', 'other')
      return [`same version: ${again === since}`, ...(await watch.take(0))]
    },
  },
  ...[
    'labelSelector=tier=front',
    'labelSelector=tier!=front',
    'labelSelector=tier in (front,other)',
    'labelSelector=tier notin (front,other)',
    'labelSelector=!tier',
    'labelSelector=tier,other',
    'fieldSelector=metadata.name=pod-2',
    'fieldSelector=metadata.namespace=default,metadata.name!=pod-2',
    'fieldSelector=status.phase!=Failed,status.phase!=Succeeded',
  ].map((selector): ScriptStep => ({
    name: `a list of ${selector}`,
    notFor: ['ModelServer'],
    run: async (client) => describeList(client, await client.list(encoded(selector))),
  })),
  {
    name: 'watches with selectors: what comes to match is added, what ceases to is deleted',
    notFor: ['ModelServer'],
    run: async (client, pods) => {
      const since = await pods.relabel('pod-2', 'back')
      const [byLabel, byField] = await Promise.all([
        client.watch(`resourceVersion=${since}&${encoded('labelSelector=tier=front')}&timeoutSeconds=300`),
        client.watch(
          `resourceVersion=${since}&${encoded('fieldSelector=status.phase!=Failed')}&timeoutSeconds=300`,
        ),
      ])
      await pods.relabel('pod-2', 'front')
      await pods.setStatus('pod-2', 'Failed', '10.244.1.2')
      await pods.relabel('pod-2', 'back')
      await pods.setStatus('pod-2', 'Running', '10.244.1.3')
      await pods.remove('pod-2')
      await pods.create('pod-2', 'front')
      return [...(await byLabel.take(3)), 'by field', ...(await byField.take(4))]
    },
  },
  {
    name: 'a watch-list with a selector',
    notFor: ['ModelServer'],
    run: async (client) => {
      const watch = await client.watch(
        `${WATCH_LIST}&${encoded('labelSelector=tier=front')}&timeoutSeconds=300`,
      )
      return (await watch.take(4)).toSorted()
    },
  },
  {
    name: 'a watch ends when its time is over, and bookmarks go to nobody who does not want them',
    run: async (client) => {
      const since = (await client.list()).end.resourceVersion
      const [told, untold] = await Promise.all([
        client.watch(`resourceVersion=${since}&allowWatchBookmarks=true&timeoutSeconds=4`),
        client.watch(`resourceVersion=${since}&timeoutSeconds=1`),
      ])
      await client.subject.bookmark()
      const quiet = await untold.drain(6000)
      return [...quiet, 'with bookmarks', ...(await told.drain(6000))]
    },
  },
  {
    name: 'a page and a watch that begin with what is forgotten',
    notFor: ['ApiServer'],
    run: async (client, pods) => {
      const { end } = await client.list(`limit=${LIMIT}`)
      await pods.relabel('pod-1', 'front')
      await client.subject.forget()
      const page = await client.list(`limit=${LIMIT}&continue=${encodeURIComponent(end.continueToken)}`)
      const watch = await client.watch('resourceVersion=1&timeoutSeconds=300')
      return [...describeList(client, page), ...(await watch.take(2))]
    },
  },
  {
    name: 'a watch from the future',
    notFor: ['ApiServer'],
    run: async (client) => {
      const { end } = await client.list()
      const future = Number(end.resourceVersion) + 1_000_000
      // It would be refused within 3 seconds.
      return (await client.watch(`resourceVersion=${future}&timeoutSeconds=300`)).take(2, 3500)
    },
  },
  {
    name: 'what is not served is a Status of 404',
    notFor: ['ModelServer'],
    run: async (client) => {
      const { status, body } = await client.raw('/api/v1/nothings')
      return [`${status} ${describeFields(body, ['kind', 'apiVersion', 'status', 'reason', 'code'])}`]
    },
  },
  { name: 'the forms of lists and of objects in them', notFor: ['ModelServer'], run: describeForms },
  {
    name: 'in the end nothing is left',
    run: async (client, pods) => {
      await pods.removeAll()
      return describeList(client, await client.list())
    },
  },
]

async function allPages(client: ApiClient): Promise<readonly Page[]> {
  return pagesAfter(client, await client.list(`limit=${LIMIT}`))
}

async function pagesAfter(client: ApiClient, first: Page): Promise<readonly Page[]> {
  const pages = [first]
  for (let token = first.end.continueToken; token !== '';) {
    const page = await client.list(`limit=${LIMIT}&continue=${encodeURIComponent(token)}`)
    pages.push(page)
    token = page.end.continueToken
  }
  return pages
}

function describeList(client: ApiClient, { failure, items, end }: Page): readonly string[] {
  if (failure !== undefined) return [`${failure.code} ${failure.reason}`]
  const isNew = client.isNew(end.resourceVersion)
  // The order is free.
  return [
    `of now: ${isNew}, more: ${end.continueToken !== ''}`,
    ...items.map((item) => client.describe(item)).toSorted(),
  ]
}

/** A server may give everything in one page. */
function describePages(client: ApiClient, pages: readonly Page[]): readonly string[] {
  const versions = new Set(pages.map(({ end }) => end.resourceVersion))
  const failures = pages.flatMap(({ failure }) => (failure === undefined ? [] : [String(failure.code)]))
  const items = pages.flatMap((page) => page.items)
  return [
    `one version: ${versions.size === 1}`,
    ...failures,
    ...items.map((item) => client.describe(item)).toSorted(),
  ]
}

/** Which of the fields that tell objects apart are there, in lists and in watches. */
async function describeForms(client: ApiClient): Promise<readonly string[]> {
  const path = collectionPath(PODS, undefined)
  const { body } = await client.raw(`${path}?${encoded('fieldSelector=metadata.name=pod-2')}`)
  const items = isRecord(body) && Array.isArray(body['items']) ? body['items'] : []
  return [
    `list: ${describeFields(body, ['kind', 'apiVersion'])}`,
    ...items.map((item) => `item: ${describeFields(item, ['kind', 'apiVersion'])}`),
  ]
}

function describeFields(value: unknown, fields: readonly string[]): string {
  return JSON.stringify(isRecord(value) ? fields.map((field) => value[field]) : value)
}

/** `name=value` with the value as a URL has it. */
function encoded(selector: string): string {
  const [name = '', ...value] = selector.split('=')
  return `${name}=${encodeURIComponent(value.join('='))}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
