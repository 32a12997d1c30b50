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
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
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
  X25: 19,
  ISDN: 20,
  RT: 21,
  'NSAP-PTR': 23,
  SIG: 24,
  KEY: 25,
  PX: 26,
  GPOS: 27,
  LOC: 29,
  NXT: 30,
  EID: 31,
  NIMLOC: 32,
  ATMA: 34,
  KX: 36,
  CERT: 37,
  APL: 42,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  SMIMEA: 53,
  HIP: 55,
  NINFO: 56,
  RKEY: 57,
  TALINK: 58,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SPF: 99,
  UINFO: 100,
  UID: 101,
  GID: 102,
  UNSPEC: 103,
  NID: 104,
  L32: 105,
  L64: 106,
  LP: 107,
  EUI48: 108,
  EUI64: 109,
  NXNAME: 128,
  TKEY: 249,
  TSIG: 250,
  MAILB: 253,
  MAILA: 254,
  URI: 256,
  AVC: 258,
  AMTRELAY: 260,
  RESINFO: 261,
  TA: 32_768,
  DLV: 32_769,
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
