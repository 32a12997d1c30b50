import type { DomainName } from './name.ts'

/** IPv4 address as an unsigned 32-bit number; IPv6 address as a 128-bit bigint: `typeof` tells the family. */
export type Ipv4 = number
export type Ipv6 = bigint
export type IpAddress = Ipv4 | Ipv6

/** One octet per UTF-16 unit (latin1): a character-string of RFC 1035 3.3, at most 255 octets. */
export type CharacterString = string

/** The data of one record, by field for the types we speak and as octets for all others (RFC 3597). */
export type Rdata =
  | { readonly kind: 'A'; readonly address: Ipv4 }
  | { readonly kind: 'AAAA'; readonly address: Ipv6 }
  | { readonly kind: 'NS' | 'CNAME' | 'PTR'; readonly target: DomainName }
  | {
      readonly kind: 'SOA'
      readonly mname: DomainName
      readonly rname: DomainName
      readonly serial: number
      readonly refresh: number
      readonly retry: number
      readonly expire: number
      readonly minimum: number
    }
  | { readonly kind: 'MX'; readonly preference: number; readonly exchange: DomainName }
  | { readonly kind: 'TXT'; readonly strings: readonly CharacterString[] }
  | {
      readonly kind: 'SRV'
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly target: DomainName
    }
  | { readonly kind: 'HINFO'; readonly cpu: CharacterString; readonly os: CharacterString }
  | { readonly kind: 'OPAQUE'; readonly octets: Uint8Array }
