import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Reply } from '../zone/responder.ts'

/** A validator's verdict, which no other upstream may overrule (RFC 8914 sections 4.7 to 4.13). */
export function isBogus({ rcode, extendedError }: Reply): boolean {
  const code = extendedError?.code ?? 0
  return (
    rcode === Rcode.SERVFAIL &&
    code >= ExtendedErrorCode.DNSSEC_BOGUS &&
    code <= ExtendedErrorCode.NSEC_MISSING
  )
}
