import { ipFromText, ipToText, isIpv4Mapped } from '../../wire/ip-address.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import { collectAddresses } from './address-rdatas.ts'
import type { NamingContext } from './naming-context.ts'
import { absence, absenceOf, addressData, type Found, node } from './node.ts'
import { missingNamespace } from './service-names.ts'

/** A name below `pod`. `labels` are those left of it, leftmost first: `['10-1-0-2', 'shop']`. */
export function findPodName(labels: readonly string[], context: NamingContext): Found {
  const namespace = labels.at(-1)
  if (namespace === undefined) return node('parent of all Pods', [])
  const { pods } = context.options
  if (pods === 'disabled') {
    return absence('Pods have no names here', () => [
      'The "pods" option is "disabled": see "pods insecure" and "pods verified".',
    ])
  }
  if (!context.isExposed(namespace)) return missingNamespace(namespace, undefined, context)
  const [label, ...others] = labels.slice(0, -1)
  if (label === undefined) return node(`Pods of namespace ${namespace}`, [])
  const address = others.length === 0 ? addressFromLabel(label) : undefined
  if (address === undefined) {
    return absence(`"${[label, ...others].join('.')}" is no address with dashes`, () => [
      'A Pod is called 10-1-0-2 or fd00--1 below its namespace; no label goes in front.',
    ])
  }
  return pods === 'insecure'
    ? podNode(address, `address of a Pod in namespace ${namespace}, not verified`)
    : verified(address, namespace, context)
}

function verified(address: IpAddress, namespace: string, { store }: NamingContext): Found {
  const pod = store.podAt(namespace, address)
  return pod === undefined
    ? absenceOf('Pod', `no running Pod in namespace "${namespace}" has address ${ipToText(address)}`)
    : podNode(address, `Pod ${pod.name} in namespace ${namespace}`)
}

function podNode(address: IpAddress, description: string): Found {
  return node(description, addressData(collectAddresses([address])))
}

/** Three single dashes are an IPv4 address, anything else is IPv6 with dashes for colons, in any spelling. */
function addressFromLabel(label: string): IpAddress | undefined {
  const isIpv4 = !label.includes('--') && label.split('-').length === 4
  const address = ipFromText(label.replaceAll('-', isIpv4 ? '.' : ':'))
  return address === undefined || isIpv4Mapped(address) ? undefined : address
}
