import { describe, expect, test } from 'vitest'

import { codesIn, yamlCluster } from '../helpers/yaml-cluster.ts'

const POD = `
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop, labels: {app: web}}
status: {podIPs: [{ip: 10.1.0.1}, {ip: "fd00:1::1"}]}`

/** A Service `web` that selects the Pod, with a cluster IP of each family to be had. */
const web = (spec: string, pod = POD) =>
  `{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}], ${spec}}}${pod}`

const CLUSTER_IP = web('clusterIPs: [10.96.0.1, "fd00::96"], ipFamilyPolicy: RequireDualStack')
const HEADLESS = web('clusterIP: None, ipFamilyPolicy: PreferDualStack')
const EXTERNAL = web('type: ExternalName, externalName: web.example.com')

const dualWith = (status: string) =>
  web('clusterIP: None, ipFamilyPolicy: RequireDualStack', POD.replace('{podIPs', `{${status}podIPs`))
const has = (text: string) => ['positive', expect.stringContaining(text)]

describe('K26', () => {
  test('K26 endpoints of one family only are NODATA for the other, none ready is NXDOMAIN', async () => {
    const only4 = dualWith('').replace(', {ip: "fd00:1::1"}', '')
    const here = await yamlCluster(only4)
    expect(here.answers('web.shop A')).toEqual(['positive', 'A 10.1.0.1'])
    expect(here.answers('web.shop AAAA')).toEqual(['nodata'])
    here.replace(dualWith('conditions: [{type: Ready, status: "False"}], '))
    expect(here.answers('web.shop A')).toEqual(['nxdomain'])
    expect(here.answers('web.shop AAAA')).toEqual(['nxdomain'])
    expect(here.reason('web.shop A')).toBe(
      'service "web" is headless and has no ready endpoint (2 not ready)',
    )
    here.replace(dualWith(''))
    expect(here.answers('web.shop AAAA')).toEqual(['positive', 'AAAA fd00:1::1'])
  })

  test.each([
    ['headless', 'clusterIP: None', 'A 10.1.0.1', 'AAAA fd00:1::1'],
    ['ClusterIP', 'type: ClusterIP', 'A 10.', 'AAAA fd00:10:96::'],
  ])('K26 families of a %s Service switch live', async (_, spec, ipv4, ipv6) => {
    const here = await yamlCluster(web(`${spec}, ipFamilies: [IPv4]`))
    const families = () => ['A', 'AAAA'].map((type) => here.answers(`web.shop ${type}`))
    expect(families()).toEqual([has(ipv4), ['nodata']])
    here.replace(web(`${spec}, ipFamilies: [IPv6]`))
    expect(families()).toEqual([['nodata'], has(ipv6)])
    here.replace(web(`${spec}, ipFamilies: [IPv6, IPv4]`))
    expect(families()).toEqual([has(ipv4), has(ipv6)])
    here.replace(web(`${spec}, ipFamilies: [IPv4]`))
    expect(families()).toEqual([has(ipv4), ['nodata']])
  })
})

