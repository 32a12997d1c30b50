import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { Rcode } from '../wire/rcode.ts'
import { RrClass } from '../wire/rrclass.ts'
import { RrType, rrTypeToText } from '../wire/rrtype.ts'
import type { Query, Reply } from '../zone/responder.ts'
import { errorReply } from './error-reply.ts'
import type { BlockPlan } from './serving-plan.ts'

/**
 * What the block says to a query. Transfers are refused, and classes other than IN, save CH where the block answers it.
 * Never throws, never rejects: a responder that does gives SERVFAIL.
 */
export function askBlock(
  query: Query,
  block: BlockPlan | undefined,
  onError: (error: unknown, where: string) => void,
): Reply | Promise<Reply> {
  const { qtype, qclass } = query.question
  const isChaos = qclass === RrClass.CH && block?.answerChaos !== undefined
  if (qclass !== RrClass.IN && !isChaos) return OTHER_CLASS
  if (qtype === RrType.AXFR || qtype === RrType.IXFR) return TRANSFER
  if (block === undefined) return NO_BLOCK
  const fail = (error: unknown): Reply => {
    onError(error, `${query.lowerName} ${rrTypeToText(qtype)}`)
    return FAILED
  }
  try {
    const reply = isChaos ? block.answerChaos(query) : block.answer(query)
    return reply instanceof Promise ? reply.catch(fail) : reply
  } catch (error) {
    return fail(error)
  }
}

const OTHER_CLASS = errorReply(Rcode.REFUSED, {
  code: ExtendedErrorCode.NOT_SUPPORTED,
  text: 'only class IN is served',
})

const TRANSFER = errorReply(Rcode.REFUSED, {
  code: ExtendedErrorCode.PROHIBITED,
  text: 'zone transfers are not served',
})

/** Something here threw. */
export const FAILED = errorReply(Rcode.SERVFAIL, {
  code: ExtendedErrorCode.OTHER,
  text: 'the server failed while it looked for the answer; its log says why',
})

const NO_BLOCK: Reply = {
  ...errorReply(Rcode.REFUSED, {
    code: ExtendedErrorCode.NOT_AUTHORITATIVE,
    text: 'no server block holds this name',
  }),
  unanswered: true,
}
