import { composeTable, median } from '../report.ts'
import type { LiveStartSample } from './measure-live-start.ts'
import type { LatencySamples } from './measure-latency.ts'
import type { StallSample } from './measure-stalls.ts'

export interface LiveFigures {
  readonly starts: readonly LiveStartSample[]
  /** Of several rounds for each server. */
  readonly latencies: readonly LatencySamples[]
  readonly relists: readonly StallSample[]
  readonly churn: StallSample
}

/** A figure of SliceDNS and what it may be at most: Infinity where it is only told. */
interface Judged {
  readonly what: string
  readonly value: number
  readonly bar: number
  readonly peer: number | undefined
  readonly digits: number
}

/** What is judged, one row each: the figure, CoreDNS's, and the bar. */
export function composeLiveReport(figures: LiveFigures): string {
  return composeTable(
    ['', 'SliceDNS', 'CoreDNS', 'bar'],
    judge(figures).map(({ what, value, bar, peer, digits }) => [
      what,
      value.toFixed(digits),
      peer?.toFixed(digits) ?? '',
      bar === Infinity ? '' : `≤ ${bar.toFixed(digits)}`,
    ]),
  )
}

export function meetsLiveBars(figures: LiveFigures): boolean {
  return judge(figures).every(({ value, bar }) => value <= bar)
}

function judge({ starts, latencies, relists, churn }: LiveFigures): readonly Judged[] {
  const of = (server: string, key: Exclude<keyof LiveStartSample, 'server'>): number =>
    median(starts.filter((sample) => sample.server === server).map((sample) => sample[key]))
  const ratio = (
    what: string,
    key: Exclude<keyof LiveStartSample, 'server'>,
    times: number,
    server = 'SliceDNS',
  ): Judged => {
    const peer = of('CoreDNS', key)
    return { what, value: of(server, key), peer, bar: times * peer, digits: 0 }
  }
  const latency = (server: string, key: Exclude<keyof LatencySamples, 'server'>, share: number): number =>
    percentile(
      latencies.filter((samples) => samples.server === server).flatMap((samples) => samples[key]),
      share,
    )
  const peerP99 = latency('CoreDNS', 'fromWriteMs', 99)
  const flat = churn.residentBeforeMegabytes
  return [
    ratio('R17 start to first right answer, ms', 'firstAnswerMs', 0.9),
    ratio('CPU until then, ms', 'cpuMs', 1),
    ratio('R17 peak resident memory, MB', 'peakMegabytes', 0.8),
    ratio('start with plain Node, ms', 'firstAnswerMs', Infinity, 'SliceDNS, plain Node'),
    ratio('CPU until then with plain Node, ms', 'cpuMs', Infinity, 'SliceDNS, plain Node'),
    ratio('peak resident memory with plain Node, MB', 'peakMegabytes', Infinity, 'SliceDNS, plain Node'),
    {
      what: 'write to changed answer, p50, ms',
      value: latency('SliceDNS', 'fromWriteMs', 50),
      peer: latency('CoreDNS', 'fromWriteMs', 50),
      bar: Infinity,
      digits: 2,
    },
    {
      what: 'write to changed answer, p99, ms',
      value: latency('SliceDNS', 'fromWriteMs', 99),
      peer: peerP99,
      bar: peerP99,
      digits: 2,
    },
    {
      what: 'event to changed answer, p99, ms',
      value: latency('SliceDNS', 'fromEventMs', 99),
      peer: latency('CoreDNS', 'fromEventMs', 99),
      bar: 3,
      digits: 2,
    },
    {
      what: 'K14 longest stall while listing again, of all lists, ms',
      value: Math.max(...relists.map(({ maxMs }) => maxMs)),
      peer: undefined,
      bar: 20,
      digits: 1,
    },
    { what: 'K25 stalls under changes, p99, ms', value: churn.p99Ms, peer: undefined, bar: 10, digits: 1 },
    {
      what: 'longest stall under changes, ms',
      value: churn.maxMs,
      peer: undefined,
      bar: Infinity,
      digits: 1,
    },
    {
      what: 'resident memory after changes, MB',
      value: churn.residentAfterMegabytes,
      peer: undefined,
      bar: flat * 1.05,
      digits: 0,
    },
    {
      what: 'K14 peak resident memory after listing again, MB',
      value: Math.max(...relists.map(({ peakMegabytes }) => peakMegabytes)),
      peer: undefined,
      bar: Infinity,
      digits: 0,
    },
  ]
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? Number.NaN
}
