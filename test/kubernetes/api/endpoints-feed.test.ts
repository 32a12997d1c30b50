import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ShrunkEndpoints } from '../../../src/kubernetes/api/api-event.ts'
import { EndpointsFeed } from '../../../src/kubernetes/api/endpoints-feed.ts'
import type { ClusterSink } from '../../../src/kubernetes/source.ts'
import { slice } from '../../helpers/cluster.ts'
import type { FakeReflector } from '../../helpers/fake-reflectors.ts'
import { fakeReflectors, FORBIDDEN, recordingSink } from '../../helpers/fake-reflectors.ts'

function feedOf({ removalMs = 0 } = {}) {
  const { reflect, made } = fakeReflectors()
  const { sink: recording, told } = recordingSink()
  const sink: ClusterSink = {
    ...recording,
    remove(reference) {
      const from = performance.now()
      while (performance.now() - from < removalMs);
      recording.remove(reference)
    },
  }
  const changes: string[] = []
  const feed = new EndpointsFeed({
    namespace: undefined,
    labelSelector: 'app=web',
    reflect,
    sink,
    onSliceChanged: ({ name }, triggeredMs) => changes.push(`${name} at ${triggeredMs}`),
  })
  feed.start()
  const reflector = (plural: string): FakeReflector => {
    const one = made.get(plural)
    if (one === undefined) throw new Error(`no reflector of ${plural} was made`)
    return one
  }
  return { feed, told, changes, made, reflector }
}

const SLICE = slice('shop/web-1', 'web', { endpoints: ['10.1.0.1'] })

function endpoints(...slices: ShrunkEndpoints['slices'][number][]): ShrunkEndpoints {
  return { kind: 'Endpoints', namespace: 'shop', name: 'web', slices }
}

test('EndpointsFeed tells slices, and says which changed after the first list', () => {
  const { feed, told, changes, made, reflector } = feedOf()
  const slices = reflector('endpointslices')
  expect(slices.collection).toMatchObject({ namespace: undefined, labelSelector: 'app=web' })
  slices.apply(SLICE, 2_000)
  expect(feed.isSettled).toBe(false)
  slices.sync(5_000)
  slices.apply(SLICE, 6_000)
  slices.apply(slice('shop/web-1', 'web', { endpoints: ['10.1.0.2'] }), 4_000)
  slices.apply(slice('shop/web-1', 'web', { endpoints: ['10.1.0.3'] }), 7_000)
  slices.remove('shop', 'web-1')
  expect(told).toEqual([
    ...Array.from({ length: 3 }, () => '+EndpointSlice shop/web-1'),
    '-EndpointSlice shop/web-1',
  ])
  expect(changes).toEqual(['web-1 at 7000'])
  expect(feed.isSettled).toBe(true)
  expect([...made.keys()]).toEqual(['endpointslices'])
})

test('K32 EndpointsFeed follows Endpoints where slices are refused, and goes back without a gap', () => {
  const { feed, told, reflector } = feedOf()
  reflector('endpointslices').fail(FORBIDDEN)
  const fallback = reflector('endpoints')
  expect(fallback.state).toBe('started')
  const one = slice('shop/web-a', 'web', { endpoints: ['10.1.0.1'] })
  const two = slice('shop/web-b', 'web', { endpoints: ['10.1.0.2'] })
  fallback.apply(endpoints(one, two))
  expect(feed.isSettled).toBe(false)
  fallback.sync()
  expect(feed).toMatchObject({ isSettled: true, whyUnavailable: undefined })
  fallback.apply(endpoints(one))
  expect(told.splice(0)).toEqual([
    '+EndpointSlice shop/web-a',
    '+EndpointSlice shop/web-b',
    '-EndpointSlice shop/web-b',
  ])
  expect(feed.watches.map(({ resource }) => resource.plural)).toEqual(['endpointslices', 'endpoints'])

  reflector('endpointslices').apply(SLICE)
  expect(told).toEqual(['+EndpointSlice shop/web-1'])
  reflector('endpointslices').sync()
  expect(told.slice(1)).toEqual(['-EndpointSlice shop/web-a'])
  expect(fallback.state).toBe('stopped')
  expect(feed.watches).toHaveLength(1)
})

test('EndpointsFeed goes back in pieces between which other work has its turn, and no further once it is stopped', async () => {
  const { feed, told, reflector } = feedOf({ removalMs: 1 })
  reflector('endpointslices').fail(FORBIDDEN)
  for (let index = 0; index < 100; index++) {
    const made = [slice(`shop/web-${index}`, 'web', { endpoints: ['10.1.0.1'] })]
    reflector('endpoints').apply({ kind: 'Endpoints', namespace: 'shop', name: `web-${index}`, slices: made })
  }
  reflector('endpointslices').sync()
  const removals = (): number => told.filter((one) => one.startsWith('-')).length
  const atFirst = removals()
  await setImmediate()
  await setImmediate()
  const later = removals()
  feed.stop()
  await setImmediate()
  await setImmediate()
  expect(atFirst).toBeGreaterThan(0)
  expect(later).toBeGreaterThan(atFirst)
  expect(removals()).toBe(later)
  expect(later).toBeLessThan(100)
})

test('EndpointsFeed says which Endpoints changed after their first list', () => {
  const { changes, reflector } = feedOf()
  reflector('endpointslices').fail(FORBIDDEN)
  const fallback = reflector('endpoints')
  const one = slice('shop/web-a', 'web', { endpoints: ['10.1.0.1'] })
  const two = slice('shop/web-b', 'web', { endpoints: ['10.1.0.2'] })
  fallback.apply(endpoints(one), 2_000)
  fallback.sync(5_000)
  fallback.apply(endpoints(one), 6_000)
  expect(changes).toEqual([])
  fallback.apply(endpoints(one, two), 7_000)
  expect(changes).toEqual(['web-b at 7000'])
})

test('EndpointsFeed removes what it made of Endpoints that are gone', () => {
  const { told, reflector } = feedOf()
  reflector('endpointslices').fail({ status: 404, message: 'not served' })
  reflector('endpoints').apply(endpoints(SLICE))
  reflector('endpoints').remove('shop', 'web')
  expect(told).toEqual(['+EndpointSlice shop/web-1', '-EndpointSlice shop/web-1'])
})

test('K32 EndpointsFeed is settled, with nothing to be had, where both are refused', () => {
  const { feed, reflector } = feedOf()
  reflector('endpointslices').fail(FORBIDDEN)
  expect(feed.isSettled).toBe(false)
  reflector('endpoints').fail(FORBIDDEN)
  expect(feed).toMatchObject({ isSettled: true, whyUnavailable: 'forbidden' })
})

test('EndpointsFeed does not turn to Endpoints for a failure that passes, nor after it has seen slices', () => {
  const { made, reflector } = feedOf()
  reflector('endpointslices').fail({ status: 500, message: 'broken' })
  reflector('endpointslices').fail({ status: 0, message: 'no connection' })
  reflector('endpointslices').sync()
  reflector('endpointslices').fail(FORBIDDEN)
  expect(made.has('endpoints')).toBe(false)
})
