import { describe, expect, onTestFinished, test } from 'vitest'

import { SILENT_LOG } from '../../src/cli/logger.ts'
import { corefileFromText } from '../../src/cli/read-corefile.ts'
import { startServing } from '../../src/cli/start-server.ts'
import { metadata } from '../../src/plugins/metadata.ts'
import type { MetadataSource } from '../../src/plugins/plugin.ts'
import type { Query } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { replyTo } from '../forward/reply-octets.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { eventually } from '../helpers/eventually.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { startClusterPair } from './cluster-beside-coredns.ts'
import { differences, questionsOf } from './differences-from-coredns.ts'
import { errorOf, setUp } from './plugin-harness.ts'

const SOURCES: readonly MetadataSource[] = [
  (_query, label) => (label === 'one/empty' ? '' : undefined),
  ({ lowerName }, label) => (label === 'two/name' ? lowerName : undefined),
]

/** The query as it comes out behind `metadata`. */
async function behind(text: string, query: Query): Promise<Query> {
  const { responder } = setUp(metadata, text, undefined, { metadataSources: SOURCES })
  let passed = query
  await responder?.(query, (next) => {
    passed = next
    return { rcode: 0, authoritativeAnswer: false, answer: [], authority: [], additional: [] }
  })
  return passed
}

describe('metadata', () => {
  test('has what a directive of the block tells of the query as it was asked', async () => {
    const { metadata: told } = await behind('metadata', clientQuery('WWW.example.'))
    expect(told?.get('two/name')).toBe('www.example.')
    expect(told?.get('one/empty')).toBe('')
    expect(told?.get('none/such')).toBeUndefined()
  })

  test('has what is noted on the way, for names outside of its zones too', async () => {
    const { metadata: told } = await behind('metadata other.', clientQuery('www.example.'))
    expect(told?.get('two/name')).toBeUndefined()
    told?.note('forward/upstream', () => '192.0.2.1:53')
    expect(told?.get('forward/upstream')).toBe('192.0.2.1:53')
  })

  test.for([
    ['metadata a..b', 'SLICEDNS_CONFIG_VALUE Corefile:2:10:'],
    ['metadata {\n x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:2:'],
    ['metadata\nmetadata', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1:'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(metadata, text)).toContain(expected)
  })
})

const POD = (namespace: string, name: string, address: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
  status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }] },
})
const OBJECTS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  POD('shop', 'asker', '127.0.0.1'),
] as const

const LABELS = [
  'service',
  'namespace',
  'kind',
  'endpoint',
  'port-name',
  'protocol',
  'zone',
  'parse-error',
  'client-namespace',
  'client-pod-name',
  'client-label/app',
  'client-label/none',
]
const tell = LABELS.map((label) => `${label}={{ .Meta \`kubernetes/${label}\` }}`).join(',')
/** Answers TXT with all that `kubernetes` tells, and A by `rewrite` and `template` elsewhere. */
const directives = (properties: string) =>
  `metadata\n template IN TXT . {\n answer "{{ .Name }} 60 IN TXT ${tell}"\n }\n kubernetes cluster.local 10.in-addr.arpa {\n OBJECTS\n ${properties}\n }`

const QUESTIONS = questionsOf(
  [
    'cluster.local.',
    'svc.cluster.local.',
    'pod.cluster.local.',
    'x.cluster.local.',
    'shop.svc.cluster.local.',
    'web.shop.svc.cluster.local.',
    'A.web.shop.svc.cluster.local.',
    '_http._tcp.web.shop.svc.cluster.local.',
    'http.tcp.web.shop.svc.cluster.local.',
    'z.a.b.web.shop.svc.cluster.local.',
    'a.b.pin._zone.web.shop.svc.cluster.local.',
    'a.prefer._zone.web.shop.svc.cluster.local.',
    'a.prefer._zone.web.shop.pod.cluster.local.',
    'a.other._zone.web.shop.svc.cluster.local.',
    '10-0-0-1.shop.pod.cluster.local.',
    '1.0.0.10.in-addr.arpa.',
    'example.org.',
  ],
  ['TXT'],
)

describe.skipIf(COREDNS === undefined)('kubernetes/… is what CoreDNS says', () => {
  test.for(['pods verified', 'pods verified\n zonal', ''])('with "%s"', async (properties) => {
    const pair = await startClusterPair(directives(properties), OBJECTS)
    expect(await differences(pair, QUESTIONS, { normalize: ({ answer }) => ({ answer }) })).toEqual([])
  })
})

test('forward notes the upstream that answered', async () => {
  const upstream = await startScriptedUpstream((query) => [{ do: 'send', octets: replyTo(query) }])
  onTestFinished(() => upstream.close())
  const lines: string[] = []
  const serving = await startServing({
    corefile: corefileFromText(
      `.:0 {
        bind 127.0.0.1
        metadata
        log . "{name} {/forward/upstream}"
        forward . 127.0.0.1:${upstream.port}
      }`,
      'Corefile',
    ),
    defaultPort: 0,
    watch: false,
    log: { ...SILENT_LOG, info: (line) => void lines.push(line) },
  })
  onTestFinished(() => serving.close({ graceMs: 0 }))
  await dnsClient(serving.addresses[0]?.port ?? 0).ask('www.example A')
  await eventually(() => expect(lines).toEqual([`www.example. 127.0.0.1:${upstream.port}`]))
})

test('view chooses by what is told of the client, and log, template and the view itself tell it', async () => {
  const lines: string[] = []
  const serving = await startServing({
    corefile: corefileFromText(
      `.:0 {
        bind 127.0.0.1
        metadata
        log . "{name} {/view/name} {/kubernetes/service} {/none/such} {/zone/wildcard}"
        view shoppers {
          expr metadata('kubernetes/client-namespace') == 'shop'
        }
        template IN A {
          answer "{{ .Name }} 60 IN CNAME {{ .Meta \`view/name\` }}.{{ .Meta \`kubernetes/client-namespace\` }}."
        }
        kubernetes cluster.local {
          pods verified
        }
      }`,
      'Corefile',
    ),
    defaultPort: 0,
    objects: OBJECTS,
    watch: false,
    log: { ...SILENT_LOG, info: (line) => void lines.push(line) },
  })
  onTestFinished(() => serving.close({ graceMs: 0 }))
  await serving.synced
  const { port } = serving.addresses[0] ?? { port: 0 }
  const { answer } = await dnsClient(port).ask('web.shop.svc.cluster.local A')
  expect(answer[0]).toBe('web.shop.svc.cluster.local. 60 IN CNAME shoppers.shop.')
  await eventually(() => expect(lines.slice(1)).toEqual(['web.shop.svc.cluster.local. shoppers web - -']))
})
