import { describe, expect, test } from 'vitest'

import { codesIn, yamlCluster } from '../helpers/yaml-cluster.ts'

const SERVICE =
  '{apiVersion: v1, kind: Service, metadata: {name: svc, namespace: shop}, spec: {clusterIP: None, selector: {app: web}}}'

interface WorkloadFields {
  readonly spec?: string
  /** Of its Pods. */
  readonly podSpec?: string
}

function withService(kind: string, { spec = '', podSpec = '' }: WorkloadFields = {}): string {
  const apiVersion = kind === 'Job' ? 'batch/v1' : 'apps/v1'
  return `${SERVICE}
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: web, namespace: shop}
spec: {${spec}${spec && ', '}template: {metadata: {labels: {app: web}}, spec: {${podSpec}}}}`
}

const pod = (name: string, spec: string, status = '') => `
---
{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, labels: {app: web}}, spec: {${spec}}, status: {${status}}}`

test.each(['Deployment', 'ReplicaSet', 'StatefulSet'])(
  'a %s scaled to zero takes the headless name away, with the reason, and brings it back',
  async (kind) => {
    const here = await yamlCluster(withService(kind, { spec: 'replicas: 2' }))
    expect(here.answers('svc.shop A')).toHaveLength(3)
    const before = here.answers('svc.shop A')
    here.replace(withService(kind, { spec: 'replicas: 0' }))
    for (const type of ['A', 'AAAA', 'SRV', 'TXT'])
      expect(here.answers(`svc.shop ${type}`)).toEqual(['nxdomain'])
    expect(here.reason('svc.shop A')).toBe('service "svc" is headless and has no ready endpoint')
    expect(here.answers('_why.svc.shop TXT')[1]).toContain('does the selector match a Pod?')
    expect(codesIn(here)).toEqual(['SELECTOR_WITHOUT_PODS'])
    here.replace(withService(kind, { spec: 'replicas: 2' }))
    expect(here.answers('svc.shop A')).toEqual(before)
  },
)

test('a ClusterIP Service keeps its name when its workload is scaled to zero, but for "ignore empty_service"', async () => {
  const yaml = withService('Deployment', { spec: 'replicas: 0' }).replace(
    'clusterIP: None',
    'ports: [{port: 80}]',
  )
  const here = await yamlCluster(yaml)
  expect(here.answers('svc.shop A')[0]).toBe('positive')
  const strict = await yamlCluster(yaml, { ignoreEmptyService: true })
  expect(strict.answers('svc.shop A')).toEqual(['nxdomain'])
  expect(strict.reason('svc.shop A')).toContain('has no ready endpoint and empty services are ignored')
})

const setFrom = (start: number) =>
  withService('StatefulSet', { spec: `replicas: 2, serviceName: svc, ordinals: {start: ${start}}` })

describe('StatefulSet', () => {
  test('Pods count from ordinals.start, and keep their addresses when it moves', async () => {
    const here = await yamlCluster(setFrom(3))
    const four = here.answers('web-4.svc.shop A')
    expect(four[0]).toBe('positive')
    expect(here.answers('web-3.svc.shop A')[0]).toBe('positive')
    for (const name of ['web-0', 'web-2', 'web-5']) {
      expect(here.answers(`${name}.svc.shop A`)).toEqual(['nxdomain'])
    }
    here.replace(setFrom(4))
    expect(here.answers('web-3.svc.shop A')).toEqual(['nxdomain'])
    expect(here.answers('web-4.svc.shop A')).toEqual(four)
    expect(here.answers('web-5.svc.shop A')[0]).toBe('positive')
  })

  test('its own hostname wins over one in the template', async () => {
    const here = await yamlCluster(
      withService('StatefulSet', { spec: 'serviceName: svc', podSpec: 'hostname: mine, subdomain: other' }),
    )
    expect(here.answers('web-0.svc.shop A')[0]).toBe('positive')
    expect(here.answers('mine.svc.shop A')).toEqual(['nxdomain'])
  })
})

