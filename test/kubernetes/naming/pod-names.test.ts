import { expect, test } from 'vitest'
import { ask, cluster, namespace, outcome, pod } from '../../helpers/cluster.ts'

const OBJECTS = [
  namespace('shop'),
  namespace('store'),
  pod('shop/web', ['10.1.0.1', 'fd00:1::5']),
  pod('shop/done', ['10.1.0.9'], { alive: false }),
  pod('store/host', ['192.168.1.1']),
]
const INSECURE = cluster(OBJECTS, { pods: 'insecure' })
const VERIFIED = cluster(OBJECTS, { pods: 'verified' })
const DISABLED = cluster(OBJECTS)
const NODATA = ['nodata']
const NXDOMAIN = ['nxdomain']

function pods(label: string): string {
  return `${label}.pod.cluster.local`
}

test.each([
  ['10-1-0-1.shop', 'A', 'A 10.1.0.1'],
  ['fd00-1--5.shop', 'AAAA', 'AAAA fd00:1::5'],
  ['fd00-1-0-0-0-0-0-5.shop', 'AAAA', 'AAAA fd00:1::5'],
  ['FD00-1--5.SHOP', 'AAAA', 'AAAA fd00:1::5'],
  ['fd00-0001--0005.shop', 'AAAA', 'AAAA fd00:1::5'],
])('findPodName: %s %s is the address, insecure and verified', (label, type, data) => {
  const expected = ['positive', `${pods(label)}. 30 ${data}`]
  expect(outcome(INSECURE, `${pods(label)} ${type}`)).toEqual(expected)
  expect(outcome(VERIFIED, `${pods(label)} ${type}`)).toEqual(expected)
  expect(outcome(DISABLED, `${pods(label)} ${type}`)).toEqual(NXDOMAIN)
})

test.each(['AAAA', 'SRV', 'TXT', 'CNAME', 'MX', 'SOA', 'HTTPS'])(
  'findPodName: %s at an IPv4 Pod is NODATA',
  (type) => {
    expect(outcome(INSECURE, `${pods('10-1-0-1.shop')} ${type}`)).toEqual(NODATA)
    expect(outcome(VERIFIED, `${pods('10-1-0-1.shop')} ${type}`)).toEqual(NODATA)
  },
)

test.each([
  'foo.10-1-0-1.shop',
  'a.b.10-1-0-1.shop',
  '10-1-0-1.foo.shop',
  '10-1-0.shop',
  '10-1-0-256.shop',
  '010-1-0-1.shop',
  '10-1-0-1-.shop',
  'web.shop',
  '--ffff-a01-1.shop',
  'fd00-1--5--1.shop',
  '10-1-0-1.absent',
])('findPodName: %s is no Pod', (label) => {
  expect(outcome(INSECURE, pods(label))).toEqual(NXDOMAIN)
  expect(outcome(VERIFIED, pods(label))).toEqual(NXDOMAIN)
})

test('S08 a Pod name without such a Pod is NXDOMAIN where Pods are verified', () => {
  expect(outcome(VERIFIED, pods('10-9-9-9.shop'))).toEqual(NXDOMAIN)
  expect(outcome(VERIFIED, pods('192-168-1-1.shop'))).toEqual(NXDOMAIN)
  expect(outcome(VERIFIED, pods('192-168-1-1.store'))[0]).toBe('positive')
  expect(outcome(INSECURE, pods('10-9-9-9.shop'))[0]).toBe('positive')
  expect(ask(VERIFIED, pods('10-9-9-9.shop')).reason.text).toBe(
    'no running Pod in namespace "shop" has address 10.9.9.9',
  )
})

test('findPodName drops a Pod that is no longer alive', () => {
  const { store, rules } = cluster(OBJECTS, { pods: 'verified' })
  expect(outcome({ rules }, pods('10-1-0-9.shop'))).toEqual(NXDOMAIN)
  store.apply(pod('shop/web', ['10.1.0.1'], { alive: false }))
  expect(outcome({ rules }, pods('10-1-0-1.shop'))).toEqual(NXDOMAIN)
})

test('findPodName knows Pods that share the address of their node', () => {
  const { store, rules } = cluster(
    [namespace('a'), namespace('b'), pod('a/one', ['10.0.0.1']), pod('b/two', ['10.0.0.1'])],
    { pods: 'verified' },
  )
  expect(outcome({ rules }, pods('10-0-0-1.a'))[0]).toBe('positive')
  store.remove({ kind: 'Pod', namespace: 'a', name: 'one' })
  expect(outcome({ rules }, pods('10-0-0-1.a'))).toEqual(NXDOMAIN)
  expect(outcome({ rules }, pods('10-0-0-1.b'))[0]).toBe('positive')
})

test('Pods have no PTR', () => {
  expect(outcome(INSECURE, '1.0.1.10.in-addr.arpa PTR')).toEqual(NXDOMAIN)
})
