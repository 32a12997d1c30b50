import type { EndpointPort } from '../../objects.ts'
import { parsePort } from './proto-port.ts'
import type { OctetRange, ProtoReader } from './proto-reader.ts'
import type { SharedPorts } from './shared-ports.ts'
import type { PortFields } from './shrink-ports.ts'

/** Of a ServicePort and of an EndpointPort. */
const PORT_NUMBERS = { protocol: 2, port: 3 }

/** Some ten ports. */
const SHARED_OCTETS_MAX = 512

/**
 * The ports of an object: the fields of this number, from the first to the last. Most objects have those of another one, so octets that
 * were met before are not read again. Leaves the reader anywhere.
 */
export function parsePorts<Port extends EndpointPort>(
  reader: ProtoReader,
  field: number,
  { start, end }: OctetRange,
  shared: SharedPorts<Port>,
): readonly Port[] {
  const { octets } = reader
  const read = (): readonly PortFields[] => {
    const given: PortFields[] = []
    reader.reset(octets, start, end)
    while (reader.next()) {
      if (reader.field === field) given.push(parsePort(reader, PORT_NUMBERS))
      else reader.skip()
    }
    return given
  }
  if (end - start > SHARED_OCTETS_MAX) return shared.share(read())
  return shared.shareOctets(octets.toString('latin1', start, end), read)
}

/** Takes a field into the range, which begins with the first that it is given. */
export function extendRange(range: OctetRange, start: number, end: number): void {
  if (range.start === range.end) range.start = start
  range.end = end
}