const indexedJob = (more: string) =>
  withService('Job', {
    spec: `parallelism: 2, completions: 3, completionMode: Indexed${more}`,
    podSpec: 'subdomain: svc',
  })

test('an indexed Job has a name for each index, a complete or suspended one has none', async () => {
  const here = await yamlCluster(indexedJob(''))
  expect(['web-0', 'web-1', 'web-2'].map((name) => here.answers(`${name}.svc.shop A`)[0])).toEqual([
    'positive',
    'positive',
    'nxdomain',
  ])
  here.replace(indexedJob(', suspend: true'))
  expect(here.answers('svc.shop A')).toEqual(['nxdomain'])
  here.replace(`${indexedJob('')}\nstatus: {conditions: [{type: Complete, status: "True"}], succeeded: 3}`)
  expect(here.answers('svc.shop A')).toEqual(['nxdomain'])
})

test('a DaemonSet has one Pod with a dashed name', async () => {
  const here = await yamlCluster(withService('DaemonSet'))
  const [kind, record = ''] = here.answers('svc.shop A')
  expect(kind).toBe('positive')
  const label = record.slice('A '.length).replaceAll('.', '-')
  expect(here.answers(`${label}.svc.shop A`)).toEqual(['positive', record])
})

describe('Pod', () => {
  const status = 'podIP: 10.1.0.1'

  test('a subdomain without hostname gives the dashed name only, and is reported', async () => {
    const here = await yamlCluster(SERVICE + pod('p', 'subdomain: svc', status))
    expect(here.answers('10-1-0-1.svc.shop A')).toEqual(['positive', 'A 10.1.0.1'])
    expect(here.answers('p.svc.shop A')).toEqual(['nxdomain'])
    expect(codesIn(here)).toEqual(['POD_HOSTNAME'])
  })

  test('setHostnameAsFQDN changes nothing', async () => {
    const here = await yamlCluster(
      SERVICE + pod('p', 'hostname: one, subdomain: svc, setHostnameAsFQDN: true', status),
    )
    expect(here.answers('one.svc.shop A')).toEqual(['positive', 'A 10.1.0.1'])
    expect(here.reverse('1.0.1.10.in-addr.arpa')).toEqual(['PTR one.svc.shop.svc.cluster.local.'])
    expect(here.problems()).toEqual([])
  })

  test('Pods on the network of one host share its address: one record, and no complaint', async () => {
    const shared = 'podIP: 192.168.0.10'
    const here = await yamlCluster(
      SERVICE + pod('a', 'hostNetwork: true', shared) + pod('b', 'hostNetwork: true', shared),
    )
    expect(here.answers('svc.shop A')).toEqual(['positive', 'A 192.168.0.10'])
    expect(here.reverse('10.0.168.192.in-addr.arpa')).toEqual([
      'PTR 192-168-0-10.svc.shop.svc.cluster.local.',
    ])
    expect(here.problems()).toEqual([])
  })
})

test.each([
  [
    'label',
    pod('p', '', 'podIP: 10.1.0.1').replace('app: web', 'app: web, topology.kubernetes.io/zone: zone-a'),
  ],
  ['nodeSelector', pod('p', 'nodeSelector: {topology.kubernetes.io/zone: zone-a}', 'podIP: 10.1.0.1')],
])('a Pod is in the topology zone that its %s says', async (_, yaml) => {
  const here = await yamlCluster(SERVICE + yaml + pod('q', '', 'podIP: 10.1.0.2'), { zonal: true })
  expect(here.answers('zone-a.pin._zone.svc.shop A')).toEqual(['positive', 'A 10.1.0.1'])
  expect(here.answers('zone-b.prefer._zone.svc.shop A')).toEqual(['positive', 'A 10.1.0.1', 'A 10.1.0.2'])
})
