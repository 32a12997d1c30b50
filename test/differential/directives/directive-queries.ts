import { rrTypeFromText } from '../../../src/wire/rrtype.ts'
import type { Query } from '../queries.ts'
import { inSomeCase, wayOfAsking } from '../queries.ts'
import type { Random } from '../random.ts'

/** The questions, each in several ways of asking and letter cases. Equal seeds give equal queries. */
export function directiveQueries(
  directive: string,
  questions: readonly string[],
  rounds: number,
  random: Random,
): readonly Query[] {
  return Array.from({ length: rounds }).flatMap(() =>
    questions.map((question) => {
      const [name = '', type = ''] = question.split(' ')
      const rrtype = rrTypeFromText(type)
      if (rrtype === undefined) throw new RangeError(`Cannot ask for ${question}`)
      const way = { ...wayOfAsking(random), rrclass: 1 }
      return { kind: directive, state: 'directive', name: inSomeCase(name, random), type: rrtype, ...way }
    }),
  )
}
