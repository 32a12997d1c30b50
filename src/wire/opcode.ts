/** Opcodes (IANA "DNS OpCodes"). Only QUERY is answered; the others have a refusal of their own. */
export const Opcode = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5, DSO: 6 } as const
