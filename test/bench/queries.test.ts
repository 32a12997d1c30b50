import { expect, test } from 'vitest'
import { makeCluster } from '../../bench/cluster.ts'
import { composeQueryFile, makeMixes, nameOf } from '../../bench/queries.ts'

const cluster = makeCluster({ serviceCount: 300, endpointsPerSlice: 10 })
const names = new Set(cluster.services.map(nameOf))

test('makeMixes asks in the mixed load for 60 % names that exist and 40 % that do not', () => {
  const mixed = questionsOf('mixed')
  const existing = mixed.filter(({ name }) => names.has(name))
  expect(existing.length / mixed.length).toBeCloseTo(0.6, 1)
  expect(mixed.every(({ name, type }) => name.endsWith('cluster.local') && type === 'A')).toBe(true)
})

test('makeMixes spreads every load over all Services of its kind', () => {
  const headless = cluster.services.filter(({ clusterIP }) => clusterIP === undefined).map(nameOf)
  expect(new Set(questionsOf('headless').map(({ name }) => name))).toEqual(new Set(headless))
  expect(new Set(questionsOf('srv').map(({ name }) => name)).size).toBe(270)
  expect(new Set(questionsOf('nodata').map(({ name }) => name)).size).toBe(270)
})

test('makeMixes asks in the denied load for nothing that exists', () => {
  expect(questionsOf('denied').filter(({ name }) => names.has(name))).toEqual([])
})

test('makeMixes asks in the cached load for few enough names outside that a cache holds them all', () => {
  const cached = new Set(questionsOf('cached').map(({ name }) => name))
  expect(cached.size).toBe(1000)
  expect([...cached].filter((name) => name.endsWith('cluster.local'))).toEqual([])
})

test('makeMixes gives equal clusters equal questions', () => {
  expect(makeMixes(makeCluster({ serviceCount: 300, endpointsPerSlice: 10 }))).toEqual(makeMixes(cluster))
})

test('composeQueryFile writes one name and type a line', () => {
  const questions = [
    { name: 'web.shop.svc.cluster.local', type: 'A' },
    { name: '_http._tcp.web.shop.svc.cluster.local', type: 'SRV' },
  ] as const
  expect(composeQueryFile(questions)).toBe(
    'web.shop.svc.cluster.local A\n_http._tcp.web.shop.svc.cluster.local SRV\n',
  )
})

function questionsOf(mix: string) {
  return makeMixes(cluster).find(({ name }) => name === mix)?.questions ?? []
}
