import { composeTable } from '../../bench/report.ts'
import type { Lookup } from './lookups.ts'
import type { Resolver } from './resolver.ts'
import type { Result } from './verdict.ts'

/** A table of lookups and resolvers; each cell is what `cell` says of the lookup, or a dash where it cannot be asked. */
export function resultTable(results: readonly Result[], cell: (result: Result) => string): string {
  const resolvers = [...new Set(results.map(({ resolver }) => resolver))]
  const lookups = [...new Set(results.map(({ lookup }) => lookup))]
  const cellOf = (lookup: Lookup, resolver: Resolver) => {
    const result = results.find((each) => each.lookup === lookup && each.resolver === resolver)
    return result === undefined ? '–' : cell(result)
  }
  const rows = lookups.map((lookup) =>
    [titleOf(lookup)].concat(resolvers.map((resolver) => cellOf(lookup, resolver))),
  )
  return composeTable(['lookup', ...resolvers.map(({ name }) => name)], rows)
}

/**
 * `8` queries over UDP; `2+2` means two more over TCP. `(2)` found nothing of what there is; a failed lookup has an
 * exclamation mark.
 */
export function queriesCell({ lookup, foundCount, udpQueries, tcpQueries, problems }: Result): string {
  const count = tcpQueries === 0 ? `${udpQueries}` : `${udpQueries}+${tcpQueries}`
  if (problems.length > 0) return `${count} !`
  return foundCount === 0 && lookup.expected.length > 0 ? `(${count})` : count
}

/** The same with the milliseconds. */
export function timedCell(result: Result): string {
  return `${queriesCell(result)} / ${result.elapsedMs.toFixed(1)}`
}

/** One line for each lookup that failed. */
export function problemLines(results: readonly Result[]): readonly string[] {
  return results
    .filter(({ problems }) => problems.length > 0)
    .map(({ resolver, lookup, problems }) => `${resolver.name}, ${titleOf(lookup)}: ${problems.join('; ')}`)
}

/** One line for each lookup that passed with less than there is. */
export function noteLines(results: readonly Result[]): readonly string[] {
  return results.flatMap(({ resolver, lookup, note }) =>
    note === undefined ? [] : [`${resolver.name}, ${titleOf(lookup)}: ${note}`],
  )
}

/** What stands in docs/benchmarks.md. */
export function pageSection(results: readonly Result[], skipped: readonly Resolver[]): string {
  const resolvers = [...new Set(results.map(({ resolver }) => resolver))]
  const slowest = Math.max(...results.map(({ elapsedMs }) => elapsedMs))
  const left = skipped.length === 0 ? '' : ` Not installed: ${skipped.map(({ name }) => name).join(', ')}.`
  return [
    resultTable(results, queriesCell),
    `The slowest of ${results.length} lookups took ${Math.round(slowest)} ms, the start of a process included where one was needed.${left}`,
    '',
    ...resolvers.map(({ name, version, about }) => `- ${name} ${version()}: ${about}`),
    ...noteLines(results).map((line) => `- ${line}`),
  ].join('\n')
}

function titleOf({ kind, subject, about }: Lookup): string {
  const family = kind === 'ipv4' || kind === 'ipv6' ? `, ${kind}` : ''
  return `${subject}${family} (${about})`
}