/** 253 octets. */
const LONGEST = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`

test.each<[externalName: string, expected: string, code?: string]>([
  ['192.0.2.1', 'nxdomain', 'EXTERNAL_NAME'],
  ['2001:db8::1', 'nxdomain', 'EXTERNAL_NAME'],
  ['web.shop.svc.cluster.local', 'CNAME web.shop.svc.cluster.local.'],
  ['other.shop.svc.cluster.local', 'CNAME other.shop.svc.cluster.local.'],
  ['Web.Example.COM', 'CNAME Web.Example.COM.'],
  ['web.example.com.', 'CNAME web.example.com.'],
  [LONGEST, `CNAME ${LONGEST}.`],
  [`d${LONGEST}`, 'nxdomain', 'EXTERNAL_NAME'],
  [`${'a'.repeat(64)}.example`, 'nxdomain', 'EXTERNAL_NAME'],
  ['a..b', 'nxdomain', 'EXTERNAL_NAME'],
  ['.', 'nxdomain', 'EXTERNAL_NAME'],
  ['http://example.com/', 'CNAME http://example.com/.', 'EXTERNAL_NAME'],
])('K27 externalName %s', async (externalName, expected, code) => {
  const here = await yamlCluster(web(`type: ExternalName, externalName: "${externalName}"`))
  const alias = expected === 'nxdomain' ? [expected] : ['cname', expected]
  for (const type of ['A', 'AAAA', 'SRV', 'TXT']) expect(here.answers(`web.shop ${type}`)).toEqual(alias)
  expect(here.answers('_http._tcp.web.shop SRV')).toEqual(['nxdomain'])
  expect(codesIn(here)).toEqual(code === undefined ? [] : [code])
})

describe('K28', () => {
  const forms = { CLUSTER_IP, HEADLESS, EXTERNAL }
  const kinds = ['CLUSTER_IP', 'HEADLESS', 'EXTERNAL'] as const
  const moves = kinds.flatMap((from) => kinds.filter((to) => to !== from).map((to) => [from, to] as const))

  test.each(moves)(
    'K28 %s to %s: every answer is the old one or the new one, at every step',
    async (from, to) => {
      const here = await yamlCluster(forms[from])
      const questions = [
        'web.shop A',
        'web.shop AAAA',
        'web.shop SRV',
        'web.shop CNAME',
        '_http._tcp.web.shop SRV',
      ]
      const all = () => questions.map((question) => here.answers(question).join(', '))
      const before = all()
      const steps: string[][] = []
      here.replace(forms[to], () => steps.push(all()))
      const after = all()
      expect(after).not.toEqual(before)
      expect(steps.length).toBeGreaterThan(0)
      for (const step of steps) expect([before, after]).toContainEqual(step)
      const fresh = await yamlCluster(forms[to])
      expect(questions.map((question) => fresh.answers(question).join(', '))).toEqual(after)
    },
  )

  test('K28 reverse names follow', async () => {
    const here = await yamlCluster(CLUSTER_IP)
    const both = () => ['1.0.96.10.in-addr.arpa', '1.0.1.10.in-addr.arpa'].map((name) => here.reverse(name))
    const own = ['PTR web.shop.svc.cluster.local.']
    const endpoint = ['PTR 10-1-0-1.web.shop.svc.cluster.local.']
    expect(both()).toEqual([own, endpoint])
    here.replace(HEADLESS)
    expect(both()).toEqual([[], endpoint])
    here.replace(EXTERNAL)
    expect(both()).toEqual([[], []])
  })
})

test('K29 a namespace that is deleted and made again is NXDOMAIN, then fresh', async () => {
  const namespace = '{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n'
  const here = await yamlCluster(namespace + CLUSTER_IP)
  expect(here.answers('web.shop A')).toEqual(['positive', 'A 10.96.0.1'])
  here.replace('')
  for (const name of ['web.shop', '10-1-0-1.web.shop', 'shop']) {
    expect(here.answers(`${name} A`), name).toEqual(['nxdomain'])
    expect(here.reason(`${name} A`)).toBe('namespace "shop" does not exist')
  }
  expect(here.reverse('1.0.96.10.in-addr.arpa')).toEqual([])
  here.replace(namespace)
  expect(here.answers('shop A')).toEqual(['nodata'])
  expect(here.reason('web.shop A')).toBe('no such service "web" in namespace "shop"')
  here.replace(namespace + CLUSTER_IP.replace('10.96.0.1', '10.96.0.2'))
  expect(here.answers('web.shop A')).toEqual(['positive', 'A 10.96.0.2'])
  expect(here.reverse('1.0.96.10.in-addr.arpa')).toEqual([])
})

test('K29 a namespace that nobody wrote comes and goes with what is in it', async () => {
  const here = await yamlCluster(CLUSTER_IP)
  expect(here.answers('shop A')).toEqual(['nodata'])
  here.replace(POD)
  expect(here.answers('shop A')).toEqual(['nodata'])
  here.replace('')
  expect(here.answers('shop A')).toEqual(['nxdomain'])
  expect(here.answers('default A')).toEqual(['nodata'])
})
