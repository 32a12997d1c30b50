import type { EndpointSlice, Service } from './objects.ts'

/**
 * A Service and the EndpointSlices labelled for it, whichever was told first. Immutable: each change makes a new entry,
 * so what is derived from one may be kept as long as the entry itself.
 */
export interface ServiceEntry {
  readonly namespace: string
  readonly name: string
  /** Undefined while only slices are known. */
  readonly service: Service | undefined
  /** By name, so that the order of events leaves no trace. */
  readonly slices: readonly EndpointSlice[]
}

export function withService(entry: ServiceEntry, service: Service | undefined): ServiceEntry {
  return { ...entry, service }
}

/** The entry with this slice added, or in place of the one of the same name. */
export function withSlice(entry: ServiceEntry, slice: EndpointSlice): ServiceEntry {
  const slices = [...entry.slices]
  const index = slices.findIndex(({ name }) => name >= slice.name)
  if (index === -1) slices.push(slice)
  else slices.splice(index, slices[index]?.name === slice.name ? 1 : 0, slice)
  return { ...entry, slices }
}

export function withoutSlice(entry: ServiceEntry, sliceName: string): ServiceEntry {
  return { ...entry, slices: entry.slices.filter(({ name }) => name !== sliceName) }
}
