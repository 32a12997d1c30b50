import type { IpAddress } from '../../wire/rdata.ts'
import type { Manifest } from '../manifests/manifest.ts'
import type { Endpoint, EndpointPort } from '../objects.ts'
import type { Field } from './field.ts'
import type { Report } from './problem.ts'
import {
  type EndpointContext,
  readEndpointHostname,
  readIpAddress,
  readTargetPod,
} from './read-endpoint-address.ts'
import { type Draft, readDraft, rootOf } from './read-metadata.ts'
import { readPortName, readPortNumber, readProtocol } from './read-ports.ts'

export interface EndpointsDraft extends Draft {
  readonly annotations: Readonly<Record<string, string>>
  readonly subsets: readonly EndpointsSubset[]
}

interface EndpointsSubset {
  readonly ports: readonly EndpointPort[]
  /** Ready ones first. */
  readonly addresses: readonly SubsetAddress[]
}

export interface SubsetAddress extends Endpoint {
  readonly addresses: readonly [IpAddress]
}

/** An Endpoints object (core/v1). Throws `InvalidField`; an address that cannot be served is reported and left out. */
export function readEndpoints(manifest: Manifest, report: Report): EndpointsDraft {
  const root = rootOf(manifest)
  const context = { manifest, report }
  return {
    ...readDraft(manifest),
    annotations: root.at('metadata').at('annotations').texts(),
    subsets: root
      .at('subsets')
      .items()
      .map((subset) => readSubset(subset, context)),
  }
}

function readSubset(subset: Field, context: EndpointContext): EndpointsSubset {
  const ready = subset.at('addresses').items()
  const notReady = subset.at('notReadyAddresses').items()
  return {
    ports: subset.at('ports').items().map(readPort),
    addresses: [
      ...ready.flatMap((address) => readAddress(address, true, context)),
      ...notReady.flatMap((address) => readAddress(address, false, context)),
    ],
  }
}

function readAddress(field: Field, ready: boolean, context: EndpointContext): SubsetAddress[] {
  const hostname = readEndpointHostname(field.at('hostname'), context)
  const podName = readTargetPod(field)
  const address = readIpAddress(field.at('ip'), context)
  return address === undefined ? [] : [{ addresses: [address], hostname, ready, podName, topologyZone: '' }]
}

function readPort(field: Field): EndpointPort {
  const number = field.at('port')
  return {
    name: readPortName(field),
    protocol: readProtocol(field),
    port: readPortNumber(number) ?? number.missing(),
  }
}
