// Kubernetes DNS-Based Service Discovery, version 1.1.0 of the schema, clause by clause. Above each case stands the
// clause it is about. Answers are lines of a zone file, in byte order; the TTL of all but dns-version is the default, 5.
import { Packet } from 'dns2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Server, startServer } from '../../src/index.ts'
import { type DnsClient, dnsClient } from '../helpers/dns-client.ts'
import { notApplicable } from '../helpers/not-applicable.ts'
import { type ScriptedUpstream, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { SPEC_OBJECTS } from './kubernetes-dns-spec-objects.ts'

const KUBERNETES = 'kubernetes.default.svc.cluster.local.'
const HEADLESS = 'headless.default.svc.cluster.local.'
const UNREADY = 'unready.default.svc.cluster.local.'
const FOO = 'foo.default.svc.cluster.local.'

let upstream: ScriptedUpstream
let server: Server
let client: DnsClient

beforeAll(async () => {
  upstream = await startScriptedUpstream((query) => [{ do: 'send', octets: exampleReply(query) }])
  server = await startServer({
    objects: SPEC_OBJECTS,
    upstreams: [`${upstream.address}:${upstream.port}`],
  })
  client = dnsClient(server.port)
})

afterAll(async () => {
  await server.close()
  await upstream.close()
})

test('the objects of these cases are all served', () => {
  expect(server.problems.filter(({ severity }) => severity === 'error')).toEqual([])
})

describe('2.1 Definitions', () => {
  // hostname: "The value of the endpoint's `hostname` field."
  test('hostname is the endpoint’s hostname field', async () => {
    await expectRecords(`my-pet.${HEADLESS} A`, `my-pet.${HEADLESS} 5 IN A 10.3.0.100`)
    await expectDenial(`10-3-0-100.${HEADLESS} A`, 'NXDOMAIN')
  })

  // hostname: "A unique, system-assigned identifier for the endpoint. [...] it must be possible to use this to identify
  // a specific endpoint in the context of a Service."
  test('hostname is else an identifier that leads to this endpoint alone', async () => {
    await expectRecords(`10-3-0-102.${HEADLESS} A`, `10-3-0-102.${HEADLESS} 5 IN A 10.3.0.102`)
    await expectRecords(`2001-db8--102.${HEADLESS} AAAA`, `2001-db8--102.${HEADLESS} 5 IN AAAA 2001:db8::102`)
  })

  // ready: "its address is in the `addresses` field of the EndpointSubset object"
  test('ready is an address among `addresses`, not among `notReadyAddresses`', async () => {
    const own = 'subsets.default.svc.cluster.local.'
    await expectRecords(`${own} A`, `${own} 5 IN A 10.3.1.1`)
    await expectDenial(`10-3-1-2.${own} A`, 'NXDOMAIN')
  })

  // ready: "or the corresponding service has the [...] tolerate-unready-endpoints annotation set to `true`."
  notApplicable(
    '2.1 annotation tolerate-unready-endpoints',
    'it is alpha, and spec.publishNotReadyAddresses took its place: that is tested here instead (differences.md 30)',
  )
  test('ready is every address where publishNotReadyAddresses is true', async () => {
    const own = 'all.default.svc.cluster.local.'
    await expectRecords(`${own} A`, `${own} 5 IN A 10.3.2.1`, `${own} 5 IN A 10.3.2.2`)
  })

  // "All comparisons between query data and data in Kubernetes are case-insensitive."
  test.each([
    ['KUBERNETES.Default.SVC.cluster.LOCAL. A', '5 IN A 10.3.0.1'],
    ['Kubernetes.default.svc.CLUSTER.local. AAAA', '5 IN AAAA 2001:db8::1'],
    ['MY-PET.Headless.default.svc.cluster.local. A', '5 IN A 10.3.0.100'],
    ['_HTTPS._TCP.kubernetes.default.svc.cluster.local. SRV', `5 IN SRV 0 100 443 ${KUBERNETES}`],
    ['_Https._Tcp.Kubernetes.default.svc.cluster.local. SRV', `5 IN SRV 0 100 443 ${KUBERNETES}`],
    // The zone is spelled in the target as it was in the question (RFC 4343).
    [
      '_https._tcp.kubernetes.default.svc.Cluster.LOCAL. SRV',
      '5 IN SRV 0 100 443 kubernetes.default.svc.Cluster.LOCAL.',
    ],
    ['DNS-Version.cluster.local. TXT', '28800 IN TXT "1.1.0"'],
    ['1.0.3.10.IN-ADDR.arpa. PTR', `5 IN PTR ${KUBERNETES}`],
    [
      '0.0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.IP6.ARPA. PTR',
      `5 IN PTR my-pet.${HEADLESS}`,
    ],
    ['FOO.default.svc.cluster.local. CNAME', '5 IN CNAME www.example.com.'],
  ])('%s is answered in any letter case, and echoed as asked', async (question, rest) => {
    await expectRecords(question, `${question.split(' ')[0]} ${rest}`)
  })
})

describe('2.2 Record for Schema Version', () => {
  // "There must be a `TXT` record named `dns-version.<zone>.` that contains the semantic version of the DNS schema"
  // Answer example: `dns-version.cluster.local. 28800 IN TXT "1.1.0"`
  test('dns-version', () =>
    expectRecords('dns-version.cluster.local. TXT', 'dns-version.cluster.local. 28800 IN TXT "1.1.0"'))
})

describe('2.3.1 ClusterIP, A/AAAA', () => {
  // "If the `<cluster-ip>` is an IPv4 address, an `A` record of the following form must exist."
  test('A', () => expectRecords(`${KUBERNETES} A`, `${KUBERNETES} 5 IN A 10.3.0.1`))

  // "If the `<cluster-ip>` is an IPv6 address, an `AAAA` record of the following form must exist."
  test('AAAA', () => expectRecords(`${KUBERNETES} AAAA`, `${KUBERNETES} 5 IN AAAA 2001:db8::1`))

  // Of one family only: no record of the other, and the name exists all the same (differences.md 1).
  test('a Service of one family has no record of the other', async () => {
    await expectRecords('v4.default.svc.cluster.local. A', 'v4.default.svc.cluster.local. 5 IN A 10.3.0.4')
    await expectDenial('v4.default.svc.cluster.local. AAAA', 'NODATA')
    await expectRecords(
      'v6.default.svc.cluster.local. AAAA',
      'v6.default.svc.cluster.local. 5 IN AAAA 2001:db8::6',
    )
    await expectDenial('v6.default.svc.cluster.local. A', 'NODATA')
  })
})

describe('2.3.2 ClusterIP, SRV', () => {
  // "For each port in the Service with name `<port>` and number `<port-number>` using protocol `<proto>`, an `SRV`
  // record of the following form must exist."
  test.each([
    ['_https._tcp', 443],
    ['_dns._udp', 53],
    ['_dns._tcp', 53],
    ['_diameter._sctp', 3868],
  ])('%s', (port, number) =>
    expectRecords(
      `${port}.${KUBERNETES} SRV`,
      `${port}.${KUBERNETES} 5 IN SRV 0 100 ${number} ${KUBERNETES}`,
    ),
  )

  // "Unnamed ports do not have an `SRV` record."
  test('an unnamed port has no `_port._proto` name', async () => {
    const own = 'unnamed.default.svc.cluster.local.'
    await expectDenial(`_tcp.${own} SRV`, 'NXDOMAIN')
    await expectDenial(`_._tcp.${own} SRV`, 'NXDOMAIN')
    await expectDenial(`_80._tcp.${own} SRV`, 'NXDOMAIN')
  })

  // Deviation, as CoreDNS (differences.md 5): the Service's bare name has SRV for all ports, unnamed ones too. Section 3
  // lets an implementation extend the schema.
  test('the bare name has SRV for all ports (differences.md 5)', async () => {
    const own = 'unnamed.default.svc.cluster.local.'
    await expectRecords(`${own} SRV`, `${own} 5 IN SRV 0 100 80 ${own}`)
    await expectRecords(
      `${KUBERNETES} SRV`,
      ...[3868, 443, 53].map((port) => `${KUBERNETES} 5 IN SRV 0 33 ${port} ${KUBERNETES}`),
    )
  })

  // "The Additional section of the response may include the Service `A`/`AAAA` record referred to in the `SRV` record."
  test('the additional section has the addresses of both families', async () => {
    const { additional } = await client.ask(`_https._tcp.${KUBERNETES} SRV`)
    expect(additional.toSorted()).toEqual([
      `${KUBERNETES} 5 IN A 10.3.0.1`,
      `${KUBERNETES} 5 IN AAAA 2001:db8::1`,
    ])
  })
})

describe('2.3.3 ClusterIP, PTR', () => {
  // "Given an IPv4 Service ClusterIP `<a>.<b>.<c>.<d>`, a `PTR` record of the following form must exist."
  test('IPv4', () =>
    expectRecords('1.0.3.10.in-addr.arpa. PTR', `1.0.3.10.in-addr.arpa. 5 IN PTR ${KUBERNETES}`))

  // "Given an IPv6 Service ClusterIP [...] a `PTR` record as a sequence of nibbles in reverse order [...] must exist."
  test('IPv6', () => {
    const name = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.'
    return expectRecords(`${name} PTR`, `${name} 5 IN PTR ${KUBERNETES}`)
  })
})

describe('2.4.1 Headless, A/AAAA', () => {
  // "There must be an `A` record for each ready endpoint of the headless Service with IPv4 address `<endpoint-ip>`"
  test('A for each ready endpoint', () =>
    expectRecords(
      `${HEADLESS} A`,
      `${HEADLESS} 5 IN A 10.3.0.100`,
      `${HEADLESS} 5 IN A 10.3.0.101`,
      `${HEADLESS} 5 IN A 10.3.0.102`,
    ))

  // "There must be an `AAAA` record for each ready endpoint of the headless Service with IPv6 address `<endpoint-ip>`"
  test('AAAA for each ready endpoint', () =>
    expectRecords(
      `${HEADLESS} AAAA`,
      `${HEADLESS} 5 IN AAAA 2001:db8::100`,
      `${HEADLESS} 5 IN AAAA 2001:db8::101`,
      `${HEADLESS} 5 IN AAAA 2001:db8::102`,
    ))

  // "If there are no ready endpoints for the headless Service, the answer should be `NXDOMAIN`." (Kept: differences.md 5.)
  test.each(['A', 'AAAA', 'SRV'])('%s without a ready endpoint is NXDOMAIN', (type) =>
    expectDenial(`${UNREADY} ${type}`, 'NXDOMAIN'),
  )

  // "There must also be an `A` record of the following form for each ready endpoint with hostname of `<hostname>`"
  test('A of a hostname', () =>
    expectRecords(`my-pet-2.${HEADLESS} A`, `my-pet-2.${HEADLESS} 5 IN A 10.3.0.101`))

  // The same for `AAAA`.
  test('AAAA of a hostname', () =>
    expectRecords(`my-pet-2.${HEADLESS} AAAA`, `my-pet-2.${HEADLESS} 5 IN AAAA 2001:db8::101`))

  test('an endpoint that is not ready has no name', () => expectDenial(`not-ready.${HEADLESS} A`, 'NXDOMAIN'))

  // "If there are multiple IPv4 addresses for a given hostname, then there must be one such `A` record returned for each
  // IP." The same for IPv6 and `AAAA`.
  test('a hostname of several addresses has a record for each', async () => {
    const twins = 'twins.shared.default.svc.cluster.local.'
    await expectRecords(`${twins} A`, `${twins} 5 IN A 10.3.3.1`, `${twins} 5 IN A 10.3.3.2`)
    await expectRecords(
      `${twins} AAAA`,
      `${twins} 5 IN AAAA 2001:db8:3::1`,
      `${twins} 5 IN AAAA 2001:db8:3::2`,
    )
  })
})

describe('2.4.2 Headless, SRV', () => {
  const targets = ['my-pet', 'my-pet-2', '10-3-0-102', '2001-db8--102'].map((label) => `${label}.${HEADLESS}`)

  // "For each combination of ready endpoint with hostname of `<hostname>`, and port in the Service with name `<port>`
  // and number `<port-number>` using protocol `<proto>`, an `SRV` record of the following form must exist."
  test('SRV for each endpoint of a port', () =>
    expectRecords(
      `_https._tcp.${HEADLESS} SRV`,
      ...targets.map((target) => `_https._tcp.${HEADLESS} 5 IN SRV 0 25 8443 ${target}`),
    ))

  // Deviation, as CoreDNS (differences.md 5): the number is that of the endpoint's port, which is where it listens; the
  // Service's own, 443 here, leads nowhere on a Pod.
  test('the number is the endpoint’s port (differences.md 5)', async () => {
    const { answer } = await client.ask(`_https._tcp.${HEADLESS} SRV`)
    expect(answer.filter((line) => line.includes(' 443 '))).toEqual([])
    expect(answer.filter((line) => line.includes(' 8443 '))).toHaveLength(4)
  })

  // "if there are N ready endpoints and the Service defines M named ports, there will be N × M `SRV` RRs for the Service"
  test('N endpoints and M named ports are N × M records', async () => {
    const ports = ['_https._tcp', '_metrics._tcp', '_gossip._udp']
    const replies = await Promise.all(ports.map((port) => client.ask(`${port}.${HEADLESS} SRV`)))
    const records = new Set(replies.flatMap(({ answer }) => answer))
    expect(replies.map(({ answer }) => answer.length)).toEqual([
      targets.length,
      targets.length,
      targets.length,
    ])
    expect(records.size).toBe(targets.length * ports.length)
  })

  // Two families of one endpoint with a hostname are one target: its SRV is there once (differences.md 16).
  test('an endpoint of both families is one record', async () => {
    const { answer } = await client.ask(`_gossip._udp.${HEADLESS} SRV`)
    expect(answer.filter((line) => line.endsWith(` my-pet.${HEADLESS}`))).toHaveLength(1)
  })

  // "Unnamed ports do not have an `SRV` record." And the deviation of the bare name (differences.md 5).
  test('an unnamed port has SRV at the bare name only (differences.md 5)', async () => {
    const own = 'subsets.default.svc.cluster.local.'
    await expectDenial(`_tcp.${own} SRV`, 'NXDOMAIN')
    await expectRecords(`${own} SRV`, `${own} 5 IN SRV 0 100 8080 10-3-1-1.${own}`)
  })

  // "The Additional section of the response may include the `A`/`AAAA` records referred to in the `SRV` records."
  test('the additional section has the addresses of all targets', async () => {
    const { additional } = await client.ask(`_https._tcp.${HEADLESS} SRV`)
    expect(additional.toSorted()).toEqual(
      [
        `my-pet.${HEADLESS} 5 IN A 10.3.0.100`,
        `my-pet.${HEADLESS} 5 IN AAAA 2001:db8::100`,
        `my-pet-2.${HEADLESS} 5 IN A 10.3.0.101`,
        `my-pet-2.${HEADLESS} 5 IN AAAA 2001:db8::101`,
        `10-3-0-102.${HEADLESS} 5 IN A 10.3.0.102`,
        `2001-db8--102.${HEADLESS} 5 IN AAAA 2001:db8::102`,
      ].toSorted(),
    )
  })
})

describe('2.4.3 Headless, PTR', () => {
  // "Given a ready endpoint with hostname of `<hostname>` and IPv4 address `<a>.<b>.<c>.<d>`, a `PTR` record of the
  // following form must exist."
  test('IPv4', () =>
    expectRecords('100.0.3.10.in-addr.arpa. PTR', `100.0.3.10.in-addr.arpa. 5 IN PTR my-pet.${HEADLESS}`))

  // "Given a ready endpoint with hostname of `<hostname>` and IPv6 address [...]"
  test('IPv6', () => {
    const name = '0.0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.'
    return expectRecords(`${name} PTR`, `${name} 5 IN PTR my-pet.${HEADLESS}`)
  })

  test('an endpoint without a hostname has a PTR to its identifier', () =>
    expectRecords('102.0.3.10.in-addr.arpa. PTR', `102.0.3.10.in-addr.arpa. 5 IN PTR 10-3-0-102.${HEADLESS}`))

  // Reverse zones fall through here, so others are asked; the upstream of these cases says NXDOMAIN.
  test('an endpoint that is not ready has none', async () => {
    const { rcode, answer } = await client.ask('199.0.3.10.in-addr.arpa. PTR')
    expect([rcode, ...answer]).toEqual(['NXDOMAIN'])
  })
})

describe('2.5 External Name', () => {
  // "Given a Service named `<service>` in Namespace `<ns>` with ExternalName `<extname>`, a `CNAME` record named
  // `<service>.<ns>.svc.<zone>` pointing to `<extname>` must exist."
  test('CNAME', () => expectRecords(`${FOO} CNAME`, `${FOO} 5 IN CNAME www.example.com.`))

  // "If the IP family of the service is IPv4": question `foo.default.svc.cluster.local. IN A`.
  test('A is the CNAME and what it points to', async () => {
    const { rcode, answer } = await client.ask(`${FOO} A`)
    expect([rcode, ...answer]).toEqual([
      'NOERROR',
      `${FOO} 5 IN CNAME www.example.com.`,
      'www.example.com. 28715 IN A 192.0.2.53',
    ])
  })

  // "If the IP family of the service is IPv6": question `foo.default.svc.cluster.local. IN AAAA`.
  test('AAAA is the CNAME and what it points to', async () => {
    const { rcode, answer } = await client.ask(`${FOO} AAAA`)
    expect([rcode, ...answer]).toEqual([
      'NOERROR',
      `${FOO} 5 IN CNAME www.example.com.`,
      'www.example.com. 28715 IN AAAA 2001:db8::1',
    ])
  })
})

async function expectRecords(question: string, ...lines: readonly string[]): Promise<void> {
  expect(await client.outcome(question)).toEqual(lines.toSorted())
}

async function expectDenial(question: string, kind: 'NODATA' | 'NXDOMAIN'): Promise<void> {
  expect(await client.outcome(question)).toEqual([kind])
}

/** The rest of the world: www.example.com as in the examples of section 2.5, and no other name. */
function exampleReply(query: Uint8Array): Buffer {
  const reply = Packet.createResponseFromRequest(Packet.parse(Buffer.from(query)))
  const [question] = reply.questions
  if (question?.name.toLowerCase() !== 'www.example.com') {
    reply.header.rcode = Packet.RCODE.NXDOMAIN
    return reply.toBuffer()
  }
  const { name, type, class: rrclass } = question
  const address = type === Packet.TYPE.A ? '192.0.2.53' : '2001:db8::1'
  reply.answers = [new Packet.Resource({ name, type, class: rrclass, ttl: 28_715, address })]
  return reply.toBuffer()
}
