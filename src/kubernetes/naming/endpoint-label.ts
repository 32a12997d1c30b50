import { ipToText } from '../../wire/ip-address.ts'
import { MAX_LABEL_OCTETS } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import type { Endpoint } from '../objects.ts'

/**
 * The label below its Service that one address of an endpoint goes by, in lower case: the hostname, else the Pod's name
 * where that is asked for and is a label, else the address with dashes (`10-1-0-2`, `fd00-1--0`).
 */
export function endpointLabel(
  endpoint: Endpoint,
  address: IpAddress | string,
  { endpointPodNames }: { readonly endpointPodNames: boolean },
): string {
  if (endpoint.hostname !== '') return endpoint.hostname.toLowerCase()
  if (endpointPodNames && isLabel(endpoint.podName)) return endpoint.podName.toLowerCase()
  return dashed(address)
}

/** An address or host name as one label. A label cannot end in a dash, so `fd00::` becomes `fd00--0`. */
function dashed(address: IpAddress | string): string {
  const text = typeof address === 'string' ? withoutFinalDot(address).toLowerCase() : ipToText(address)
  const label = text.replaceAll(/[.:]/g, '-')
  return label.endsWith('-') ? `${label}0` : label
}

function withoutFinalDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}

/** A Pod's name may hold dots; then it is no label. */
function isLabel(podName: string): boolean {
  return podName !== '' && podName.length <= MAX_LABEL_OCTETS && !podName.includes('.')
}
