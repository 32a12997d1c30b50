import type { ProtoReader } from './proto-reader.ts'
import type { PortFields } from './shrink-ports.ts'

/** A ServicePort or EndpointPort, whose name is field 1: the others are numbered as `numbers` says. */
export function parsePort(
  reader: ProtoReader,
  numbers: { readonly protocol: number; readonly port: number },
): PortFields {
  let name = ''
  let protocol = ''
  let port = 0
  const outer = reader.enter()
  while (reader.next()) {
    if (reader.field === 1) name = reader.text()
    else if (reader.field === numbers.protocol) protocol = reader.text()
    else if (reader.field === numbers.port) port = reader.int32()
    else reader.skip()
  }
  reader.leave(outer)
  return { name, protocol, port }
}
