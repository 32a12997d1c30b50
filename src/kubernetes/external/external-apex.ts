import { nameFromLabels } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import { RrType } from '../../wire/rrtype.ts'
import { addressRRsets, collectAddresses } from '../naming/address-rdatas.ts'
import type { AddressRdatas, Found, Node, NodeData } from '../naming/node.ts'
import { absence, addressData, node } from '../naming/node.ts'
import { soaData } from '../naming/soa.ts'
import type { ExternalContext } from './external-options.ts'

/** The apex of an external zone: NS, with glue, and SOA. */
export function apexNode(external: ExternalContext): Node {
  const { apex, ttlSeconds } = external.options
  const ns: NodeData = {
    rrtype: RrType.NS,
    rdatas: (origin) => {
      const target = nameFromLabels(['ns1', apex], origin)
      return target === undefined ? [] : [{ kind: 'NS', target }]
    },
    additional: (origin) => {
      const target = nameFromLabels(['ns1', apex], origin)
      return target === undefined ? [] : addressRRsets(target, nameServerAddresses(external), ttlSeconds)
    },
  }
  return node('apex of the zone', [ns, soaData(external.context)])
}

/** `dns`, which holds nothing itself, and `ns1.dns`, the name server. */
export function nodeBelowApex(labels: readonly string[], external: ExternalContext): Found {
  const { apex } = external.options
  if (labels.length === 0) return node(`"${apex}", below which the name server is`, [])
  if (labels.length === 1 && labels[0] === 'ns1')
    return node('name server of the zone', addressData(nameServerAddresses(external)))
  return absence(`there is only ns1 below "${apex}"`)
}

/** Where the Services that have this server as an endpoint are reached from outside, else its own addresses. */
function nameServerAddresses({ context }: ExternalContext): AddressRdatas {
  const { store, options } = context
  const own = options.ownAddresses()
  const services = (options.endpoints ? own : []).flatMap((address) =>
    store
      .slicesAt(address)
      .flatMap(({ namespace, serviceName }) => store.entry(namespace, serviceName) ?? []),
  )
  const external = services.flatMap(({ service }) => service?.externalAddresses ?? [])
  const addresses = external.filter((address): address is IpAddress => typeof address !== 'string')
  return collectAddresses(addresses.length > 0 ? addresses : own)
}
