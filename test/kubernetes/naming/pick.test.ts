import { expect, test } from 'vitest'
import { ClusterStore } from '../../../src/kubernetes/cluster-store.ts'
import { ask, cluster, namespace, pod, rulesOver, service, slice } from '../../helpers/cluster.ts'

const OBJECTS = [
  namespace('shop'),
  service('shop/web', { clusterIPs: ['10.96.0.1'], ports: ['http:80/TCP'] }),
  service('shop/db'),
  service('shop/cache'),
  slice('shop/cache-1', 'cache', { endpoints: ['10.1.0.1'] }),
  pod('shop/one', ['10.1.0.9']),
]

/** Kinds of the answers to names that exist (or not) for several reasons. */
function kinds({ store, rules }: ReturnType<typeof cluster>): Record<string, string> {
  expect(store.hasSynced).toBe(true)
  const names = {
    clusterIP: 'web.shop.svc.cluster.local A',
    headless: 'db.shop.svc.cluster.local A',
    endpoint: '10-1-0-7.cache.shop.svc.cluster.local A',
    pod: '10-1-0-8.shop.pod.cluster.local A',
    reverse: '8.0.1.10.in-addr.arpa PTR',
    service: 'nope.shop.svc.cluster.local A',
  }
  return Object.fromEntries(Object.entries(names).map(([what, asked]) => [what, ask({ rules }, asked).kind]))
}

test('K32 deny says nothing about names that depend on objects that cannot be had, and denies the others', () => {
  const live = cluster(OBJECTS, { pods: 'verified' })
  const all = { headless: 'nxdomain', endpoint: 'nxdomain', pod: 'nxdomain', reverse: 'nxdomain' }
  expect(kinds(live)).toEqual({ clusterIP: 'positive', service: 'nxdomain', ...all })
  live.store.markUnavailable('EndpointSlice', 'forbidden')
  const unknown = { headless: 'failure', endpoint: 'failure', reverse: 'failure' }
  expect(kinds(live)).toEqual({ clusterIP: 'positive', service: 'nxdomain', pod: 'nxdomain', ...unknown })
  expect(ask(live, 'db.shop.svc.cluster.local A').reason).toEqual({
    code: 14,
    text: 'EndpointSlice objects cannot be read: forbidden',
  })
  live.store.markUnavailable('Pod', 'forbidden')
  live.store.markUnavailable('EndpointSlice', undefined)
  expect(kinds(live)).toEqual({ clusterIP: 'positive', service: 'nxdomain', ...all, pod: 'failure' })
})

test('K01 before the first sync a name that is not known is a failure, and _why says what is wrong', () => {
  const store = new ClusterStore({ nowSeconds: () => 1_700_000_000 })
  const rules = rulesOver(store)
  store.describe(() => ['no connection to https://192.0.2.1:6443'])
  expect(ask({ rules }, 'web.shop.svc.cluster.local A')).toMatchObject({
    kind: 'failure',
    reason: { code: 14, text: 'not synced with the API server yet' },
  })
  const { answer } = ask({ rules }, '_why.web.shop.svc.cluster.local TXT')
  expect(answer[0]?.rdatas).toEqual([
    {
      kind: 'TXT',
      strings: ['not synced with the API server yet', 'no connection to https://192.0.2.1:6443'],
    },
  ])
})

test('K03 _why says that what is known may be out of date while the API server is away', () => {
  const { store, rules } = cluster([namespace('shop'), service('shop/web', { clusterIPs: ['10.96.0.1'] })])
  const why = (name: string) => ask({ rules }, `_why.${name}.shop.svc.cluster.local TXT`).answer[0]?.rdatas
  const known = [why('web'), why('db')]
  store.describe(
    () => [],
    () => ['This may be out of date: nobody answers.'],
  )
  for (const [index, name] of ['web', 'db'].entries()) {
    expect(why(name)).not.toEqual(known[index])
    expect(JSON.stringify(why(name))).toContain('"This may be out of date: nobody answers."]')
  }
})
