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
  reader.message((field) => {
    if (field === 1) name = reader.text()
    else if (field === numbers.protocol) protocol = reader.text()
    else if (field === numbers.port) port = reader.int32()
    else reader.skip()
  })
  return { name, protocol, port }
}
