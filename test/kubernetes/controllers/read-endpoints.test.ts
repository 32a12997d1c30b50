import { describe, expect, test } from 'vitest'

import { addressesOf, buildCluster, codesOf, problemsOf } from './build-cluster.ts'

function endpoints(subsets: string): string {
  return `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: ${subsets}}`
}

describe('readEndpoints', () => {
  test('K22 a bad address is left out, the others stay', () => {
    const build = buildCluster(
      endpoints(
        '[{addresses: [{ip: 010.0.0.1}, {ip: 10.0.0.2}], notReadyAddresses: [{ip: "fe80::1%eth0"}], ports: [{port: 1}]}]',
      ),
    )
    expect(addressesOf(build.slices[0])).toEqual(['10.0.0.2'])
    expect(problemsOf(build)).toEqual([
      'ENDPOINT_ADDRESS at subsets.0.addresses.0.ip: Endpoints default/web: address "010.0.0.1" is not an IP address; this endpoint is left out',
      'ENDPOINT_ADDRESS at subsets.0.notReadyAddresses.0.ip: Endpoints default/web: address "fe80::1%eth0" is not an IP address; this endpoint is left out',
    ])
  })

  test('K21 a bad hostname is left out, the address stays', () => {
    const build = buildCluster(
      endpoints('[{addresses: [{ip: 10.0.0.1, hostname: "*"}], ports: [{port: 1}]}]'),
    )
    expect(build.slices[0]?.endpoints).toMatchObject([{ hostname: '' }])
    expect(codesOf(build)).toEqual(['ENDPOINT_HOSTNAME'])
  })

  test.for([
    ['{}', 'subsets must be a list, got {}'],
    ['[{ports: [{port: 1}], addresses: 10.0.0.1}]', 'subsets[0].addresses must be a list, got "10.0.0.1"'],
    ['[{addresses: [10.0.0.1]}]', 'subsets[0].addresses[0] must be a mapping, got "10.0.0.1"'],
    ['[{ports: [{name: http}]}]', 'subsets[0].ports[0].port is missing'],
    ['[{ports: [{port: 0}]}]', 'subsets[0].ports[0].port must be a number 1–65535, got 0'],
  ])('subsets %s are refused', ([subsets, message]) => {
    const build = buildCluster(endpoints(subsets ?? ''))
    expect(build.slices).toEqual([])
    expect(build.problems[0]?.message).toBe(`Endpoints default/web: ${message}`)
  })
})
