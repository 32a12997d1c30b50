import type { LatencySample, Pair } from './latency.ts'
import type { Sample } from './measure.ts'
import { composeTable, median } from './report.ts'

/** The Corefiles that are judged: the lean one is the stricter, kubeadm's is what clusters run. */
export const PAIRS: readonly (Pair & { readonly corefile: string })[] = [
  { corefile: 'lean', slicedns: 'SliceDNS', coredns: 'CoreDNS' },
  { corefile: "kubeadm's", slicedns: 'SliceDNS, kubeadm', coredns: 'CoreDNS, kubeadm' },
]

/** What SliceDNS may spend of what CoreDNS spends on a query, at most. */
const CPU_BARS = [
  { mix: 'mixed', share: 1 },
  { mix: 'a', share: 0.6 },
  { mix: 'nodata', share: 0.6 },
  { mix: 'nxdomain', share: 0.6 },
  { mix: 'srv', share: 0.8 },
  { mix: 'headless', share: 0.8 },
  { mix: 'cached', share: 1 },
  { mix: 'tcp', share: 1 },
] as const

/** The 99th percentile of latency may be no more than CoreDNS's. */
const P99_SHARE = 1

/** One bar, and how SliceDNS stands to CoreDNS there. */
export interface BarResult {
  readonly corefile: string
  readonly what: string
  readonly share: number
  /** The most it may be. */
  readonly bar: number
}

/** The bars of which both servers were measured. */
export function judgeBars(samples: readonly Sample[], latencies: readonly LatencySample[]): BarResult[] {
  return PAIRS.flatMap((pair) => {
    const cpu = CPU_BARS.map(({ mix, share: bar }) => ({
      corefile: pair.corefile,
      what: `CPU per query: ${mix}`,
      share: shareOf(pair, (server) => cpuOf(samples, server, mix)),
      bar,
    }))
    const p99 = shareOf(pair, (server) => p99Of(latencies, server))
    const latency = { corefile: pair.corefile, what: 'p99 latency at half load', share: p99, bar: P99_SHARE }
    return [...cpu, latency].filter(({ share }) => !Number.isNaN(share))
  })
}

export function isMet({ share, bar }: BarResult): boolean {
  return share <= bar
}

/** One row a bar, a column for each Corefile. */
export function composeBarTable(results: readonly BarResult[]): string {
  const corefiles = PAIRS.map(({ corefile }) => corefile)
  const rows = [...new Set(results.map(({ what }) => what))].map((what) => {
    const own = results.filter((result) => result.what === what)
    const cells = corefiles.map((corefile) => {
      const result = own.find((candidate) => candidate.corefile === corefile)
      return result === undefined ? '' : `${result.share.toFixed(2)}${isMet(result) ? '' : ' missed'}`
    })
    return [what, `≤ ${own[0]?.bar.toFixed(1)}`].concat(cells)
  })
  return composeTable(
    ['SliceDNS, of CoreDNS', 'bar', ...corefiles.map((corefile) => `${corefile} Corefile`)],
    rows,
  )
}

function shareOf({ slicedns, coredns }: Pair, valuesOf: (server: string) => number[]): number {
  return median(valuesOf(slicedns)) / median(valuesOf(coredns))
}

function cpuOf(samples: readonly Sample[], server: string, mix: string): number[] {
  return samples
    .filter((sample) => sample.server === server && sample.mix === mix)
    .map(({ cpuMicroseconds }) => cpuMicroseconds)
}

function p99Of(latencies: readonly LatencySample[], server: string): number[] {
  return latencies.filter((sample) => sample.server === server).map(({ p99Ms }) => p99Ms)
}
