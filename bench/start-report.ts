import { composeTable, median } from './report.ts'

/** One start of one server on one cluster. */
export interface StartSample {
  readonly cluster: string
  readonly server: string
  readonly firstAnswerMs: number
  /** CPU time until then, user and system. */
  readonly cpuMs: number
  /** Resident memory once settled; 1 MB is 1,000,000 octets. */
  readonly residentMegabytes: number
}

/** What SliceDNS may take at most to start on a cluster. */
export interface StartBar {
  readonly cluster: string
  readonly firstAnswerMs: number
  readonly residentMegabytes: number | undefined
}

/** The medians as a Markdown table, one row a cluster and server, the bars beside SliceDNS's figures. */
export function composeStartReport(samples: readonly StartSample[], bars: readonly StartBar[]): string {
  const header = ['cluster', 'server', 'first answer, ms', 'bar', 'CPU, ms', 'resident, MB', 'bar']
  const rows = bars.flatMap((bar) =>
    serversOf(samples, bar).map((server) => {
      const { firstAnswerMs, cpuMs, residentMegabytes } = medians(samples, bar, server)
      const judged = server === 'SliceDNS'
      return [
        bar.cluster,
        server,
        firstAnswerMs.toFixed(0),
        judged ? `< ${bar.firstAnswerMs}` : '',
        cpuMs.toFixed(0),
        residentMegabytes.toFixed(1),
        judged && bar.residentMegabytes !== undefined ? `< ${bar.residentMegabytes}` : '',
      ]
    }),
  )
  return composeTable(header, rows)
}

/** Whether SliceDNS keeps below every bar. True where it was not measured. */
export function meetsStartBars(samples: readonly StartSample[], bars: readonly StartBar[]): boolean {
  return bars.every((bar) => {
    const { firstAnswerMs, residentMegabytes } = medians(samples, bar, 'SliceDNS')
    return (
      !(firstAnswerMs >= bar.firstAnswerMs) && !(residentMegabytes >= (bar.residentMegabytes ?? Infinity))
    )
  })
}

function serversOf(samples: readonly StartSample[], { cluster }: StartBar): string[] {
  return [...new Set(samples.filter((sample) => sample.cluster === cluster).map(({ server }) => server))]
}

/** NaN where there is no sample. */
function medians(
  samples: readonly StartSample[],
  { cluster }: StartBar,
  server: string,
): Omit<StartSample, 'cluster' | 'server'> {
  const own = samples.filter((sample) => sample.cluster === cluster && sample.server === server)
  return {
    firstAnswerMs: median(own.map(({ firstAnswerMs }) => firstAnswerMs)),
    cpuMs: median(own.map(({ cpuMs }) => cpuMs)),
    residentMegabytes: median(own.map(({ residentMegabytes }) => residentMegabytes)),
  }
}
