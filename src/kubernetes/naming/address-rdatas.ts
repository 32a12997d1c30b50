import type { DomainName } from '../../wire/name.ts'
import type { IpAddress, Rdata } from '../../wire/rdata.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { RRset } from '../../zone/rrset.ts'
import { addressKey } from '../address-index.ts'
import type { AddressRdatas } from './node.ts'

export function addressRdata(address: IpAddress): Rdata {
  return typeof address === 'number' ? { kind: 'A', address } : { kind: 'AAAA', address }
}

/** Addresses as rdata by family, each once and in the order of their coming. */
export function collectAddresses(addresses: Iterable<IpAddress>): AddressRdatas {
  const distinct = new Map([...addresses].map((address) => [addressKey(address), address]))
  const rdatas = [...distinct.values()].map(addressRdata)
  return {
    a: rdatas.filter(({ kind }) => kind === 'A'),
    aaaa: rdatas.filter(({ kind }) => kind === 'AAAA'),
  }
}

/** The RRsets of an owner's addresses, for an additional section. */
export function addressRRsets(owner: DomainName, addresses: AddressRdatas, ttlSeconds: number): RRset[] {
  const rrsets: RRset[] = []
  if (addresses.a.length > 0) rrsets.push({ owner, rrtype: RrType.A, ttlSeconds, rdatas: addresses.a })
  if (addresses.aaaa.length > 0)
    rrsets.push({ owner, rrtype: RrType.AAAA, ttlSeconds, rdatas: addresses.aaaa })
  return rrsets
}
