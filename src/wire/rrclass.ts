/** Classes (RFC 1035 3.2.4; NONE and ANY from RFC 2136). Only IN is served. */
export const RrClass = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const

const MNEMONIC_OF = new Map<number, string>(
  Object.entries(RrClass).map(([mnemonic, number]) => [number, mnemonic]),
)

/** `IN` for 1; `CLASS42` for what has no mnemonic (RFC 3597 section 5). */
export function rrClassToText(rrclass: number): string {
  return MNEMONIC_OF.get(rrclass) ?? `CLASS${rrclass}`
}
