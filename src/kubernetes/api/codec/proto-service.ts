import type { Service } from '../../objects.ts'
import type { Door } from './door.ts'
import type { ObjectMeta } from './object-meta.ts'
import { parseMeta } from './proto-meta.ts'
import { extendRange, parsePorts } from './proto-ports.ts'
import type { OctetRange, ProtoReader } from './proto-reader.ts'
import { type ServiceFields, shrinkService } from './shrink-service.ts'

type Fields = Filling<Omit<ServiceFields, 'ports'>>

/** The fields while they come in. */
type Filling<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] }

const PORTS: OctetRange = { start: 0, end: 0 }

/** A Service (core/v1 generated.proto). */
export function parseService(reader: ProtoReader, meta: ObjectMeta, door: Door): Service {
  const fields: Fields = {
    type: '',
    clusterIP: '',
    clusterIPs: [],
    externalName: '',
    publishNotReadyAddresses: false,
    externalIPs: [],
    ingressIPs: [],
    ingressHostnames: [],
  }
  PORTS.end = PORTS.start
  while (reader.next()) {
    if (reader.field === 1) parseMeta(reader, meta)
    else if (reader.field === 2) parseSpec(reader, fields)
    else if (reader.field === 3) parseStatus(reader, fields)
    else reader.skip()
  }
  const ports = parsePorts(reader, 1, PORTS, door.servicePorts)
  return shrinkService(meta, { ...fields, ports }, door.problems)
}

/** ServiceSpec. Says where its ports (1) are; there is one of it. */
function parseSpec(reader: ProtoReader, fields: Fields): void {
  PORTS.end = PORTS.start
  const outer = reader.enter()
  let start = reader.offset
  while (reader.next()) {
    const { field } = reader
    if (field === 3) fields.clusterIP = reader.ownText()
    else if (field === 4) fields.type = reader.text()
    else if (field === 5) fields.externalIPs.push(reader.ownText())
    else if (field === 10) fields.externalName = reader.ownText()
    else if (field === 13) fields.publishNotReadyAddresses = reader.boolean()
    else if (field === 18) fields.clusterIPs.push(reader.ownText())
    else reader.skip()
    if (field === 1) extendRange(PORTS, start, reader.offset)
    start = reader.offset
  }
  reader.leave(outer)
}

/** ServiceStatus: field 1 is loadBalancer (LoadBalancerStatus), whose field 1 is ingress (LoadBalancerIngress). */
function parseStatus(reader: ProtoReader, fields: Fields): void {
  reader.message((field) => {
    if (field !== 1) return reader.skip()
    reader.message((inner) => (inner === 1 ? parseIngress(reader, fields) : reader.skip()))
  })
}

function parseIngress(reader: ProtoReader, fields: Fields): void {
  reader.message((field) => {
    if (field === 1) fields.ingressIPs.push(reader.ownText())
    else if (field === 2) fields.ingressHostnames.push(reader.ownText())
    else reader.skip()
  })
}
