/** RR types this server reads and writes by field (IANA "DNS Parameters"); all others travel as RFC 3597 octets. */
export const RrType = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
} as const

/** Types known by mnemonic only: their rdata is opaque here, but people type and read these names. */
const OTHER_MNEMONICS: Readonly<Record<string, number>> = {
  MD: 3,
  MF: 4,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  WKS: 11,
  MINFO: 14,
  RP: 17,
  AFSDB: 18,
  SIG: 24,
  KEY: 25,
  LOC: 29,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  EUI48: 108,
  EUI64: 109,
  TKEY: 249,
  TSIG: 250,
  MAILB: 253,
  MAILA: 254,
  URI: 256,
  CAA: 257,
}

const NUMBER_OF = new Map<string, number>([...Object.entries(RrType), ...Object.entries(OTHER_MNEMONICS)])
const MNEMONIC_OF = new Map<number, string>([...NUMBER_OF].map(([mnemonic, number]) => [number, mnemonic]))

/** `AAAA` for 28; `TYPE1000` for what has no mnemonic (RFC 3597 section 5). */
export function rrTypeToText(rrtype: number): string {
  return MNEMONIC_OF.get(rrtype) ?? `TYPE${rrtype}`
}

/** 28 for `AAAA`, `aaaa` or `TYPE28`; undefined for anything that is no type. */
export function rrTypeFromText(text: string): number | undefined {
  const upper = text.toUpperCase()
  const known = NUMBER_OF.get(upper)
  if (known !== undefined) return known
  const generic = /^TYPE(\d{1,5})$/.exec(upper)
  const number = generic === null ? Number.NaN : Number(generic[1])
  return number <= 0xffff ? number : undefined
}
