import type { ExtendedError } from './extended-error.ts'
import { readUint16, writeUint16 } from './octets.ts'
import type { OctetReader } from './octets.ts'

/** The option code of Extended DNS Errors (RFC 8914; IANA "DNS EDNS0 Option Codes"). */
const EXTENDED_ERROR = 15
/** The option code of the name server identifier (RFC 5001). */
export const NSID = 3

/** One EDNS option (RFC 6891 6.1.2). `data` may be a view of the message it was parsed from. */
export interface EdnsOption {
  readonly code: number
  readonly data: Uint8Array
}

/**
 * The OPT pseudo-record of a message (RFC 6891 section 6). The upper bits of the RCODE that it carries on the wire are
 * part of the message's `rcode`; flags other than DO are dropped.
 */
export interface OptRecord {
  /** What the sender can take over UDP, never below 512 (RFC 6891 6.2.3). */
  readonly udpPayloadSize: number
  readonly version: number
  readonly dnssecOk: boolean
  readonly options: readonly EdnsOption[]
}

/** Octets of an OPT record without options: root owner, type, class, TTL, RDLENGTH. */
export const OPT_OCTETS = 11
/** What every DNS sender can take over UDP (RFC 1035 2.3.4). */
export const MIN_UDP_PAYLOAD_OCTETS = 512

const DO = 0x8000

/**
 * Parses the OPT record whose class and TTL fields have been read and whose rdata of `size` octets is next.
 *
 *     class = UDP payload size
 *     TTL   = upper 8 bits of the RCODE (1), version (1), DO and Z (2)
 *     rdata = *( code (2), length (2), data )
 *
 * Undefined when an option does not end where the rdata ends.
 */
export function parseOpt(
  reader: OctetReader,
  fields: { readonly rrclass: number; readonly ttl: number; readonly size: number },
): OptRecord | undefined {
  const options = fields.size === 0 ? NO_OPTIONS : parseOptions(reader, fields.size)
  if (options === undefined) return undefined
  return {
    udpPayloadSize: Math.max(MIN_UDP_PAYLOAD_OCTETS, fields.rrclass),
    version: (fields.ttl >>> 16) & 0xff,
    dnssecOk: (fields.ttl & DO) !== 0,
    options,
  }
}

/** The TTL field of an OPT record: upper bits of `rcode`, version, DO. */
export function optTtlField(opt: OptRecord, rcode: number): number {
  return (rcode >>> 4) * 0x100_0000 + opt.version * 0x1_0000 + (opt.dnssecOk ? DO : 0)
}

/** Octets that an OPT record with these options takes. */
export function optSizeOctets(options: readonly EdnsOption[]): number {
  let size = OPT_OCTETS
  for (const option of options) size += 4 + option.data.length
  return size
}

/** Composes the options at `offset`, which has room for them, and returns the offset after them. */
export function composeOptions(options: readonly EdnsOption[], octets: Uint8Array, offset: number): number {
  let at = offset
  for (const option of options) {
    writeUint16(octets, at, option.code)
    writeUint16(octets, at + 2, option.data.length)
    octets.set(option.data, at + 4)
    at += 4 + option.data.length
  }
  return at
}

/**
 * Composes an Extended DNS Error option at `offset` and returns the offset after it, which is above `limit` where it does not
 * fit. `octets` has room for 4 octets beyond `limit`. Without a value of the option in between a reply takes 0.2 µs less.
 */
export function composeExtendedError(
  { code, text }: ExtendedError,
  { octets, offset, limit }: { readonly octets: Buffer; readonly offset: number; readonly limit: number },
): number {
  const textAt = offset + 6
  if (textAt > limit) return textAt
  // What is too long is cut at a whole character, of at most 4 octets: then at least one is beyond the limit.
  const end = textAt + octets.write(text, textAt, limit + 4 - textAt, 'utf8')
  writeUint16(octets, offset, EXTENDED_ERROR)
  writeUint16(octets, offset + 2, end - offset - 4)
  writeUint16(octets, offset + 4, code)
  return end
}

/** The Extended DNS Error option (RFC 8914 section 2): info-code (2), then the text in UTF-8, which may be empty. */
export function extendedErrorOption(error: ExtendedError): EdnsOption {
  const text = Buffer.from(error.text, 'utf8')
  const data = new Uint8Array(2 + text.length)
  writeUint16(data, 0, error.code)
  data.set(text, 2)
  return { code: EXTENDED_ERROR, data }
}

/** The first Extended DNS Error of an OPT record; undefined when there is none that can be read. */
export function extendedErrorOf(opt: OptRecord): ExtendedError | undefined {
  const option = opt.options.find(({ code, data }) => code === EXTENDED_ERROR && data.length >= 2)
  if (option === undefined) return undefined
  const text = new TextDecoder().decode(option.data.subarray(2))
  // Senders have been seen to end the text with a NUL, which is not part of it.
  return { code: readUint16(option.data, 0), text: text.replace(/\0$/, '') }
}

const NO_OPTIONS: readonly EdnsOption[] = []

function parseOptions(reader: OctetReader, size: number): readonly EdnsOption[] | undefined {
  const options: EdnsOption[] = []
  const end = reader.offset + size
  if (end > reader.end) return undefined
  while (reader.offset < end) {
    const code = reader.uint16()
    const length = reader.uint16()
    if (reader.overrun || reader.offset + length > end) return undefined
    options.push({ code, data: reader.subarray(length) })
  }
  return options
}
