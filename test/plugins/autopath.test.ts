import { describe, expect, test } from 'vitest'

import { autopath } from '../../src/plugins/autopath.ts'
import type { ClusterView } from '../../src/plugins/plugin.ts'
import { lowerCase } from '../../src/wire/name.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import type { Query, Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { clientQuery, nameOf } from '../forward/client-query.ts'
import { cluster, namingOptions, pod } from '../helpers/cluster.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { AUTOPATH_SET } from '../helpers/directive-sets/autopath-set.ts'
import type { Outline } from './beside-coredns.ts'
import { startClusterPair } from './cluster-beside-coredns.ts'
import { differences } from './differences-from-coredns.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

const replyOf = (rcode: number, answer: readonly RRset[] = []): Reply => ({
  rcode,
  authoritativeAnswer: false,
  answer,
  authority: [],
  additional: [],
})

/** A cluster with Pods, each as `NAMESPACE/NAME ADDRESS`, those with a `-` behind being gone. */
function clusterOf(pods: readonly string[], podMode: 'verified' | 'insecure' = 'verified'): ClusterView {
  const objects = pods.map((text) => {
    const [path = '', address = '', gone] = text.split(' ')
    return pod(path, [address], { alive: gone === undefined })
  })
  return { store: cluster(objects).store, naming: namingOptions({ pods: podMode }) }
}

interface Asked {
  readonly names: readonly string[]
  readonly reply: Reply
}

/** Which names are asked, and what the client gets, where `known` answers. */
async function walk(
  question: string,
  known: Readonly<Record<string, Reply>>,
  { text = 'autopath @kubernetes', view = clusterOf(['shop/web 10.1.2.3']), client = '10.1.2.3' } = {},
): Promise<Asked> {
  const host = testHost({ readFile: () => 'nameserver 10.0.0.1\nsearch Corp.example local.\n' })
  const { responder } = setUp(autopath, text, host, {
    zones: [nameOf('cluster.local.')],
    cluster: () => view,
  })
  const names: string[] = []
  const query = (name: Query['question']): Query => ({
    ...clientQuery('.'),
    client: { address: client, port: 5353, transport: 'udp' },
    question: name,
    lowerName: lowerCase(name.qname),
    withQuestion: query,
  })
  const reply = await responder?.(query(clientQuery(question).question), ({ lowerName }) => {
    names.push(lowerName)
    return Promise.resolve(known[lowerName] ?? replyOf(3))
  })
  return { names, reply: reply ?? replyOf(99) }
}

const address = (owner: string, ttlSeconds = 7): Reply =>
  replyOf(0, [{ owner: nameOf(owner), rrtype: 1, ttlSeconds, rdatas: [{ kind: 'A', address: 1 }] }])

const lines = ({ answer }: Reply) =>
  answer.flatMap(({ owner, ttlSeconds, rrtype, rdatas }) =>
    rdatas.map((rdata) => `${owner} ${ttlSeconds} ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`),
  )

