import { MAX_NAME_OCTETS } from './name.ts'
import { parseName } from './name-wire.ts'
import { writeCharacterString, writeUint16, writeUint32, writeUint128 } from './octets.ts'
import { parseOpaqueOctets } from './opaque-rdata.ts'
import { RrClass } from './rrclass.ts'
import { RrType } from './rrtype.ts'
import { composeWholeRdata, parseWholeRdata, wholeRdataSizeOctets } from './whole-rdata.ts'
import type { CharacterString } from './character-string.ts'
import type { DomainName } from './name.ts'
import type { NameCompressor } from './name-compressor.ts'
import type { OctetReader } from './octets.ts'
import type { WholeRdata } from './whole-rdata.ts'

/** IPv4 address as an unsigned 32-bit number; IPv6 address as a 128-bit bigint: `typeof` tells the family. */
export type Ipv4 = number
export type Ipv6 = bigint
export type IpAddress = Ipv4 | Ipv6

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
  | WholeRdata

/** Octets that `composeRdata` may need for types of bounded size: SOA with two whole names. */
export const MAX_BOUNDED_RDATA_OCTETS = 2 * MAX_NAME_OCTETS + 20

/**
 * Parses the rdata of `size` octets at the reader's offset and steps behind it. Types that we speak are read by field
 * (A, AAAA and SRV in class IN only); all others are kept as octets, names inside them made whole where RFC 3597
 * section 4 asks for it. Undefined when malformed: the fields must end exactly where the rdata ends.
 */
export function parseRdata(
  reader: OctetReader,
  fields: { readonly rrtype: number; readonly rrclass: number; readonly size: number },
): Rdata | undefined {
  const messageEnd = reader.end
  const end = reader.offset + fields.size
  if (end > messageEnd) return undefined
  reader.end = end
  const rdata = parseFields(reader, fields.rrtype, fields.rrclass)
  reader.end = messageEnd
  return reader.overrun || reader.offset !== end ? undefined : rdata
}

/**
 * Composes rdata at `offset` and returns the offset after it. Names in the types of RFC 1035 are compressed, those of
 * later types never (RFC 2782, RFC 3597 section 4). The caller has made sure of `unboundedSizeOctets(rdata)` and
 * `MAX_BOUNDED_RDATA_OCTETS` more.
 */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
export function composeRdata(
  rdata: Rdata,
  octets: Uint8Array,
  offset: number,
  compressor: NameCompressor,
): number {
  switch (rdata.kind) {
    case 'A':
      writeUint32(octets, offset, rdata.address)
      return offset + 4
    case 'AAAA':
      writeUint128(octets, offset, rdata.address)
      return offset + 16
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return compressor.write(rdata.target, offset)
    case 'SOA': {
      const after = compressor.write(rdata.rname, compressor.write(rdata.mname, offset))
      return composeSoaNumbers(rdata, octets, after)
    }
    case 'MX':
      writeUint16(octets, offset, rdata.preference)
      return compressor.write(rdata.exchange, offset + 2)
    case 'SRV':
      writeUint16(octets, offset, rdata.priority)
      writeUint16(octets, offset + 2, rdata.weight)
      writeUint16(octets, offset + 4, rdata.port)
      return compressor.write(rdata.target, offset + 6, false)
    case 'TXT':
      return composeStrings(rdata.strings, octets, offset)
    case 'HINFO':
      return composeStrings([rdata.cpu, rdata.os], octets, offset)
    case 'OPAQUE':
      octets.set(rdata.octets, offset)
      return offset + rdata.octets.length
    case 'NAPTR':
    case 'DNAME':
    case 'DS':
    case 'SSHFP':
    case 'TLSA':
    case 'SVCB':
    case 'HTTPS':
    case 'CAA':
      return composeWholeRdata(rdata, octets, offset)
  }
}

/** The five numbers of a SOA behind its names (RFC 1035 3.3.13); returns the offset after them. */
export function composeSoaNumbers(
  soa: Extract<Rdata, { kind: 'SOA' }>,
  octets: Uint8Array,
  offset: number,
): number {
  writeUint32(octets, offset, soa.serial)
  writeUint32(octets, offset + 4, soa.refresh)
  writeUint32(octets, offset + 8, soa.retry)
  writeUint32(octets, offset + 12, soa.expire)
  writeUint32(octets, offset + 16, soa.minimum)
  return offset + 20
}

