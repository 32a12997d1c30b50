import { stringToText } from './character-string.ts'
import { hexFromOctets } from './octets.ts'
import { RrType } from './rrtype.ts'
import { svcParamsFromFields, svcParamsToText } from './svc-params.ts'
import type { FieldReader } from './field-reader.ts'
import type { WholeRdata } from './whole-rdata.ts'

/** Rdata in presentation format; undefined where that cannot say it, as a CAA property without a tag. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive
export function wholeRdataToText(rdata: WholeRdata): string | undefined {
  switch (rdata.kind) {
    case 'DNAME':
      return rdata.target
    case 'NAPTR': {
      const strings = [rdata.flags, rdata.services, rdata.regexp].map(stringToText).join(' ')
      return `${rdata.order} ${rdata.preference} ${strings} ${rdata.replacement}`
    }
    case 'DS':
      return hexText([rdata.keyTag, rdata.algorithm, rdata.digestType], rdata.digest)
    case 'SSHFP':
      return hexText([rdata.algorithm, rdata.fingerprintType], rdata.fingerprint)
    case 'TLSA':
      return hexText([rdata.usage, rdata.selector, rdata.matchingType], rdata.association)
    case 'SVCB':
    case 'HTTPS': {
      const params = svcParamsToText(rdata.params)
      if (params === undefined) return undefined
      return `${rdata.priority} ${rdata.target}${params === '' ? '' : ` ${params}`}`
    }
    case 'CAA':
      return CAA_TAG.test(rdata.tag) ? `${rdata.flags} ${rdata.tag} ${stringToText(rdata.value)}` : undefined
  }
}

/** Reads the fields of one type in their order; undefined, and nothing read, when the type is none of these. */
export function readWholeRdata(rrtype: number, fields: FieldReader): WholeRdata | undefined {
  switch (rrtype) {
    case RrType.DNAME:
      return { kind: 'DNAME', target: fields.name() }
    case RrType.NAPTR:
      return {
        kind: 'NAPTR',
        order: fields.uint16(),
        preference: fields.uint16(),
        flags: fields.string(),
        services: fields.string(),
        regexp: fields.string(),
        replacement: fields.name(),
      }
    case RrType.DS:
      return {
        kind: 'DS',
        keyTag: fields.uint16(),
        algorithm: fields.uint8(),
        digestType: fields.uint8(),
        digest: fields.hex(),
      }
    case RrType.SSHFP:
      return {
        kind: 'SSHFP',
        algorithm: fields.uint8(),
        fingerprintType: fields.uint8(),
        fingerprint: fields.hex(),
      }
    case RrType.TLSA:
      return {
        kind: 'TLSA',
        usage: fields.uint8(),
        selector: fields.uint8(),
        matchingType: fields.uint8(),
        association: fields.hex(),
      }
    case RrType.SVCB:
      return readSvcb(fields, 'SVCB')
    case RrType.HTTPS:
      return readSvcb(fields, 'HTTPS')
    case RrType.CAA:
      return { kind: 'CAA', flags: fields.uint8(), tag: readTag(fields), value: fields.octets() }
    default:
      return undefined
  }
}

/** A tag is letters and digits (RFC 8659 4.1). */
const CAA_TAG = /^[a-z0-9]{1,255}$/i

function readTag(fields: FieldReader): string {
  const tag = fields.text()
  return fields.checked(CAA_TAG.test(tag) ? tag : undefined, '')
}

function readSvcb(fields: FieldReader, kind: 'SVCB' | 'HTTPS'): WholeRdata {
  const priority = fields.uint16()
  const target = fields.name()
  return { kind, priority, target, params: fields.checked(svcParamsFromFields(fields.rest()), NO_PARAMS) }
}

const NO_PARAMS = new Uint8Array(0)

function hexText(numbers: readonly number[], octets: Uint8Array): string | undefined {
  return octets.length === 0 ? undefined : `${numbers.join(' ')} ${hexFromOctets(octets)}`
}
