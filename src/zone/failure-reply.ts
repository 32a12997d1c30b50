import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Reply } from './responder.ts'
import type { RRset } from './rrset.ts'

/** SERVFAIL with its reason for the client and for the log. `answer`: the chain so far, where there is one. */
export function failureReply(
  text: string,
  answer: readonly RRset[] = [],
  code: number = ExtendedErrorCode.OTHER,
): Reply {
  return {
    rcode: Rcode.SERVFAIL,
    authoritativeAnswer: false,
    answer,
    authority: [],
    additional: [],
    extendedError: { code, text },
    error: text,
  }
}
