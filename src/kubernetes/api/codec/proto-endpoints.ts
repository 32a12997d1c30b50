import type { IpAddress } from '../../../wire/rdata.ts'
import type { ShrunkEndpoints } from '../api-event.ts'
import type { Door } from './door.ts'
import type { ObjectMeta } from './object-meta.ts'
import { parseMeta } from './proto-meta.ts'
import { parsePort } from './proto-port.ts'
import type { ProtoReader } from './proto-reader.ts'
import { parseTargetPod } from './proto-target-pod.ts'
import type { EndpointFields } from './shrink-endpoint.ts'
import { type SubsetFields, shrinkEndpoints } from './shrink-endpoints.ts'
import type { PortFields } from './shrink-ports.ts'

/** Endpoints (core/v1 generated.proto): metadata (1) and subsets (2). */
export function parseEndpoints(reader: ProtoReader, meta: ObjectMeta, door: Door): ShrunkEndpoints {
  const subsets: SubsetFields[] = []
  while (reader.next()) {
    if (reader.field === 1) parseMeta(reader, meta)
    else if (reader.field === 2) subsets.push(parseSubset(reader))
    else reader.skip()
  }
  return shrinkEndpoints(meta, subsets, door)
}

const PORT_NUMBERS = { port: 2, protocol: 3 }

function parseSubset(reader: ProtoReader): SubsetFields {
  const ready: EndpointFields[] = []
  const notReady: EndpointFields[] = []
  const ports: PortFields[] = []
  reader.message((field) => {
    if (field === 1) ready.push(parseAddress(reader, true))
    else if (field === 2) notReady.push(parseAddress(reader, false))
    else if (field === 3) ports.push(parsePort(reader, PORT_NUMBERS))
    else reader.skip()
  })
  return { addresses: [...ready, ...notReady], ports }
}

function parseAddress(reader: ProtoReader, ready: boolean): EndpointFields {
  let address: IpAddress | string = ''
  let hostname = ''
  let podName = ''
  reader.message((field) => {
    if (field === 1) address = reader.address()
    else if (field === 2) podName = parseTargetPod(reader)
    else if (field === 3) hostname = reader.text()
    else reader.skip()
  })
  return { addresses: [address], hostname, ready, podName, topologyZone: '' }
}
