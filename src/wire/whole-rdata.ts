import { composeName, parseName } from './name-wire.ts'
import { writeCharacterString, writeLatin1, writeUint16 } from './octets.ts'
import { RrType } from './rrtype.ts'
import type { CharacterString } from './character-string.ts'
import type { DomainName } from './name.ts'
import type { OctetReader } from './octets.ts'

/** Rdata of the types whose names are always written whole: those that came after RFC 1035. */
export type WholeRdata =
  | { readonly kind: 'DNAME'; readonly target: DomainName }
  | {
      readonly kind: 'NAPTR'
      readonly order: number
      readonly preference: number
      readonly flags: CharacterString
      readonly services: CharacterString
      readonly regexp: CharacterString
      readonly replacement: DomainName
    }
  | {
      readonly kind: 'DS'
      readonly keyTag: number
      readonly algorithm: number
      readonly digestType: number
      readonly digest: Uint8Array
    }
  | {
      readonly kind: 'SSHFP'
      readonly algorithm: number
      readonly fingerprintType: number
      readonly fingerprint: Uint8Array
    }
  | {
      readonly kind: 'TLSA'
      readonly usage: number
      readonly selector: number
      readonly matchingType: number
      readonly association: Uint8Array
    }
  | {
      readonly kind: 'SVCB' | 'HTTPS'
      readonly priority: number
      readonly target: DomainName
      /** SvcParams as they travel (svc-params.ts): a server that passes them on has no need to look into them. */
      readonly params: Uint8Array
    }
  | {
      readonly kind: 'CAA'
      readonly flags: number
      readonly tag: CharacterString
      /** One UTF-16 unit for each octet (latin1), of any length. */
      readonly value: string
    }

/**
 * Parses rdata up to `reader.end`. Names may be compressed all the same: a receiver makes them whole (RFC 3597 section
 * 4). Undefined when a name is malformed, or the type is none of these.
 *
 *     DNAME       = target                                                             ; RFC 6672 2.1
 *     NAPTR       = order (2), preference (2), 3 character-strings, replacement        ; RFC 3403 4.1
 *     DS          = key tag (2), algorithm (1), digest type (1), digest                ; RFC 4034 5.1
 *     SSHFP       = algorithm (1), fingerprint type (1), fingerprint                   ; RFC 4255 3.1
 *     TLSA        = usage (1), selector (1), matching type (1), association            ; RFC 6698 2.1
 *     SVCB, HTTPS = priority (2), target, SvcParams                                    ; RFC 9460 2.2
 *     CAA         = flags (1), tag length (1), tag, value                              ; RFC 8659 4.1
 */
export function parseWholeRdata(reader: OctetReader, rrtype: number): WholeRdata | undefined {
  switch (rrtype) {
    case RrType.DNAME: {
      const target = parseName(reader)
      return target === undefined ? undefined : { kind: 'DNAME', target }
    }
    case RrType.NAPTR:
      return parseNaptr(reader)
    case RrType.DS:
      return {
        kind: 'DS',
        keyTag: reader.uint16(),
        algorithm: reader.uint8(),
        digestType: reader.uint8(),
        digest: rest(reader),
      }
    case RrType.SSHFP:
      return {
        kind: 'SSHFP',
        algorithm: reader.uint8(),
        fingerprintType: reader.uint8(),
        fingerprint: rest(reader),
      }
    case RrType.TLSA:
      return {
        kind: 'TLSA',
        usage: reader.uint8(),
        selector: reader.uint8(),
        matchingType: reader.uint8(),
        association: rest(reader),
      }
    case RrType.SVCB:
      return parseSvcb(reader, 'SVCB')
    case RrType.HTTPS:
      return parseSvcb(reader, 'HTTPS')
    case RrType.CAA:
      return {
        kind: 'CAA',
        flags: reader.uint8(),
        tag: reader.characterString(),
        value: reader.latin1(reader.end - reader.offset),
      }
    default:
      return undefined
  }
}

/** Composes rdata at `offset`, names whole, and returns the offset after it. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
export function composeWholeRdata(rdata: WholeRdata, octets: Uint8Array, offset: number): number {
  switch (rdata.kind) {
    case 'DNAME':
      return composeName(rdata.target, octets, offset)
    case 'NAPTR': {
      writeUint16(octets, offset, rdata.order)
      writeUint16(octets, offset + 2, rdata.preference)
      const services = writeCharacterString(octets, offset + 4, rdata.flags)
      const regexp = writeCharacterString(octets, services, rdata.services)
      return composeName(rdata.replacement, octets, writeCharacterString(octets, regexp, rdata.regexp))
    }
    case 'DS':
      writeUint16(octets, offset, rdata.keyTag)
      octets[offset + 2] = rdata.algorithm
      octets[offset + 3] = rdata.digestType
      return writeOctets(octets, offset + 4, rdata.digest)
    case 'SSHFP':
      octets[offset] = rdata.algorithm
      octets[offset + 1] = rdata.fingerprintType
      return writeOctets(octets, offset + 2, rdata.fingerprint)
    case 'TLSA':
      octets[offset] = rdata.usage
      octets[offset + 1] = rdata.selector
      octets[offset + 2] = rdata.matchingType
      return writeOctets(octets, offset + 3, rdata.association)
    case 'SVCB':
    case 'HTTPS':
      writeUint16(octets, offset, rdata.priority)
      return writeOctets(octets, composeName(rdata.target, octets, offset + 2), rdata.params)
    case 'CAA':
      octets[offset] = rdata.flags
      return writeLatin1(octets, writeCharacterString(octets, offset + 1, rdata.tag), rdata.value)
  }
}

/** Octets of what has no small bound. What is left, names and numbers, is at most MAX_BOUNDED_RDATA_OCTETS. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
export function wholeRdataSizeOctets(rdata: WholeRdata): number {
  switch (rdata.kind) {
    case 'DNAME':
      return 0
    case 'NAPTR':
      return rdata.flags.length + rdata.services.length + rdata.regexp.length
    case 'DS':
      return rdata.digest.length
    case 'SSHFP':
      return rdata.fingerprint.length
    case 'TLSA':
      return rdata.association.length
    case 'SVCB':
    case 'HTTPS':
      return rdata.params.length
    case 'CAA':
      return rdata.tag.length + rdata.value.length
  }
}

function parseNaptr(reader: OctetReader): WholeRdata | undefined {
  const order = reader.uint16()
  const preference = reader.uint16()
  const flags = reader.characterString()
  const services = reader.characterString()
  const regexp = reader.characterString()
  const replacement = parseName(reader)
  if (replacement === undefined) return undefined
  return { kind: 'NAPTR', order, preference, flags, services, regexp, replacement }
}

function parseSvcb(reader: OctetReader, kind: 'SVCB' | 'HTTPS'): WholeRdata | undefined {
  const priority = reader.uint16()
  const target = parseName(reader)
  return target === undefined ? undefined : { kind, priority, target, params: rest(reader) }
}

function rest(reader: OctetReader): Uint8Array {
  return reader.subarray(reader.end - reader.offset)
}

function writeOctets(octets: Uint8Array, offset: number, added: Uint8Array): number {
  octets.set(added, offset)
  return offset + added.length
}
