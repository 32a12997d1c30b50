import { expect, test } from 'vitest'
import { ask, cluster, endpoint, lines, namespace, outcome, service, slice } from '../../helpers/cluster.ts'

const inZone = (address: string, topologyZone: string, fields = {}) =>
  endpoint(address, { topologyZone, ...fields })

const HERE = cluster(
  [
    namespace('shop'),
    service('shop/db'),
    slice('shop/db-4', 'db', {
      ports: ['sql:5432'],
      endpoints: [
        inZone('10.1.0.1', 'zone-a'),
        inZone('10.1.0.2', 'Zone-B'),
        inZone('10.1.0.3', 'zone-b', { hostname: 'db-0' }),
        inZone('10.1.0.4', 'zone-c', { ready: false }),
        inZone('10.1.0.5', 'corp.example.com'),
        inZone('10.1.0.6', ''),
        inZone('10.1.0.7', 'no name'),
      ],
    }),
    slice('shop/db-6', 'db', {
      addressType: 'IPv6',
      ports: ['sql:5432'],
      endpoints: [inZone('fd00::1', 'zone-a')],
    }),
    service('shop/alias'),
    slice('shop/alias-1', 'alias', {
      addressType: 'FQDN',
      endpoints: [inZone('b.example', 'zone-a'), inZone('a.example', 'zone-b')],
    }),
    service('shop/empty'),
    slice('shop/empty-1', 'empty', { endpoints: [inZone('10.2.0.1', 'zone-a', { ready: false })] }),
    service('shop/eager', { publishNotReadyAddresses: true }),
    slice('shop/eager-1', 'eager', { endpoints: [inZone('10.3.0.1', 'zone-a', { ready: false })] }),
    service('shop/web', { clusterIPs: ['10.96.0.1'], ports: ['http:80'] }),
    slice('shop/web-1', 'web', { endpoints: [inZone('10.4.0.1', 'zone-a')] }),
    service('shop/out', { externalName: 'example.com' }),
  ],
  { zonal: true },
)

const ALL_A = ['10.1.0.1', '10.1.0.2', '10.1.0.3', '10.1.0.5', '10.1.0.6', '10.1.0.7']
const NODATA = ['nodata']
const NXDOMAIN = ['nxdomain']

/** The outcome without owner and TTL: `['positive', 'A 10.1.0.1']`. */
function answers(question: string): readonly string[] {
  return outcome(HERE, question).map((line) => line.replace(/^\S+ \d+ /, ''))
}

function short(question: string): string {
  const [labels = '', type = 'A'] = question.split(' ')
  return `${labels}.shop.svc.cluster.local ${type}`
}

test.each<[question: string, expected: readonly string[]]>([
  ['zone-a.pin._zone.db A', ['positive', 'A 10.1.0.1']],
  ['zone-a.pin._zone.db AAAA', ['positive', 'AAAA fd00::1']],
  ['zone-b.pin._zone.db A', ['positive', 'A 10.1.0.2', 'A 10.1.0.3']],
  ['zone-b.pin._zone.db AAAA', NODATA],
  ['ZONE-B.Pin._Zone.db A', ['positive', 'A 10.1.0.2', 'A 10.1.0.3']],
  ['corp.example.com.pin._zone.db A', ['positive', 'A 10.1.0.5']],
  ['example.com.pin._zone.db A', NODATA],
  ['zone-c.pin._zone.db A', NODATA],
  ['zone-c.pin._zone.db SRV', NODATA],
  ['zone-c.pin._zone.db TXT', NODATA],
  ['no\\032name.pin._zone.db A', NODATA],
  ['zone-a.prefer._zone.db A', ['positive', 'A 10.1.0.1']],
  ['zone-c.prefer._zone.db A', ['positive', ...ALL_A.map((address) => `A ${address}`)]],
  ['anything.at.all.prefer._zone.db AAAA', ['positive', 'AAAA fd00::1']],
  ['zone-c.prefer._zone.db TXT', NODATA],
  ['zone-a.pin._zone.db TXT', NODATA],
  [
    'zone-b.pin._zone.db SRV',
    [
      'positive',
      'SRV 0 50 5432 10-1-0-2.db.shop.svc.cluster.local.',
      'SRV 0 50 5432 db-0.db.shop.svc.cluster.local.',
    ],
  ],
  ['_sql._tcp.zone-a.pin._zone.db SRV', NODATA],
  ['zone-a.pin._zone.alias A', ['cname', 'CNAME b.example.']],
  ['zone-c.pin._zone.alias A', NODATA],
  ['zone-c.prefer._zone.alias A', ['cname', 'CNAME a.example.']],
  ['zone-a.pin._zone.eager A', ['positive', 'A 10.3.0.1']],
])('findZonalName %s', (question, expected) => {
  expect(answers(short(question))).toEqual(expected)
})

