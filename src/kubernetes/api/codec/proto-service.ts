import type { Service } from '../../objects.ts'
import type { Door } from './door.ts'
import type { ObjectMeta } from './object-meta.ts'
import { parseMeta } from './proto-meta.ts'
import { parsePort } from './proto-port.ts'
import type { ProtoReader } from './proto-reader.ts'
import { type ServiceFields, shrinkService } from './shrink-service.ts'

/** The fields while they come in. */
type Filling<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] }

/** A Service (core/v1 generated.proto). */
export function parseService(reader: ProtoReader, meta: ObjectMeta, door: Door): Service {
  const fields: Filling<ServiceFields> = {
    type: '',
    clusterIP: '',
    clusterIPs: [],
    externalName: '',
    ports: [],
    publishNotReadyAddresses: false,
    externalIPs: [],
    ingressIPs: [],
    ingressHostnames: [],
  }
  while (reader.next()) {
    if (reader.field === 1) parseMeta(reader, meta)
    else if (reader.field === 2) parseSpec(reader, fields)
    else if (reader.field === 3) parseStatus(reader, fields)
    else reader.skip()
  }
  return shrinkService(meta, fields, door)
}

const PORT_NUMBERS = { protocol: 2, port: 3 }

function parseSpec(reader: ProtoReader, fields: Filling<ServiceFields>): void {
  reader.message((field) => {
    if (field === 1) fields.ports.push(parsePort(reader, PORT_NUMBERS))
    else if (field === 3) fields.clusterIP = reader.ownText()
    else if (field === 4) fields.type = reader.text()
    else if (field === 5) fields.externalIPs.push(reader.ownText())
    else if (field === 10) fields.externalName = reader.ownText()
    else if (field === 13) fields.publishNotReadyAddresses = reader.boolean()
    else if (field === 18) fields.clusterIPs.push(reader.ownText())
    else reader.skip()
  })
}

/** ServiceStatus: field 1 is loadBalancer (LoadBalancerStatus), whose field 1 is ingress (LoadBalancerIngress). */
function parseStatus(reader: ProtoReader, fields: Filling<ServiceFields>): void {
  reader.message((field) => {
    if (field !== 1) return reader.skip()
    reader.message((inner) => (inner === 1 ? parseIngress(reader, fields) : reader.skip()))
  })
}

function parseIngress(reader: ProtoReader, fields: Filling<ServiceFields>): void {
  reader.message((field) => {
    if (field === 1) fields.ingressIPs.push(reader.ownText())
    else if (field === 2) fields.ingressHostnames.push(reader.ownText())
    else reader.skip()
  })
}
