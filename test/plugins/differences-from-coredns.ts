import { Rcode } from '../../src/wire/rcode.ts'
import type { RawQueryOptions } from '../helpers/raw-query.ts'
import type { Outline, Pair } from './beside-coredns.ts'

/** Asks both every question, one after the other, and gives those with two answers. Records count in any order, names in any letter case. */
export async function differences(
  pair: Pair,
  questions: readonly string[],
  { queryOptions, normalize = (reply) => reply }: DifferenceOptions = {},
): Promise<readonly string[]> {
  const found: string[] = []
  for (const question of questions) {
    const { ours, theirs } = await pair.ask(question, queryOptions)
    const texts = [ours, theirs].map((reply) => JSON.stringify(normalize(sorted(reply), question)))
    if (texts[0] !== texts[1]) found.push(`${question}\n  ours ${texts[0]}\n  theirs ${texts[1]}`)
  }
  return found
}

export interface DifferenceOptions {
  readonly queryOptions?: RawQueryOptions
  /** Takes away what may differ. */
  readonly normalize?: (reply: Outline, question: string) => Partial<Outline>
}

/** Of an error the RCODE alone: ours is empty and without AA (differences.md 22). */
export function errorsByRcode(reply: Outline): Partial<Outline> {
  return reply.rcode === Rcode.NOERROR || reply.rcode === Rcode.NXDOMAIN ? reply : { rcode: reply.rcode }
}

/** Every name with every type. */
export function questionsOf(names: readonly string[], types: readonly string[]): readonly string[] {
  return names.flatMap((name) => types.map((type) => `${name} ${type}`))
}

/** Numbers in [0, 1) that are the same at every run (mulberry32), so that a difference can be looked for again. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of several, each as likely. */
export function pick<Value>(random: () => number, values: readonly [Value, ...Value[]]): Value {
  return values[Math.floor(random() * values.length)] ?? values[0]
}

function sorted(reply: Outline): Outline {
  return {
    ...reply,
    answer: reply.answer.map(lowerCase).toSorted(),
    authority: reply.authority.map(lowerCase).toSorted(),
    additional: reply.additional.map(lowerCase).map(withoutPort).toSorted(),
  }
}

/** The owner has the asker's letter case (differences.md D9). */
function lowerCase(line: string): string {
  return line.toLowerCase()
}

/** `whoami` tells the port of the client, which is another one at every query. */
function withoutPort(line: string): string {
  return line.replace(/^(_udp\.\S* \d+ in srv 0 0) \d+ \.$/, '$1 port .')
}
