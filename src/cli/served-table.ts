import type { ClusterStore } from '../kubernetes/cluster-store.ts'
import type { Service } from '../kubernetes/objects.ts'
import { ipToText } from '../wire/ip-address.ts'

/** Rows that a person still reads; the rest is counted. */
const MAX_ROWS = 40

/** What is served, as a table for people: one row a Service, in the order of namespace and name. `whenEmpty` is what to do without any. */
export function servedTable(store: ClusterStore, zone: string, whenEmpty: string): string {
  const services = listServices(store)
  if (services.length === 0) return `No Services: ${whenEmpty}.\n`
  const rows = services
    .slice(0, MAX_ROWS)
    .map((service) => [
      `${service.name}.${service.namespace}.svc.${zone}`,
      service.type,
      destination(service, store),
    ])
  const more = services.length - rows.length
  return table([['NAME', 'TYPE', 'ANSWER'], ...rows]) + (more > 0 ? `… and ${more} more Services\n` : '')
}

/** Every Service of a cluster, in the order of namespace and name. */
export function listServices(store: ClusterStore): Service[] {
  return [...store.namespaceNames()]
    .flatMap((namespace) => store.entriesIn(namespace).values().toArray())
    .map(({ service }) => service)
    .filter((service) => service !== undefined)
    .toSorted(byName)
}

function byName(a: Service, b: Service): number {
  return compare(a.namespace, b.namespace) || compare(a.name, b.name)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function destination(service: Service, store: ClusterStore): string {
  if (service.type === 'ExternalName') return `CNAME ${service.externalName}`
  if (service.type === 'ClusterIP') return service.clusterIPs.map(ipToText).join(' ')
  const endpoints =
    store.entry(service.namespace, service.name)?.slices.flatMap((slice) => slice.endpoints) ?? []
  const ready = endpoints.filter((endpoint) => endpoint.ready || service.publishNotReadyAddresses).length
  return `${ready} ready endpoint${ready === 1 ? '' : 's'}${ready < endpoints.length ? `, ${endpoints.length - ready} not` : ''}`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