describe('autopath', () => {
  test('asks as the Pod would, and leads to what is found by a CNAME', async () => {
    const { names, reply } = await walk('Www.Test.shop.svc.cluster.local. A', {
      'www.test.': address('Www.Test.'),
    })
    expect(names).toEqual([
      'www.test.shop.svc.cluster.local.',
      'www.test.svc.cluster.local.',
      'www.test.cluster.local.',
      'www.test.corp.example.',
      'www.test.local.',
      'www.test.',
    ])
    expect(lines(reply)).toEqual([
      'Www.Test.shop.svc.cluster.local. 7 CNAME Www.Test.',
      'Www.Test. 7 A 0.0.0.1',
    ])
    expect(reply.uncacheable).toBe(true)
  })

  test('the first name that exists ends it, whatever it holds', async () => {
    const nodata = await walk('db.shop.svc.cluster.local. AAAA', { 'db.svc.cluster.local.': replyOf(0) })
    expect(nodata.names).toHaveLength(2)
    expect([nodata.reply.rcode, nodata.reply.answer]).toEqual([0, []])
    const failed = await walk('db.shop.svc.cluster.local. A', { 'db.cluster.local.': replyOf(2) })
    expect([failed.names.length, failed.reply.rcode]).toEqual([3, 2])
    const own = await walk('db.shop.svc.cluster.local. A', {
      'db.shop.svc.cluster.local.': address('db.shop.svc.cluster.local.'),
    })
    expect(own.names).toHaveLength(1)
    expect(lines(own.reply)).toEqual(['db.shop.svc.cluster.local. 7 A 0.0.0.1'])
  })

  test('where nothing exists, the first reply', async () => {
    const first = { ...replyOf(3), extendedError: { code: 0, text: 'first' } }
    const { names, reply } = await walk('x.shop.svc.cluster.local. A', { 'x.shop.svc.cluster.local.': first })
    expect(names).toHaveLength(6)
    expect(reply).toEqual({ ...first, uncacheable: true })
  })

  test('a name that nobody here serves or forwards says nothing', async () => {
    const unanswered: Reply = { ...replyOf(2), unanswered: true }
    const { names, reply } = await walk('x.shop.svc.cluster.local. A', {
      'x.corp.example.': unanswered,
      'x.local.': unanswered,
      'x.': unanswered,
    })
    expect([names.length, reply.rcode]).toEqual([6, 3])
  })

  test.for([
    ['another namespace', 'x.other.svc.cluster.local. A', {}],
    ['the search path itself', 'shop.svc.cluster.local. A', {}],
    ['another zone', 'x.shop.svc.cluster.test. A', {}],
    ['no Pod', 'x.shop.svc.cluster.local. A', { client: '10.9.9.9' }],
    ['a client that is no address', 'x.shop.svc.cluster.local. A', { client: '?' }],
    ['a Pod that has ended', 'x.shop.svc.cluster.local. A', { view: clusterOf(['shop/web 10.1.2.3 -']) }],
    ['pods insecure', 'x.shop.svc.cluster.local. A', { view: clusterOf(['shop/web 10.1.2.3'], 'insecure') }],
    [
      'an address of Pods of two namespaces',
      'x.shop.svc.cluster.local. A',
      { view: clusterOf(['shop/web 10.1.2.3', 'db/x 10.1.2.3']) },
    ],
    ['a zone of its own', 'x.shop.svc.cluster.local. A', { text: 'autopath corp.example @kubernetes' }],
  ] as const)('passes on: %s', async ([, question, options]) => {
    const { names } = await walk(question, {}, options)
    expect(names).toEqual([lowerCase(nameOf(question.split(' ')[0] ?? ''))])
  })

  test('K31 an address that went to a Pod of another namespace goes by the one that is alive', async () => {
    const view = clusterOf(['old/web 10.1.2.3 -', 'shop/web 10.1.2.3'])
    expect((await walk('x.shop.svc.cluster.local. A', {}, { view })).names).toHaveLength(6)
    expect((await walk('x.old.svc.cluster.local. A', {}, { view })).names).toHaveLength(1)
  })

  test('several Pods of one namespace on one address are no riddle', async () => {
    const view = clusterOf(['shop/a 10.1.2.3', 'shop/b 10.1.2.3'])
    expect((await walk('x.shop.svc.cluster.local. A', {}, { view })).names).toHaveLength(6)
  })

  test('a file gives the same search path to all', async () => {
    const { names } = await walk(
      'x.corp.example. A',
      { 'x.': address('x.') },
      {
        text: 'autopath example resolv.conf',
        client: '10.9.9.9',
      },
    )
    expect(names).toEqual(['x.corp.example.', 'x.local.', 'x.'])
  })

  test.for([
    ['autopath', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:1:'],
    ['autopath @erratic', 'SLICEDNS_CONFIG_VALUE Corefile:2:10: "@erratic" knows no search path'],
    ['autopath none', 'SLICEDNS_CONFIG_VALUE Corefile:2:10: "none" cannot be read'],
    ['autopath @kubernetes\nautopath @kubernetes', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1:'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(autopath, text)).toContain(expected)
  })
})

/** Serials are the servers' own, and so is what a negative answer may be kept for (differences.md 23, 25). */
const normalize = (reply: Outline): Partial<Outline> => ({ ...reply, authority: [] })

describe.skipIf(COREDNS === undefined)('autopath beside CoreDNS', () => {
  test('answers the same', async () => {
    const pair = await startClusterPair(AUTOPATH_SET.directives, AUTOPATH_SET.objects)
    expect(await differences(pair, AUTOPATH_SET.questions, { normalize })).toEqual([])
  })
})
