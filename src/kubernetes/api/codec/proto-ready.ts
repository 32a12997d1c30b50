import type { ProtoReader } from './proto-reader.ts'

/** conditions.ready of EndpointConditions; absent counts as true. */
export function parseReady(reader: ProtoReader): boolean {
  let ready = true
  const outer = reader.enter()
  while (reader.next()) {
    if (reader.field === 1) ready = reader.boolean()
    else reader.skip()
  }
  reader.leave(outer)
  return ready
}
