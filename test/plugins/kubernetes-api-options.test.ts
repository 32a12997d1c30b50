import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

import { ConfigError } from '../../src/config/config-error.ts'
import type { KubernetesOptions } from '../../src/plugins/kubernetes-options.ts'
import { parseKubernetesOptions } from '../../src/plugins/kubernetes-options.ts'
import { nameOf } from '../forward/client-query.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { makeCertificate } from '../helpers/test-certificates.ts'
import type { TestHost } from './plugin-harness.ts'
import { directivesIn, testHost } from './plugin-harness.ts'

const KUBECONFIG = `
clusters: [{name: dev, cluster: {server: https://192.0.2.1:6443}}]
contexts: [{name: dev, context: {cluster: dev}}, {name: lost, context: {cluster: gone}}]
current-context: dev
`

const FILES: Readonly<Record<string, string>> = {
  'kube/config': KUBECONFIG,
  'kube/broken': 'clusters: [',
  'kube/other.pem': 'no certificate',
}

function hostWith(files = FILES, hasObjects = false): TestHost {
  return testHost({
    hasObjects,
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`)
      return text
    },
  })
}

function parse(properties: string, host = hostWith()): KubernetesOptions {
  const [directive] = directivesIn(`kubernetes {\n${properties}\n}`)
  if (directive === undefined) throw new Error('no directive')
  return parseKubernetesOptions(directive, { zones: [nameOf('cluster.local.')], bindAddresses: [], host })
}

function errorOf(properties: string, host?: TestHost): string {
  try {
    parse(properties, host)
  } catch (error) {
    if (error instanceof ConfigError) return `${error.code} ${error.message}`
    throw error
  }
  return 'no error'
}

describe('kubernetes follows a live cluster', () => {
  test('without properties: that of the Pod or of kubectl, all of it but Pods', () => {
    expect(parse('').cluster).toEqual({
      folders: [],
      selectorText: '',
      selector: undefined,
      api: {
        credentials: { kind: 'default' },
        namespaces: undefined,
        namespaceSelectorText: '',
        watchesEndpoints: true,
        watchesPods: false,
        startupTimeoutMs: 5_000,
        guardsMassDelete: true,
      },
    })
  })

  test.for([
    ['endpoint http://192.0.2.1:8080', { credentials: { kind: 'endpoint', url: 'http://192.0.2.1:8080' } }],
    ['endpoint https://[::1]/k8s', { credentials: { kind: 'endpoint', url: 'https://[::1]/k8s' } }],
    ['kubeconfig kube/config', { credentials: { kind: 'kubeconfig', file: 'kube/config' } }],
    [
      'kubeconfig kube/config dev',
      { credentials: { kind: 'kubeconfig', file: 'kube/config', context: 'dev' } },
    ],
    ['startup_timeout 1m30s', { startupTimeoutMs: 90_000 }],
    ['startup_timeout 0', { startupTimeoutMs: 0 }],
    ['mass_delete_guard off', { guardsMassDelete: false }],
    ['noendpoints', { watchesEndpoints: false }],
    ['pods insecure', { watchesPods: false }],
    ['pods verified', { watchesPods: true }],
    ['namespaces web shop\nnamespaces mail', { namespaces: ['mail', 'shop', 'web'] }],
    ['namespace_labels tier in (a, b)', { namespaceSelectorText: 'tier in (a, b)' }],
    ['apiserver_qps 7.5\napiserver_burst 10\napiserver_max_inflight 0', {}],
  ] as const)('%s', ([properties, expected]) => {
    expect(parse(properties).cluster.api).toMatchObject(expected)
  })

  test('the API server selects: what it tells of is not looked at again', () => {
    const { naming, cluster } = parse('labels app=web\nnamespace_labels tier=a')
    expect(cluster).toMatchObject({ selectorText: 'app=web', selector: undefined })
    expect(naming.namespaceLabels?.text).toBe('tier=a')
    expect(naming.namespaceLabels?.matches({})).toBe(true)
    const ofFolder = parse('manifests a\nlabels app=web\nnamespace_labels tier=a')
    expect(ofFolder.cluster.selector?.({})).toBe(false)
    expect(ofFolder.naming.namespaceLabels?.matches({})).toBe(false)
  })

  test('manifests, and objects in code, need no API server; one that is named wins over objects', () => {
    expect(parse('manifests a').cluster.api).toBeUndefined()
    expect(parse('', hostWith(FILES, true)).cluster.api).toBeUndefined()
    expect(parse('endpoint http://[::1]:1', hostWith(FILES, true)).cluster.api).toBeDefined()
  })

  test('several endpoints: the first, with a warning', () => {
    const host = hostWith()
    expect(parse('endpoint http://192.0.2.1 http://192.0.2.2', host).cluster.api?.credentials).toEqual({
      kind: 'endpoint',
      url: 'http://192.0.2.1',
    })
    expect(host.lines).toEqual([
      'warn "endpoint" of "kubernetes" names several API servers: only http://192.0.2.1 is used',
    ])
  })

  test('tls: three files that belong together; of no effect without an endpoint', () => {
    const { cert, key, ca } = makeCertificate({ name: 'client.example' })
    const folder = tempFolder({ cert, key, ca })
    const files = { cert: `${folder}/cert`, key: `${folder}/key`, ca: `${folder}/ca` }
    const line = `tls ${files.cert} ${files.key} ${files.ca}`
    const host = testHost({ readFile: (path) => readFileSync(path, 'utf8') })
    expect(parse(`endpoint https://192.0.2.1\n${line}`, host).cluster.api?.credentials).toEqual({
      kind: 'endpoint',
      url: 'https://192.0.2.1',
      tls: { certFile: files.cert, keyFile: files.key, caFile: files.ca },
    })
    expect(host.lines).toEqual([])
    expect(parse(line, host).cluster.api?.credentials).toEqual({ kind: 'default' })
    expect(host.lines).toEqual(['warn "tls" of "kubernetes" has no effect without "endpoint"'])
    expect(errorOf(`tls ${files.cert} ${files.ca} ${files.ca}`, host)).toContain(
      'SLICEDNS_CONFIG_KUBERNETES_SERVER Corefile:3:1: "tls" cannot use its files: ',
    )
  })

  test.for([
    ['endpoint', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:1: "endpoint" needs an argument; write endpoint URL'],
    [
      'endpoint ftp://192.0.2.1',
      'SLICEDNS_CONFIG_KUBERNETES_SERVER Corefile:3:10: "ftp://192.0.2.1" is neither http nor https; write endpoint https://HOST:PORT',
    ],
    ['endpoint http://a?b=c', 'Corefile:3:10: "http://a?b=c" has more than host, port and path'],
    ['endpoint http://', 'Corefile:3:10: "http://" is no URL'],
    ['tls a b', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:1: "tls" needs 3 arguments; write tls CERT KEY CA'],
    [
      'tls gone.pem b c',
      'SLICEDNS_CONFIG_KUBERNETES_SERVER Corefile:3:5: "gone.pem" cannot be read: ENOENT: no such file or directory, open \'gone.pem\'; put the file there',
    ],
    ['kubeconfig a b c', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:16: "kubeconfig" takes at most 2 arguments'],
    ['kubeconfig gone', 'SLICEDNS_CONFIG_KUBERNETES_SERVER Corefile:3:12: "gone" cannot be read: ENOENT'],
    ['kubeconfig kube/broken', 'Corefile:3:12: Cannot use kube/broken as a kubeconfig: '],
    ['kubeconfig kube/config prod', 'Corefile:3:24: kube/config has no context "prod"; it has dev, lost'],
    [
      'kubeconfig kube/config lost',
      'Corefile:3:24: context "lost" of kube/config names no cluster that it has',
    ],
    ['startup_timeout soon', 'SLICEDNS_CONFIG_VALUE Corefile:3:17: "soon" is not a duration'],
    [
      'mass_delete_guard no',
      'SLICEDNS_CONFIG_VALUE Corefile:3:19: "no" is not one of "on", "off"; did you mean "on"?',
    ],
    ['apiserver_qps -1', 'SLICEDNS_CONFIG_VALUE Corefile:3:15: "-1" is not a number from 0'],
    ['apiserver_burst 1.5', 'SLICEDNS_CONFIG_VALUE Corefile:3:17: "1.5" is not a whole number'],
    ['apiserver_max_inflight', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:1: "apiserver_max_inflight" needs an'],
    [
      'manifests a\nendpoint http://192.0.2.1',
      'SLICEDNS_CONFIG_PROPERTY_CONFLICT Corefile:4:1: "manifests" and "endpoint" exclude each other; objects come from folders or from an API server: remove one of them',
    ],
    ['kubeconfig kube/config\nmanifests a', 'Corefile:4:1: "manifests" and "kubeconfig" exclude each other'],
    [
      'endpoint http://192.0.2.1\nkubeconfig kube/config',
      'Corefile:4:1: "endpoint" and "kubeconfig" exclude each other; each names an API server: remove one of them',
    ],
    ['endpoint http://a\nendpoint http://b', 'SLICEDNS_CONFIG_DUPLICATE_PROPERTY Corefile:4:1'],
  ] as const)('%s is an error', ([properties, expected]) => {
    expect(errorOf(properties)).toContain(expected)
  })
})
