import { deepEqual } from 'node:assert/strict'
import { waitFor } from '../control-plane/wait-for.ts'
import { outcomeOf } from '../helpers/dns-client.ts'
import type { DnsClient } from '../helpers/dns-client.ts'

/** What `DnsClient.outcome` gives: records as lines, or `NXDOMAIN` and so on. */
type Outcome = readonly string[]

/** Long enough for a busy machine; cases that bound the time say so themselves. */
const SETTLE_LIMIT_MS = 15_000

/** As `DnsClient.outcome`, over TCP where UDP does not hold it, as stub resolvers ask. */
export async function outcome(client: DnsClient, question: string): Promise<Outcome> {
  const reply = await client.ask(question)
  return reply.truncated ? client.outcome(question, { transport: 'tcp' }) : outcomeOf(reply)
}

/** Waits until the answer is this one, and gives the milliseconds that took; fails with what it is instead. */
export async function eventually(
  client: DnsClient,
  question: string,
  answer: Outcome,
  limitMs = SETTLE_LIMIT_MS,
): Promise<number> {
  const startedAt = performance.now()
  const expected = answer.toSorted()
  const isSo = async (): Promise<true> => {
    deepEqual((await outcome(client, question)).toSorted(), expected)
    return true
  }
  await waitFor(question, isSo, { limitMs, everyMs: 10 })
  return performance.now() - startedAt
}

/** Fails unless the answer is this one now. */
export async function now(client: DnsClient, question: string, answer: Outcome): Promise<void> {
  deepEqual((await outcome(client, question)).toSorted(), answer.toSorted(), question)
}

/** `own. 5 IN A address` for each. */
export function addressLines(own: string, addresses: readonly string[]): string[] {
  return addresses
    .map((address) => `${own} 5 IN ${address.includes(':') ? 'AAAA' : 'A'} ${address}`)
    .toSorted()
}
