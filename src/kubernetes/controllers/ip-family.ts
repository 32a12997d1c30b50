import type { IpAddress } from '../../wire/rdata.ts'

export type Family = 'IPv4' | 'IPv6'

export function familyOf(address: IpAddress): Family {
  return typeof address === 'number' ? 'IPv4' : 'IPv6'
}
