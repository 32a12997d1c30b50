import type { Manifest } from '../manifests/manifest.ts'
import type { Endpoint, EndpointSlice } from '../objects.ts'
import type { Field } from './field.ts'
import { SERVICE_NAME } from './labels.ts'
import { type Report, named, warning } from './problem.ts'
import {
  type EndpointContext,
  readEndpointHostname,
  readFqdnAddress,
  readIpAddress,
  readTargetPod,
} from './read-endpoint-address.ts'
import { type Draft, readDraft, rootOf } from './read-metadata.ts'
import { readEndpointPort } from './read-ports.ts'

/** An EndpointSlice written by hand, ready to be served. */
export interface EndpointSliceDraft extends Draft {
  readonly slice: EndpointSlice
}

/** The API server takes no more in one slice. */
const SLICE_ENDPOINTS_MAX = 1000

/** An EndpointSlice (discovery.k8s.io/v1). Throws `InvalidField`; a bad endpoint is reported and left out. */
export function readEndpointSlice(manifest: Manifest, report: Report): EndpointSliceDraft {
  const root = rootOf(manifest)
  const draft = readDraft(manifest)
  const typeField = root.at('addressType')
  const addressType = typeField.choice(['IPv4', 'IPv6', 'FQDN']) ?? typeField.missing()
  const endpoints = root.at('endpoints')
  const items = endpoints.items()
  if (items.length > SLICE_ENDPOINTS_MAX) {
    const message = `${named(manifest)} has ${items.length} endpoints; Kubernetes takes at most ${SLICE_ENDPOINTS_MAX} in a slice. Split it`
    report(warning(manifest, endpoints.path, 'SLICEDNS_MANIFEST_SLICE_TOO_LARGE', message))
  }
  const context = { manifest, report }
  const slice: EndpointSlice = {
    kind: 'EndpointSlice',
    namespace: draft.namespace,
    name: draft.name,
    labels: draft.labels,
    serviceName: draft.labels[SERVICE_NAME] ?? '',
    addressType,
    ports: root.at('ports').items().map(readEndpointPort),
    endpoints: items.flatMap((endpoint) => readEndpoint(endpoint, addressType, context)),
  }
  return { ...draft, slice }
}

function readEndpoint(
  field: Field,
  type: EndpointSlice['addressType'],
  context: EndpointContext,
): Endpoint[] {
  const list = field.at('addresses')
  const items = list.items()
  if (items.length === 0) return list.missing()
  const addresses =
    type === 'FQDN'
      ? readAll(items, (item) => readFqdnAddress(item, context))
      : readAll(items, (item) => readIpAddress(item, context, type))
  const endpoint = {
    addresses: addresses ?? [],
    hostname: readEndpointHostname(field.at('hostname'), context),
    ready: field.at('conditions').at('ready').boolean() ?? true,
    podName: readTargetPod(field),
    topologyZone: field.at('zone').text() ?? '',
  }
  return addresses === undefined ? [] : [endpoint]
}

/** All of them, or undefined where one cannot be served. */
function readAll<T>(items: readonly Field[], read: (item: Field) => T | undefined): T[] | undefined {
  const values: T[] = []
  for (const item of items) {
    const value = read(item)
    if (value === undefined) return undefined
    values.push(value)
  }
  return values
}
