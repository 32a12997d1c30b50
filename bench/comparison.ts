import type { Sample } from './measure.ts'
import type { QueryMix } from './queries.ts'
import { composeTable, median } from './report.ts'

/** CPU time per query as a Markdown table, one row a server, one column a load. Figures are medians over the rounds. */
export function composeCpuTable(samples: readonly Sample[], mixes: readonly QueryMix[]): string {
  return composeMatrix('CPU, µs/query', { samples, mixes }, (own) =>
    spread(own.map(({ cpuMicroseconds }) => cpuMicroseconds)),
  )
}

/** Queries per second that were answered with the server's core to itself, and all queries that were lost. */
export function composeThroughputTable(samples: readonly Sample[], mixes: readonly QueryMix[]): string {
  return composeMatrix('queries/s', { samples, mixes }, (own) => {
    const lost = own.reduce((sum, sample) => sum + sample.lost, 0)
    const perSecond = Math.round(median(own.map(({ queriesPerSecond }) => queriesPerSecond)))
    return perSecond.toLocaleString('en-GB') + (lost === 0 ? '' : ` (${lost} lost)`)
  })
}

/** What the loads are, as a list. */
export function describeMixes(mixes: readonly QueryMix[]): string {
  return mixes.map(({ name, title }) => `- ${name}: ${title}\n`).join('')
}

/** Empty cells where a server was not measured. */
function composeMatrix(
  title: string,
  { samples, mixes }: { readonly samples: readonly Sample[]; readonly mixes: readonly QueryMix[] },
  describe: (own: readonly Sample[]) => string,
): string {
  const servers = [...new Set(samples.map(({ server }) => server))]
  const rows = servers.map((server) => {
    const cells = mixes.map(({ name }) => {
      const own = samples.filter((sample) => sample.server === server && sample.mix === name)
      return own.length === 0 ? '' : describe(own)
    })
    return [server].concat(cells)
  })
  return composeTable([title, ...mixes.map(({ name }) => name)], rows)
}

/** The median, and the range where there is more than one value. */
function spread(values: readonly number[]): string {
  const middle = median(values).toFixed(1)
  if (values.length < 2) return middle
  return `${middle} (${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)})`
}
