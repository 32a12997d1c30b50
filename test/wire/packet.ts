import { nameFromText } from '../../src/wire/name.ts'
import { composeName } from '../../src/wire/name-wire.ts'
import type { DomainName } from '../../src/wire/name.ts'

/** The name that a text means; throws when it is none: for names written in tests. */
export function name(text: string): DomainName {
  const parsed = nameFromText(text)
  if (parsed === undefined) throw new Error(`not a name: ${text}`)
  return parsed
}

/** The uncompressed octets of a name. */
export function nameOctets(text: string): number[] {
  const octets = new Uint8Array(256)
  return [...octets.subarray(0, composeName(name(text), octets, 0))]
}

/** A 16-bit number as two octets. */
export function uint16(value: number): number[] {
  return [value >>> 8, value & 0xff]
}

/** One record: owner octets, type, class, TTL, and rdata with its length (or with another that is claimed). */
export function record(
  owner: readonly number[],
  rrtype: number,
  rdata: readonly number[],
  fields: { readonly rrclass?: number; readonly ttl?: number; readonly rdlength?: number } = {},
): number[] {
  const { rrclass = 1, ttl = 0, rdlength = rdata.length } = fields
  return [
    ...owner,
    ...uint16(rrtype),
    ...uint16(rrclass),
    ...uint16(ttl >>> 16),
    ...uint16(ttl & 0xffff),
  ].concat(uint16(rdlength), rdata)
}

/** An OPT record owned by the root. */
export function opt(
  rdata: readonly number[] = [],
  fields: { readonly size?: number; readonly ttl?: number; readonly rdlength?: number } = {},
): number[] {
  const { size = 1232, ...rest } = fields
  return record([0], 41, rdata, { rrclass: size, ...rest })
}

/** A message from its parts: by default id 0x1234, a query with RD, the counts of what is given. */
export function packet(parts: {
  readonly id?: number
  readonly flags?: number
  readonly question?: readonly number[]
  readonly answer?: readonly (readonly number[])[]
  readonly authority?: readonly (readonly number[])[]
  readonly additional?: readonly (readonly number[])[]
  /** Counts claimed in the header, where they differ from what is there. */
  readonly counts?: { readonly qd?: number; readonly an?: number; readonly ns?: number; readonly ar?: number }
}): Uint8Array {
  const { id = 0x1234, flags = 0x0100, question = WEB_A, counts = {} } = parts
  const { answer = [], authority = [], additional = [] } = parts
  return Uint8Array.from([
    ...uint16(id),
    ...uint16(flags),
    ...uint16(counts.qd ?? (question.length === 0 ? 0 : 1)),
    ...uint16(counts.an ?? answer.length),
    ...uint16(counts.ns ?? authority.length),
    ...uint16(counts.ar ?? additional.length),
    ...question,
    ...answer.flat(),
    ...authority.flat(),
    ...additional.flat(),
  ])
}

/** The question `web.default.svc.cluster.local. IN A`. */
export const WEB_A: readonly number[] = questionOctets('web.default.svc.cluster.local.')

export function questionOctets(qname: string, qtype = 1, qclass = 1): number[] {
  return [...nameOctets(qname), ...uint16(qtype), ...uint16(qclass)]
}
