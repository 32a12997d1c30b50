/** Response codes (RFC 1035 4.1.1, RFC 2136, RFC 6891 9, RFC 7873 8; names as RFC 9499 section 3 has them). */
export const Rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  DSOTYPENI: 11,
  BADVERS: 16,
  BADKEY: 17,
  BADTIME: 18,
  BADMODE: 19,
  BADNAME: 20,
  BADALG: 21,
  BADTRUNC: 22,
  BADCOOKIE: 23,
} as const

const MNEMONIC_OF = new Map<number, string>(Object.entries(Rcode).map(([mnemonic, code]) => [code, mnemonic]))

/** `NXDOMAIN` for 3; `RCODE42` for what has no mnemonic. */
export function rcodeToText(rcode: number): string {
  return MNEMONIC_OF.get(rcode) ?? `RCODE${rcode}`
}
