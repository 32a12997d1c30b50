import type { Sample } from './measure.ts'
import type { QueryMix } from './queries.ts'
import { composeTable, median } from './report.ts'

/** The load that the bar is set for. */
const BAR_MIX = 'mixed'

/** The samples as a Markdown table, one row a server, and what the loads are. Figures are medians over the rounds. */
export function composeComparison(samples: readonly Sample[], mixes: readonly QueryMix[]): string {
  const servers = [...new Set(samples.map(({ server }) => server))]
  const header = [
    'µs/query',
    ...mixes.map(({ name }) => name),
    `${BAR_MIX}: of CoreDNS`,
    `${BAR_MIX}: queries/s`,
    'lost',
  ]
  const rows = servers.map((server) => rowOf(samples, mixes, server))
  const loads = mixes.map(({ name, title }) => `- ${name}: ${title}`).join('\n')
  return `${composeTable(header, rows)}\n${loads}\n`
}

function rowOf(samples: readonly Sample[], mixes: readonly QueryMix[], server: string): string[] {
  const own = samples.filter((sample) => sample.server === server)
  const lost = own.reduce((sum, sample) => sum + sample.lost, 0)
  const perSecond = own.filter(({ mix }) => mix === BAR_MIX).map(({ queriesPerSecond }) => queriesPerSecond)
  return [
    server,
    ...mixes.map(({ name }) => spread(cpuOf(samples, server, name))),
    ratioToCoredns(samples, server).toFixed(2),
    Math.round(median(perSecond)).toLocaleString('en-GB'),
    String(lost),
  ]
}

/** Whether SliceDNS spends no more CPU time on a query than CoreDNS. True where one of the two was not measured. */
export function meetsBar(samples: readonly Sample[]): boolean {
  return !(ratioToCoredns(samples, 'SliceDNS') > 1)
}

function ratioToCoredns(samples: readonly Sample[], server: string): number {
  return median(cpuOf(samples, server, BAR_MIX)) / median(cpuOf(samples, 'CoreDNS', BAR_MIX))
}

function cpuOf(samples: readonly Sample[], server: string, mix: string): number[] {
  return samples
    .filter((sample) => sample.server === server && sample.mix === mix)
    .map(({ cpuMicroseconds }) => cpuMicroseconds)
}

/** The median, and the range where there is more than one value. */
function spread(values: readonly number[]): string {
  const middle = median(values).toFixed(1)
  if (values.length < 2) return middle
  return `${middle} (${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)})`
}
