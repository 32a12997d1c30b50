import type { Answer } from '../zone/answer.ts'
import type { Query, Reply } from '../zone/responder.ts'
import { RCODE_OF } from '../zone/zone-answer.ts'
import { chaseCname } from './chase.ts'

/** What a client is told of an answer from the data of a cluster; the end of a CNAME chain is looked for. */
export function replyFromAnswer(answer: Answer, query: Query): Reply | Promise<Reply> {
  const [first] = answer.answer
  if (answer.kind === 'cname' && first !== undefined) return chaseCname(query, first)
  const reply: Reply = {
    rcode: RCODE_OF[answer.kind],
    authoritativeAnswer: true,
    answer: answer.answer,
    authority: answer.authority,
    additional: answer.additional,
  }
  return answer.kind === 'positive' ? reply : { ...reply, extendedError: answer.reason }
}
