import type { IpAddress } from '../../../wire/rdata.ts'
import type { Endpoint, EndpointSlice } from '../../objects.ts'
import type { Door } from './door.ts'
import type { ObjectMeta } from './object-meta.ts'
import { parseMeta } from './proto-meta.ts'
import { extendRange, parsePorts } from './proto-ports.ts'
import type { OctetRange, ProtoReader } from './proto-reader.ts'
import { parseReady } from './proto-ready.ts'
import { parseTargetPod } from './proto-target-pod.ts'
import { shrinkEndpoint } from './shrink-endpoint.ts'
import { packEndpoints } from './proto-pack-endpoints.ts'
import { shrinkAddressType, shrinkEndpointSlice, shrinkPackedSlice } from './shrink-endpoint-slice.ts'

/**
 * An EndpointSlice (discovery/v1 generated.proto). Read twice: the type of the addresses comes after them, and stepping over the
 * endpoints costs nothing.
 */
export function parseEndpointSlice(reader: ProtoReader, meta: ObjectMeta, door: Door): EndpointSlice {
  const { octets, offset: start } = reader
  let typeText = ''
  PORTS.end = PORTS.start
  let fieldStart = start
  while (reader.next()) {
    if (reader.field === 1) parseMeta(reader, meta)
    else if (reader.field === 4) typeText = reader.text()
    else reader.skip()
    if (reader.field === 3) extendRange(PORTS, fieldStart, reader.offset)
    fieldStart = reader.offset
  }
  const end = reader.offset
  const addressType = shrinkAddressType(typeText)
  const ports = parsePorts(reader, 3, PORTS, door.endpointPorts)
  reader.reset(octets, start, end)
  const packed = addressType === 'FQDN' ? undefined : packEndpoints(reader, addressType, door.packer)
  if (packed !== undefined) return shrinkPackedSlice(meta, { addressType, ports }, packed)
  const endpoints: Endpoint[] = []
  reader.reset(octets, start, end)
  while (reader.next()) {
    if (reader.field !== 2) {
      reader.skip()
      continue
    }
    const endpoint = parseEndpoint(reader, addressType, door)
    if (endpoint !== undefined) endpoints.push(endpoint)
  }
  return shrinkEndpointSlice(meta, { addressType, ports, endpoints })
}

const PORTS: OctetRange = { start: 0, end: 0 }

const NO_ADDRESSES: readonly (IpAddress | string)[] = []

function parseEndpoint(
  reader: ProtoReader,
  type: EndpointSlice['addressType'],
  door: Door,
): Endpoint | undefined {
  let addresses = NO_ADDRESSES
  let hostname = ''
  let ready = true
  let podName = ''
  let topologyZone = ''
  const outer = reader.enter()
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        // Nearly always one: an array of one is a third of the memory of one that was pushed to.
        addresses =
          addresses.length === 0 ? [readAddress(reader, type)] : [...addresses, readAddress(reader, type)]
        break
      case 2:
        ready = parseReady(reader)
        break
      case 3:
        hostname = reader.text()
        break
      case 4:
        podName = parseTargetPod(reader)
        break
      case 7:
        topologyZone = reader.text()
        break
      default:
        reader.skip()
    }
  }
  reader.leave(outer)
  return shrinkEndpoint({ addresses, hostname, ready, podName, topologyZone }, type, door.problems)
}

function readAddress(reader: ProtoReader, type: EndpointSlice['addressType']): IpAddress | string {
  return type === 'FQDN' ? reader.ownText() : reader.address()
}
