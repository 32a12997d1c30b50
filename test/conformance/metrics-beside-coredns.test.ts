import { describe, expect, onTestFinished, test } from 'vitest'

import { SILENT_LOG } from '../../src/cli/logger.ts'
import { corefileFromText } from '../../src/cli/read-corefile.ts'
import { startServing } from '../../src/cli/start-server.ts'
import { COREDNS, startCoredns } from '../helpers/coredns.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'

/** Two blocks that are counted and one that is not; IPv4 and IPv6. */
const corefile = (port: number, metricsPort: number) => `(counted) {
    bind 127.0.0.1 ::1
    prometheus 127.0.0.1:${metricsPort}
    bufsize
    errors
    loadbalance
    whoami
}
a.example:${port} {
    import counted
}
b.a.example:${port} 10.0.0.0/8:${port} {
    import counted
}
quiet.example:${port} {
    bind 127.0.0.1 ::1
    whoami
}
`

const QUERIES = [
  ['127.0.0.1', 'udp', 'a.example. A', { edns: false }],
  ['127.0.0.1', 'udp', 'A.Example. AAAA', { sizeOctets: 4096 }],
  ['127.0.0.1', 'tcp', 'x.a.example. MX', { dnssecOk: true }],
  ['::1', 'udp', 'x.a.example. HTTPS', { dnssecOk: true }],
  ['::1', 'tcp', 'b.a.example. SRV', {}],
  ['127.0.0.1', 'udp', 'x.b.a.example. TYPE65280', {}],
  ['127.0.0.1', 'udp', `${'y'.repeat(60)}.${'z'.repeat(60)}.b.a.example. CAA`, {}],
  ['127.0.0.1', 'udp', '4.3.2.10.in-addr.arpa. PTR', {}],
  ['127.0.0.1', 'udp', 'quiet.example. A', {}],
  ['127.0.0.1', 'udp', 'elsewhere.example. A', { edns: false }],
  ['::1', 'tcp', '. NS', { edns: false }],
] as const

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The samples of a scrape whose name matches, with `port` written as PORT. */
async function scrape(metricsPort: number, port: number, names: RegExp): Promise<readonly Sample[]> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  return [...text.replaceAll(`:${port}"`, ':PORT"').matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)]
    .filter(([, name = '']) => names.test(name))
    .map(([, name = '', labels = '', value]) => ({
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, is]) => [label, is]),
      ),
      value: Number(value),
    }))
}

/** Both servers after the same queries. */
async function scrapeBoth(names: RegExp): Promise<{ ours: readonly Sample[]; theirs: readonly Sample[] }> {
  const [port, metricsPort, theirMetricsPort] = [await closedPort(), await closedPort(), await closedPort()]
  const coredns = await startCoredns((free) => corefile(free, theirMetricsPort))
  const server = await startServing({
    corefile: corefileFromText(corefile(port, metricsPort), 'Corefile'),
    defaultPort: 0,
    watch: false,
    log: SILENT_LOG,
  })
  onTestFinished(() => server.close())
  for (const [address, transport, question, options] of QUERIES) {
    await askRaw({ address, port: coredns.port, transport }, question, options)
    await askRaw({ address, port, transport }, question, options)
  }
  return {
    ours: await scrape(metricsPort, port, names),
    theirs: await scrape(theirMetricsPort, coredns.port, names),
  }
}

/** Each sample as text, in order; `without` leaves labels out that are known to differ. */
function lines(
  samples: readonly Sample[],
  without: readonly string[] = [],
  withValues = true,
): readonly string[] {
  return samples
    .map(({ name, labels, value }) => {
      const kept = Object.entries(labels).filter(([label]) => !without.includes(label))
      const text = kept.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([label, is]) => `${label}="${is}"`)
      return `${name}{${text.join(',')}}${withValues ? ` ${value}` : ''}`
    })
    .toSorted()
}

function counts(samples: readonly Sample[]): readonly Sample[] {
  return samples.filter(({ name }) => name.endsWith('_count'))
}

function labelsOf(samples: readonly Sample[]): ReadonlyMap<string, string> {
  return new Map(samples.map(({ name, labels }) => [name, Object.keys(labels).toSorted().join()]))
}

describe.skipIf(COREDNS === undefined)('metrics beside CoreDNS', () => {
  test.for([
    /^coredns_dns_requests_total$/,
    /^coredns_dns_do_requests_total$/,
    /^coredns_dns_request_size_bytes/,
  ])('%s: the same series with the same values after the same queries', async (names) => {
    const { ours, theirs } = await scrapeBoth(names)
    expect(theirs.length).toBeGreaterThan(1)
    expect(lines(ours)).toEqual(lines(theirs))
  })

  test('coredns_plugin_enabled: the same directives; CoreDNS leaves out the second key of a block', async () => {
    const { ours, theirs } = await scrapeBoth(/^coredns_plugin_enabled$/)
    const firstKeys = ours.filter(({ labels }) => labels['zone'] !== '10.in-addr.arpa.')
    expect(lines(firstKeys)).toEqual(lines(theirs))
    expect(ours.length).toBe(1.5 * theirs.length)
  })

  test.for([/^coredns_dns_response_size_bytes/, /^coredns_dns_request_duration_seconds/])(
    '%s: the same series and buckets',
    async (names) => {
      const { ours, theirs } = await scrapeBoth(names)
      expect(theirs.length).toBeGreaterThan(2)
      expect(lines(ours, [], false)).toEqual(lines(theirs, [], false))
      expect(lines(counts(ours))).toEqual(lines(counts(theirs)))
    },
  )

  test('coredns_dns_responses_total: the same, but for the directive that answered', async () => {
    const { ours, theirs } = await scrapeBoth(/^coredns_dns_responses_total$/)
    expect(lines(ours, ['plugin'])).toEqual(lines(theirs, ['plugin']))
    expect(new Set(ours.map(({ labels }) => labels['plugin']))).toEqual(new Set(['whoami', '']))
    expect(new Set(theirs.map(({ labels }) => labels['plugin']))).toEqual(new Set(['errors', '']))
  })

  test('the others that both have: the same labels', async () => {
    const { ours, theirs } = await scrapeBoth(/^(coredns|process)_/)
    const [our, their] = [labelsOf(ours), labelsOf(theirs)]
    const common = [...their.keys()].filter((name) => our.has(name))
    expect(common).toContain('coredns_build_info')
    expect(common).toContain('coredns_panics_total')
    expect(common).toContain('process_cpu_seconds_total')
    expect(common.filter((name) => our.get(name) !== their.get(name))).toEqual([])
  })
})
