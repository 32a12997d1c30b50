import type { IpAddress } from '../../wire/rdata.ts'
import { ipToText } from '../../wire/ip-address.ts'
import { nameFromLabels, ROOT } from '../../wire/name.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { Found } from '../naming/node.ts'
import { absence, fixedData, node } from '../naming/node.ts'
import type { ExternalContext } from './external-options.ts'

/** The reverse name of an address at which Services are reached from outside. */
export function reverseFound(address: IpAddress, { options, context }: ExternalContext): Found {
  const [zone = ROOT] = options.zones
  const targets = context.store
    .servicesAtExternal(address)
    .filter(({ namespace }) => context.isExposed(namespace))
    .flatMap(({ namespace, name }) => nameFromLabels([name, namespace], zone) ?? [])
    .toSorted()
  if (targets.length === 0) return absence(`no Service has the external address ${ipToText(address)}`)
  const rdatas = targets.map((target) => ({ kind: 'PTR', target }) as const)
  return node(`external address ${ipToText(address)}`, [fixedData(RrType.PTR, rdatas)])
}