/** Octets of the rdata whose size has no small bound, names not counted; 0 for all others. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
export function unboundedSizeOctets(rdata: Rdata): number {
  switch (rdata.kind) {
    case 'A':
    case 'AAAA':
    case 'NS':
    case 'CNAME':
    case 'PTR':
    case 'SOA':
    case 'MX':
    case 'SRV':
    case 'HINFO':
      return 0
    case 'TXT': {
      let size = 0
      for (const string of rdata.strings) size += 1 + string.length
      return size
    }
    case 'OPAQUE':
      return rdata.octets.length
    case 'NAPTR':
    case 'DNAME':
    case 'DS':
    case 'SSHFP':
    case 'TLSA':
    case 'SVCB':
    case 'HTTPS':
    case 'CAA':
      return wholeRdataSizeOctets(rdata)
  }
}

/** Reads the fields of one type; a wrong size shows in the reader's offset or `overrun`. */
function parseFields(reader: OctetReader, rrtype: number, rrclass: number): Rdata | undefined {
  switch (rrtype) {
    case RrType.A:
      return rrclass === RrClass.IN ? { kind: 'A', address: reader.uint32() } : parseOpaque(reader, rrtype)
    case RrType.AAAA:
      return rrclass === RrClass.IN
        ? { kind: 'AAAA', address: reader.uint128() }
        : parseOpaque(reader, rrtype)
    case RrType.NS:
      return parseTarget(reader, 'NS')
    case RrType.CNAME:
      return parseTarget(reader, 'CNAME')
    case RrType.PTR:
      return parseTarget(reader, 'PTR')
    case RrType.SOA:
      return parseSoa(reader)
    case RrType.MX: {
      const preference = reader.uint16()
      const exchange = parseName(reader)
      return exchange === undefined ? undefined : { kind: 'MX', preference, exchange }
    }
    case RrType.SRV:
      return rrclass === RrClass.IN ? parseSrv(reader) : parseOpaque(reader, rrtype)
    case RrType.TXT: {
      const strings = [reader.characterString()]
      while (reader.offset < reader.end && !reader.overrun) strings.push(reader.characterString())
      return { kind: 'TXT', strings }
    }
    case RrType.HINFO:
      return { kind: 'HINFO', cpu: reader.characterString(), os: reader.characterString() }
    case RrType.NAPTR:
    case RrType.DNAME:
    case RrType.DS:
    case RrType.SSHFP:
    case RrType.TLSA:
    case RrType.SVCB:
    case RrType.HTTPS:
    case RrType.CAA:
      return parseWholeRdata(reader, rrtype)
    default:
      return parseOpaque(reader, rrtype)
  }
}

function parseTarget(reader: OctetReader, kind: 'NS' | 'CNAME' | 'PTR'): Rdata | undefined {
  const target = parseName(reader)
  return target === undefined ? undefined : { kind, target }
}

function parseSoa(reader: OctetReader): Rdata | undefined {
  const mname = parseName(reader)
  const rname = parseName(reader)
  if (mname === undefined || rname === undefined) return undefined
  return {
    kind: 'SOA',
    mname,
    rname,
    serial: reader.uint32(),
    refresh: reader.uint32(),
    retry: reader.uint32(),
    expire: reader.uint32(),
    minimum: reader.uint32(),
  }
}

function parseSrv(reader: OctetReader): Rdata | undefined {
  const priority = reader.uint16()
  const weight = reader.uint16()
  const port = reader.uint16()
  const target = parseName(reader)
  return target === undefined ? undefined : { kind: 'SRV', priority, weight, port, target }
}

function parseOpaque(reader: OctetReader, rrtype: number): Rdata | undefined {
  const octets = parseOpaqueOctets(reader, rrtype)
  return octets === undefined ? undefined : { kind: 'OPAQUE', octets }
}

function composeStrings(strings: readonly CharacterString[], octets: Uint8Array, offset: number): number {
  let at = offset
  for (const string of strings) at = writeCharacterString(octets, at, string)
  return at
}
