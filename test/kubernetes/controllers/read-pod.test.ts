import { describe, expect, test } from 'vitest'

import { ipToText } from '../../../src/wire/ip-address.ts'
import { buildCluster, problemsOf } from './build-cluster.ts'

/** A Pod behind the headless Service `db`. */
function pod(rest: string, metadata = ''): string {
  return `
{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {clusterIP: None, selector: {app: db}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db-x, labels: {app: db}${metadata}}, ${rest}}`
}

describe('state', () => {
  test.for<[rest: string, alive: boolean, ready: boolean | 'no endpoint']>([
    ['spec: {}', true, true],
    ['status: {}', true, true],
    ['status: {phase: Running}', true, true],
    ['status: {phase: Pending}', true, false],
    ['status: {phase: Unknown}', false, false],
    ['status: {phase: Succeeded}', false, 'no endpoint'],
    ['status: {phase: Failed}', false, 'no endpoint'],
    ['status: {conditions: [{type: Initialized, status: "False"}]}', true, true],
    ['status: {conditions: [{type: Ready, status: "True"}]}', true, true],
    ['status: {conditions: [{type: Ready, status: "False"}]}', true, false],
    ['status: {conditions: [{type: Ready, status: Unknown}]}', true, false],
  ])('%s: alive %j, ready %j', ([rest, alive, ready]) => {
    const { pods, slices } = buildCluster(pod(rest))
    expect(pods[0]?.alive).toBe(alive)
    expect(slices[0]?.endpoints[0]?.ready ?? 'no endpoint').toBe(ready)
  })

  test('a deletionTimestamp makes a Pod terminating: no name of its own, its endpoint not ready', () => {
    const { pods, slices } = buildCluster(pod('spec: {}', ', deletionTimestamp: 2026-01-01T00:00:00Z'))
    expect(pods[0]?.alive).toBe(false)
    expect(slices[0]?.endpoints.map(({ ready }) => ready)).toEqual([false])
  })
})

const podIPs = (rest: string) => (buildCluster(pod(rest)).pods[0]?.podIPs ?? []).map(ipToText)

describe('addresses', () => {
  test('one of each family is allocated where the status gives none', () => {
    expect(podIPs('spec: {}')).toEqual([
      expect.stringMatching(/^10\.(12[89]|1[3-9]\d|2\d\d)\./),
      expect.stringMatching(/^fd00:10:244:/),
    ])
  })

  test('those that the status gives are the only ones', () => {
    expect(podIPs('status: {podIP: 192.0.2.7}')).toEqual(['192.0.2.7'])
    expect(podIPs('status: {podIP: 192.0.2.7, podIPs: [{ip: 192.0.2.7}, {ip: "2001:db8::7"}]}')).toEqual([
      '192.0.2.7',
      '2001:db8::7',
    ])
  })

  test('a bad one is refused', () => {
    expect(problemsOf(buildCluster(pod('status: {podIPs: [{ip: 10.0.0.256}]}')))).toContain(
      'FIELD_INVALID at status.podIPs.0.ip: Pod default/db-x: status.podIPs[0].ip must be an IP address, got "10.0.0.256"',
    )
  })
})

test('a hostname that is no DNS label is refused', () => {
  expect(problemsOf(buildCluster(pod('spec: {hostname: a.b, subdomain: db}')))).toContainEqual(
    expect.stringMatching(
      /^FIELD_INVALID at spec\.hostname: Pod default\/db-x: spec\.hostname must be a DNS label/,
    ),
  )
})
