import { describe, expect, test } from 'vitest'

import { composeExposition } from '../../src/metrics/exposition.ts'
import { QueryMetrics } from '../../src/metrics/query-metrics.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'

const LABELS = { server: 'dns://:53', zone: 'example.', view: '' }
const QUERY = { client: { address: '192.0.2.1', transport: 'udp' }, dnssecOk: false, sizeOctets: 60 } as const
const REPLY = { qtype: 1, rcode: 0, sizeOctets: 120, directive: 'whoami', startedMs: 0 }

/** What is served after `record`, without buckets, comments and the common labels. */
function served(record: (metrics: QueryMetrics) => void): readonly string[] {
  const registry = new MetricsRegistry()
  record(new QueryMetrics(registry, LABELS, () => 3))
  return composeExposition(registry.families())
    .split('\n')
    .filter((line) => !/^#|_bucket|^$/.test(line))
    .map((line) => line.replace('server="dns://:53",zone="example.",view=""', '').replace('{,', '{'))
}

describe('QueryMetrics', () => {
  test('counts a query under CoreDNS’s names', () => {
    expect(served((metrics) => metrics.record(QUERY, REPLY))).toEqual([
      'coredns_dns_request_duration_seconds_sum{} 0.003',
      'coredns_dns_request_duration_seconds_count{} 1',
      'coredns_dns_request_size_bytes_sum{proto="udp"} 60',
      'coredns_dns_request_size_bytes_count{proto="udp"} 1',
      'coredns_dns_requests_total{proto="udp",family="1",type="A"} 1',
      'coredns_dns_response_size_bytes_sum{proto="udp"} 120',
      'coredns_dns_response_size_bytes_count{proto="udp"} 1',
      'coredns_dns_responses_total{rcode="NOERROR",plugin="whoami"} 1',
    ])
  })

  test('tells transports, families, types, RCODEs and DO apart', () => {
    const lines = served((metrics) => {
      const client = { address: '2001:db8::1', transport: 'tcp' } as const
      metrics.record(QUERY, REPLY)
      metrics.record({ ...QUERY, client, dnssecOk: true }, { ...REPLY, qtype: 28, rcode: 3, directive: '' })
      metrics.record({ ...QUERY, dnssecOk: true }, { ...REPLY, qtype: 252, rcode: 5 })
    })
    const counters = lines.filter((line) => /(requests|responses)_total/.test(line))
    expect(counters).toEqual([
      'coredns_dns_do_requests_total{} 2',
      'coredns_dns_requests_total{proto="udp",family="1",type="A"} 1',
      'coredns_dns_requests_total{proto="tcp",family="2",type="AAAA"} 1',
      'coredns_dns_requests_total{proto="udp",family="1",type="AXFR"} 1',
      'coredns_dns_responses_total{rcode="NOERROR",plugin="whoami"} 1',
      'coredns_dns_responses_total{rcode="NXDOMAIN",plugin=""} 1',
      'coredns_dns_responses_total{rcode="REFUSED",plugin="whoami"} 1',
    ])
  })

  test('S10 a million odd queries make no more series than there are words in the lists', () => {
    const lines = served((metrics) => {
      for (let index = 0; index < 1_000_000; index++) {
        const address =
          index % 2 === 0 ? `10.0.${index & 255}.1` : `2001:db8::${(index & 0xffff).toString(16)}`
        const client = { address, transport: index % 3 === 0 ? 'tcp' : 'udp' } as const
        metrics.record({ ...QUERY, client }, { ...REPLY, qtype: index & 0xffff, rcode: index & 0xfff })
      }
    })
    const types = new Set(lines.flatMap((line) => /type="(.*?)"/.exec(line)?.[1] ?? []))
    const rcodes = new Set(lines.flatMap((line) => /rcode="(.*?)"/.exec(line)?.[1] ?? []))
    expect([...types].toSorted().join(' ')).toBe(
      'A AAAA ANY AXFR CNAME DNSKEY DS HTTPS IXFR MX NS NSEC NSEC3 PTR RRSIG SOA SRV SVCB TXT other',
    )
    expect(rcodes).toContain('other')
    expect(rcodes.size).toBe(21)
    expect(lines.length).toBeLessThan(120)
  })
})
