import type { DomainName } from '../../wire/name.ts'
import type { IpAddress, Rdata } from '../../wire/rdata.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { RRset } from '../../zone/rrset.ts'
import { addressKey } from '../address-index.ts'
import type { AddressRdatas } from './node.ts'

/** Addresses as rdata by family, each once and in the order of their coming. */
export function collectAddresses(addresses: Iterable<IpAddress>): AddressRdatas {
  const distinct = new Map([...addresses].map((address) => [addressKey(address), address]))
  const a: Rdata[] = []
  const aaaa: Rdata[] = []
  for (const address of distinct.values()) {
    if (typeof address === 'number') a.push({ kind: 'A', address })
    else aaaa.push({ kind: 'AAAA', address })
  }
  return { a, aaaa }
}

/** The RRsets of an owner's addresses, for an additional section. */
export function addressRRsets(owner: DomainName, addresses: AddressRdatas, ttlSeconds: number): RRset[] {
  const rrsets: RRset[] = []
  if (addresses.a.length > 0) rrsets.push({ owner, rrtype: RrType.A, ttlSeconds, rdatas: addresses.a })
  if (addresses.aaaa.length > 0)
    rrsets.push({ owner, rrtype: RrType.AAAA, ttlSeconds, rdatas: addresses.aaaa })
  return rrsets
}
