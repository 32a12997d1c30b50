import { ROOT } from './name.ts'
import { ipFromText, ipToText, isIpv4 } from './ip-address.ts'
import { OctetReader, hexFromOctets } from './octets.ts'
import { MAX_BOUNDED_RDATA_OCTETS, parseRdata } from './rdata.ts'
import { RrClass } from './rrclass.ts'
import { RrType } from './rrtype.ts'
import { fieldsFromText, stringToText } from './character-string.ts'
import { FieldReader } from './field-reader.ts'
import { composeWholeRdata, wholeRdataSizeOctets } from './whole-rdata.ts'
import { readWholeRdata, wholeRdataToText } from './whole-rdata-text.ts'
import type { DomainName } from './name.ts'
import type { Rdata } from './rdata.ts'
import type { WholeRdata } from './whole-rdata.ts'

/** Rdata as a zone file writes it (RFC 1035 5.1): `10 mail.example.`; what we hold as octets as RFC 3597's `\# 2 0a0b`. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
export function rdataToText(rdata: Rdata): string {
  switch (rdata.kind) {
    case 'A':
    case 'AAAA':
      return ipToText(rdata.address)
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return rdata.target
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = rdata
      return [mname, rname, serial, refresh, retry, expire, minimum].join(' ')
    }
    case 'MX':
      return `${rdata.preference} ${rdata.exchange}`
    case 'SRV':
      return `${rdata.priority} ${rdata.weight} ${rdata.port} ${rdata.target}`
    case 'TXT':
      return rdata.strings.map(stringToText).join(' ')
    case 'HINFO':
      return `${stringToText(rdata.cpu)} ${stringToText(rdata.os)}`
    case 'OPAQUE':
      return genericText(rdata.octets)
    case 'NAPTR':
    case 'DNAME':
    case 'DS':
    case 'SSHFP':
    case 'TLSA':
    case 'SVCB':
    case 'HTTPS':
    case 'CAA':
      return wholeRdataToText(rdata) ?? genericText(octetsOf(rdata))
  }
}

function genericText(octets: Uint8Array): string {
  return octets.length === 0 ? `${GENERIC} 0` : `${GENERIC} ${octets.length} ${hexFromOctets(octets)}`
}

function octetsOf(rdata: WholeRdata): Uint8Array {
  const octets = new Uint8Array(wholeRdataSizeOctets(rdata) + MAX_BOUNDED_RDATA_OCTETS)
  return octets.subarray(0, composeWholeRdata(rdata, octets, 0))
}

/**
 * The rdata that a text of presentation format means, names without a final dot being below `origin`. Any type may be
 * given as RFC 3597's `\# n hex`, and those that we do not speak must be. Undefined when it is not rdata of that type.
 */
export function rdataFromText(rrtype: number, text: string, origin: DomainName = ROOT): Rdata | undefined {
  const fields = fieldsFromText(text, hasSvcParams(rrtype))
  return fields === undefined ? undefined : rdataFromFields(rrtype, fields, origin)
}

/**
 * The same for text that is in fields already, quotes taken off and escapes left in: how a zone file's lexer has it. Of
 * types with SvcParams, `key="value"` is one field, `key=value`.
 */
export function rdataFromFields(
  rrtype: number,
  texts: readonly string[],
  origin: DomainName,
): Rdata | undefined {
  const fields = new FieldReader(texts, origin)
  const rdata = texts[0] === GENERIC ? readOpaque(rrtype, fields) : readRdata(rrtype, fields)
  return fields.malformed || fields.remaining > 0 ? undefined : rdata
}

/** Says that the octets of rdata follow in hexadecimal (RFC 3597 section 5). */
const GENERIC = '\\#'

// One case per type, each read in the order of its fields.
function readRdata(rrtype: number, fields: FieldReader): Rdata | undefined {
  switch (rrtype) {
    case RrType.A: {
      const address = ipFromText(fields.text())
      return address !== undefined && isIpv4(address) ? { kind: 'A', address } : undefined
    }
    case RrType.AAAA: {
      const address = ipFromText(fields.text())
      return address === undefined || isIpv4(address) ? undefined : { kind: 'AAAA', address }
    }
    case RrType.NS:
      return { kind: 'NS', target: fields.name() }
    case RrType.CNAME:
      return { kind: 'CNAME', target: fields.name() }
    case RrType.PTR:
      return { kind: 'PTR', target: fields.name() }
    case RrType.SOA:
      return readSoa(fields)
    case RrType.MX:
      return { kind: 'MX', preference: fields.uint16(), exchange: fields.name() }
    case RrType.SRV:
      return {
        kind: 'SRV',
        priority: fields.uint16(),
        weight: fields.uint16(),
        port: fields.uint16(),
        target: fields.name(),
      }
    case RrType.TXT: {
      const strings = [fields.string()]
      while (fields.remaining > 0) strings.push(fields.string())
      return { kind: 'TXT', strings }
    }
    case RrType.HINFO:
      return { kind: 'HINFO', cpu: fields.string(), os: fields.string() }
    default:
      return readWholeRdata(rrtype, fields) ?? readOpaque(rrtype, fields)
  }
}

/** Whether rdata of this type ends in `key="value"` fields (RFC 9460 2.1). */
export function hasSvcParams(rrtype: number): boolean {
  return rrtype === RrType.SVCB || rrtype === RrType.HTTPS
}

function readSoa(fields: FieldReader): Rdata {
  return {
    kind: 'SOA',
    mname: fields.name(),
    rname: fields.name(),
    serial: fields.uint32(),
    refresh: fields.seconds(),
    retry: fields.seconds(),
    expire: fields.seconds(),
    minimum: fields.seconds(),
  }
}

/** `\# n`, then n octets in hexadecimal, which may be split by spaces (RFC 3597 section 5): any type may be so given. */
function readOpaque(rrtype: number, fields: FieldReader): Rdata | undefined {
  if (fields.text() !== GENERIC) return undefined
  const size = fields.uint16()
  let hex = ''
  while (fields.remaining > 0) hex += fields.text()
  if (hex.length !== size * 2 || !/^[0-9a-f]*$/i.test(hex)) return undefined
  const octets = Uint8Array.from(Buffer.from(hex, 'hex'))
  return parseRdata(new OctetReader(octets), { rrtype, rrclass: RrClass.IN, size })
}
