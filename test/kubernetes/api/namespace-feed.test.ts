import { expect, test } from 'vitest'
import { NamespaceFeed } from '../../../src/kubernetes/api/namespace-feed.ts'
import { namespace } from '../../helpers/cluster.ts'
import { fakeReflectors, FORBIDDEN, recordingSink } from '../../helpers/fake-reflectors.ts'

function feedOf(options: { readonly namespace?: string; readonly labelSelector?: string } = {}) {
  const { reflect, made } = fakeReflectors()
  const { sink, told } = recordingSink()
  const feed = new NamespaceFeed({ namespace: undefined, labelSelector: '', reflect, sink, ...options })
  const reflector = made.get('namespaces')
  if (reflector === undefined) throw new Error('no reflector was made')
  return { feed, reflector, told }
}

test('NamespaceFeed tells namespaces, and is settled when all are told', () => {
  const { feed, reflector, told } = feedOf()
  feed.see('shop')
  reflector.apply(namespace('shop'))
  expect(feed.isSettled).toBe(false)
  reflector.sync()
  reflector.remove('', 'shop')
  expect(told).toEqual(['+Namespace /shop', '-Namespace /shop'])
  expect(feed.isSettled).toBe(true)
})

test('NamespaceFeed asks for the one that is wanted by its name', () => {
  const { reflector } = feedOf({ namespace: 'shop' })
  expect(reflector.collection).toMatchObject({ namespace: undefined, fieldSelector: 'metadata.name=shop' })
})

test('K32 NamespaceFeed lets namespaces of Services stand for themselves while they may not be read', () => {
  const { feed, reflector, told } = feedOf()
  feed.see('shop')
  reflector.fail(FORBIDDEN)
  feed.see('store')
  feed.see('store')
  expect(told).toEqual(['+Namespace /shop', '+Namespace /store'])
  expect(feed).toMatchObject({ isSettled: true, whyUnavailable: 'forbidden' })
  reflector.apply(namespace('shop'))
  reflector.sync()
  expect(told.slice(2)).toEqual(['-Namespace /store'])
  expect(feed).toMatchObject({ isSettled: true, whyUnavailable: undefined })
})

test('NamespaceFeed forgets namespaces of Services where it knows those that there are', () => {
  const { feed, reflector, told } = feedOf()
  feed.see('shop')
  reflector.sync()
  feed.see('store')
  reflector.fail(FORBIDDEN)
  reflector.sync()
  expect(told).toEqual([])
})

test('NamespaceFeed with a selector waits until namespaces may be read', () => {
  const { feed, reflector, told } = feedOf({ labelSelector: 'team=a' })
  feed.see('shop')
  reflector.fail(FORBIDDEN)
  expect(told).toEqual([])
  expect(feed.isSettled).toBe(false)
})

test('NamespaceFeed goes on with what is known where reading is forbidden later', () => {
  const { feed, reflector, told } = feedOf()
  reflector.apply(namespace('shop'))
  reflector.sync()
  reflector.fail(FORBIDDEN)
  feed.see('store')
  expect(told).toEqual(['+Namespace /shop'])
  expect(feed.whyUnavailable).toBeUndefined()
})
