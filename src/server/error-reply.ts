import type { ExtendedError } from '../wire/extended-error.ts'
import type { Reply } from '../zone/responder.ts'

/** A reply without records. */
export function errorReply(rcode: number, extendedError: ExtendedError): Reply {
  return { rcode, authoritativeAnswer: false, answer: [], authority: [], additional: [], extendedError }
}