test.each(['_zone.db', 'pin._zone.db', 'prefer._zone.db'])(
  'findZonalName %s exists without records',
  (text) => {
    for (const type of ['A', 'AAAA', 'SRV', 'TXT', 'SOA', 'ANY'])
      expect(outcome(HERE, short(`${text} ${type}`)), type).toEqual(NODATA)
  },
)

test.each([
  'zone-a.florp._zone.db',
  'florp._zone.db',
  'zone-a.pin.zone.db',
  'zone-a.pin._zone.x.db',
  // A headless Service that is NXDOMAIN itself has nothing below it.
  ...['empty', 'web', 'out', 'ghost'].flatMap((name) =>
    ['_zone', 'pin._zone', 'zone-a.pin._zone', 'zone-a.prefer._zone'].map((below) => `${below}.${name}`),
  ),
])('findZonalName %s does not exist for any type', (text) => {
  for (const type of ['A', 'SRV', 'TXT', 'SOA'])
    expect(outcome(HERE, short(`${text} ${type}`)), type).toEqual(NXDOMAIN)
})

test('findZonalName leaves Pods and reverse zones alone', () => {
  expect(outcome(HERE, 'zone-a.pin._zone.10-1-0-1.shop.pod.cluster.local')).toEqual(NXDOMAIN)
  expect(outcome(HERE, 'zone-a.pin._zone.db.shop.svc.in-addr.arpa')).toEqual(NXDOMAIN)
})

test('findZonalName gives SRV the glue of its zone only', () => {
  const { additional } = ask(HERE, short('zone-a.pin._zone.db SRV'))
  expect(lines(additional)).toEqual([
    '10-1-0-1.db.shop.svc.cluster.local. 30 A 10.1.0.1',
    'fd00--1.db.shop.svc.cluster.local. 30 AAAA fd00::1',
  ])
})

test('without zonal there is nothing below _zone', () => {
  const { store } = HERE
  const off = cluster([...(store.entry('shop', 'db')?.slices ?? []), namespace('shop'), service('shop/db')])
  for (const text of ['_zone.db', 'pin._zone.db', 'zone-a.pin._zone.db', 'zone-a.prefer._zone.db'])
    expect(outcome(off, short(text))).toEqual(NXDOMAIN)
})

test('a change of zone alone shows at once, in both zones', () => {
  const { store, rules } = cluster([namespace('a'), service('a/s')], { zonal: true })
  const asked = () =>
    ['zone-a', 'zone-b'].map((zone) => outcome({ rules }, `${zone}.pin._zone.s.a.svc.cluster.local`).length)
  store.apply(slice('a/s-1', 's', { endpoints: [inZone('10.0.0.1', 'zone-a')] }))
  expect(asked()).toEqual([2, 1])
  store.apply(slice('a/s-1', 's', { endpoints: [inZone('10.0.0.1', 'zone-b')] }))
  expect(asked()).toEqual([1, 2])
})

test.each<[question: string, expected: readonly string[]]>([
  [
    'zone-a.pin._zone.db',
    ['topology zone "zone-a" of Service db in namespace shop', 'Its records: A, AAAA, SRV.'],
  ],
  [
    'zone-x.pin._zone.db',
    [
      'topology zone "zone-x" of Service db in namespace shop, which has no ready endpoint there',
      'It has no records of its own.',
      'Did you mean "zone-a"?',
      'Topology zones with ready endpoints: zone-a, zone-b, corp.example.com.',
    ],
  ],
  [
    'zone-c.prefer._zone.db',
    [
      'topology zone "zone-c" of Service db in namespace shop, which has no ready endpoint there (1 not ready): all of them instead',
      'Its records: A, AAAA, SRV.',
      'Did you mean "zone-a"?',
      'Topology zones with ready endpoints: zone-a, zone-b, corp.example.com.',
    ],
  ],
  ['zone-a.pni._zone.db', ['"pni" is neither "pin" nor "prefer"', 'Did you mean "pin"?']],
  [
    '_zone.web',
    [
      'Service web in namespace shop has no names by topology zone',
      'Those are for headless Services, and with the "zonal" option only.',
    ],
  ],
])('_why.%s says what it is', (question, expected) => {
  const [text = ''] = lines(ask(HERE, short(`_why.${question} TXT`)).answer)
  const strings = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]?.replaceAll('\\', ''))
  expect(strings).toEqual(expected)
})
