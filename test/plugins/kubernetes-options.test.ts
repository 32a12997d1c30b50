import { describe, expect, test } from 'vitest'

import { ConfigError } from '../../src/config/config-error.ts'
import type { KubernetesOptions } from '../../src/plugins/kubernetes-options.ts'
import { parseKubernetesOptions } from '../../src/plugins/kubernetes-options.ts'
import { nameOf } from '../forward/client-query.ts'
import { directivesIn, testHost } from './plugin-harness.ts'

/** Options of a `kubernetes` in a block for `cluster.local.`, with these properties besides `manifests`. */
function parse(properties: string, zones = '', hasObjects = true): KubernetesOptions {
  const [directive] = directivesIn(`kubernetes ${zones} {\n${properties}\n}`)
  if (directive === undefined) throw new Error('no directive')
  return parseKubernetesOptions(directive, {
    zones: [nameOf('cluster.local.')],
    bindAddresses: ['192.0.2.1'],
    host: testHost({ hasObjects, ownAddresses: (bound) => (bound.includes('192.0.2.1') ? [7] : []) }),
  })
}

function errorOf(properties: string, zones = '', hasObjects = true): string {
  try {
    parse(properties, zones, hasObjects)
  } catch (error) {
    if (error instanceof ConfigError) return `${error.code} ${error.message}`
    throw error
  }
  return 'no error'
}

describe('parseKubernetesOptions', () => {
  test('without properties: as CoreDNS without them', () => {
    expect(parse('').naming).toMatchObject({
      zones: ['cluster.local.'],
      primaryZone: 'cluster.local.',
      ttlSeconds: 5,
      pods: 'disabled',
      namespaces: undefined,
      endpoints: true,
      ignoreEmptyService: false,
      endpointPodNames: false,
      ptr: 'all',
      explain: 'full',
    })
    expect(parse('').naming.fallsThrough(nameOf('x.cluster.local.'))).toBe(false)
    expect(parse('').naming.ownAddresses()).toEqual([7])
  })

  test.for([
    ['ttl 0', { ttlSeconds: 0 }],
    ['ttl 3600', { ttlSeconds: 3600 }],
    ['pods insecure', { pods: 'insecure' }],
    ['pods verified', { pods: 'verified' }],
    ['namespaces shop\nnamespaces web mail', { namespaces: new Set(['shop', 'web', 'mail']) }],
    ['noendpoints', { endpoints: false }],
    ['ignore empty_service', { ignoreEmptyService: true }],
    ['endpoint_pod_names', { endpointPodNames: true }],
    ['ptr hostname', { ptr: 'hostname' }],
    ['explain code', { explain: 'code' }],
  ] as const)('%s', ([properties, expected]) => {
    expect(parse(properties).naming).toMatchObject(expected)
  })

  test('zones of its own win over those of the block; the first that is no reverse zone names things', () => {
    const { naming } = parse('', '10.0.0.0/24 K8S.Example other.example k8s.example.')
    expect(naming.zones).toEqual(['0.0.10.in-addr.arpa.', 'k8s.example.', 'other.example.'])
    expect(naming.primaryZone).toBe('k8s.example.')
  })

  test('fallthrough: every name, or those below its zones', () => {
    const all = parse('fallthrough').naming
    expect(all.fallsThrough(nameOf('x.cluster.local.'))).toBe(true)
    const some = parse('fallthrough in-addr.arpa 10.0.0.0/8').naming
    expect(some.fallsThrough(nameOf('1.0.0.10.in-addr.arpa.'))).toBe(true)
    expect(some.fallsThrough(nameOf('x.cluster.local.'))).toBe(false)
  })

  test('labels: a selector over several words, part of what makes two clusters the same', () => {
    const { cluster } = parse('manifests a "b c"\nlabels app in (web, mail),!legacy')
    expect(cluster.folders).toEqual(['a', 'b c'])
    expect(cluster.selectorText).toBe('app in (web, mail),!legacy')
    expect(cluster.selector?.({ app: 'web' })).toBe(true)
    expect(cluster.selector?.({ app: 'web', legacy: '' })).toBe(false)
  })

  test.for([
    ['ttl', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:1: "ttl" needs an argument; write ttl SECONDS'],
    ['ttl 3601', 'SLICEDNS_CONFIG_VALUE Corefile:3:5: "3601" is not a whole number from 0 to 3600'],
    [
      'ttl 5\nttl 6',
      'SLICEDNS_CONFIG_DUPLICATE_PROPERTY Corefile:4:1: property "ttl" of "kubernetes" stands twice; keep one of them',
    ],
    [
      'pods verfied',
      'SLICEDNS_CONFIG_VALUE Corefile:3:6: "verfied" is not one of "disabled", "insecure", "verified"; did you mean "verified"?',
    ],
    ['namespaces', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:1: "namespaces" needs an argument'],
    [
      'manifests',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:3:1: "manifests" needs an argument; write manifests FOLDER…',
    ],
    ['labels a in', 'SLICEDNS_CONFIG_SELECTOR Corefile:3:8: "labels" is no label selector: '],
    [
      'ignore',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:3:1: "ignore" needs an argument; write ignore empty_service',
    ],
    ['ignore all', 'SLICEDNS_CONFIG_VALUE Corefile:3:8: "all" is not "empty_service"'],
    ['noendpoints x', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:13: "noendpoints" takes no argument'],
    ['fallthrough a..b', 'SLICEDNS_CONFIG_VALUE Corefile:3:13: "a..b" is not a zone'],
    ['ptr one', 'SLICEDNS_CONFIG_VALUE Corefile:3:5: "one" is not one of "all", "hostname", "first"'],
    ['explain yes', 'SLICEDNS_CONFIG_VALUE Corefile:3:9: "yes" is not one of "full", "code", "off"'],
    [
      'namespace shop',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:1: unknown property "namespace" of "kubernetes"; did you mean "namespaces"?',
    ],
    [
      'multicluster clusterset.local',
      'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:3:1: property "multicluster" of "kubernetes" is not supported; remove it',
    ],
  ] as const)('%s is an error', ([properties, expected]) => {
    expect(errorOf(properties)).toContain(expected)
  })

  test('reverse zones alone name nothing', () => {
    expect(errorOf('', 'in-addr.arpa 10.0.0.0/8')).toContain(
      'SLICEDNS_CONFIG_KUBERNETES_ZONES Corefile:2:1: "kubernetes" has reverse zones only; name the cluster domain too',
    )
  })
})
