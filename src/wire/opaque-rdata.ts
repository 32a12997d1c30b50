import { MAX_NAME_OCTETS } from './name.ts'
import { composeName, parseName } from './name-wire.ts'
import type { OctetReader } from './octets.ts'

/** What comes in front of and among the names of a type: a count of octets, or a name. */
type Layout = readonly (number | 'name')[]

/**
 * Types whose rdata we keep as octets although names in it may be compressed: those of RFC 1035, and those that RFC
 * 3597 section 4 tells receivers to decompress all the same. What follows the layout is taken as it is.
 */
const LAYOUT_OF: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [3, ['name']], // MD
  [4, ['name']], // MF
  [7, ['name']], // MB
  [8, ['name']], // MG
  [9, ['name']], // MR
  [14, ['name', 'name']], // MINFO
  [17, ['name', 'name']], // RP
  [18, [2, 'name']], // AFSDB
  [21, [2, 'name']], // RT
  [24, [18, 'name']], // SIG
  [26, [2, 'name', 'name']], // PX
  [30, ['name']], // NXT
  [36, [2, 'name']], // KX
])

/**
 * The octets of rdata up to `reader.end`, as they would be without compression: a view where nothing has to change.
 * Undefined when a name in it is malformed or the layout does not fit.
 */
export function parseOpaqueOctets(reader: OctetReader, rrtype: number): Uint8Array | undefined {
  const layout = LAYOUT_OF.get(rrtype)
  const rest = reader.end - reader.offset
  // No rdata at all is what UPDATE's deletions have (RFC 2136 2.5).
  if (layout === undefined || rest === 0) return reader.subarray(rest)
  const whole = new Uint8Array(rest + layout.length * MAX_NAME_OCTETS)
  let out = 0
  for (const part of layout) {
    if (part === 'name') {
      const name = parseName(reader)
      if (name === undefined) return undefined
      out = composeName(name, whole, out)
      continue
    }
    const start = reader.offset
    reader.advance(part)
    if (reader.overrun) return undefined
    whole.set(reader.octets.subarray(start, reader.offset), out)
    out += reader.offset - start
  }
  const tail = reader.subarray(reader.end - reader.offset)
  whole.set(tail, out)
  return whole.subarray(0, out + tail.length)
}
