// Every answer from zones of any shape, held against NSD.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Message } from '../../src/wire/message.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { replyFromZoneAnswer } from '../../src/zone/zone-answer.ts'
import { coherentZoneText, probes } from '../zone/any-zone.ts'
import { ask, lines, zoneOf } from '../zone/ask-zone.ts'
import { hasNsd, startNsd } from './nsd.ts'

const ZONES = 40
/** ANY is left out: NSD answers it in another way of RFC 8482. */
const TYPES = ['A', 'NS', 'CNAME', 'MX', 'TXT', 'DNAME', 'DS', 'SOA']

/** What both must say the same: RCODE, AA, the answer, SOA or delegation, and glue. */
interface Said {
  readonly question: string
  readonly rcode: number
  readonly authoritativeAnswer: boolean
  readonly answer: readonly string[]
  readonly authority: readonly string[]
  readonly glue: readonly string[]
}

describe.skipIf(!hasNsd('nsd'))('lookup and NSD', () => {
  test('say the same to every question', { timeout: 120_000 }, async () => {
    const texts = fc.sample(coherentZoneText, { numRuns: ZONES, seed: 1034 })
    const zones = new Map(
      texts.map((text, index) => [`z${index}.example.`, within(text, `z${index}.example.`)]),
    )
    const nsd = await startNsd(zones)
    const kinds = new Map<string, number>()
    const differences: unknown[] = []
    try {
      for (const [origin, text] of zones) {
        const zone = zoneOf(text, origin)
        const questions = probes.flatMap((probe) => TYPES.map((type) => `${within(probe, origin)} ${type}`))
        const theirs = await nsd.ask(questions)
        expect(theirs).toHaveLength(questions.length)
        for (const [index, question] of questions.entries()) {
          const answer = ask(zone, question)
          kinds.set(answer.kind, (kinds.get(answer.kind) ?? 0) + 1)
          // A chain that does not end is SERVFAIL here; NSD says how far it came.
          if (answer.kind === 'failure') continue
          const reply = replyFromZoneAnswer(answer)
          const isReferral = answer.kind === 'referral'
          const [ours, other] = [
            saidBy(question, reply, isReferral),
            saidByMessage(question, theirs[index], isReferral),
          ]
          if (JSON.stringify(ours) !== JSON.stringify(other)) differences.push({ origin, text, ours, other })
        }
      }
    } finally {
      await nsd.close()
    }
    expect(differences.slice(0, 3)).toEqual([])
    expect([...kinds.keys()].toSorted()).toEqual([
      'cname',
      'failure',
      'nodata',
      'nxdomain',
      'positive',
      'referral',
    ])
  })
})

test.skipIf(hasNsd('nsd'))('nsd is not installed: nothing to compare with', () => {
  expect(hasNsd('nsd')).toBe(false)
})

/** The zone or name `example.` as another one. */
function within(text: string, origin: string): string {
  return text.replaceAll('example.', origin)
}

function saidBy(
  question: string,
  reply: {
    readonly rcode: number
    readonly authoritativeAnswer: boolean
    readonly answer: readonly RRset[]
    readonly authority: readonly RRset[]
    readonly additional: readonly RRset[]
  },
  isReferral: boolean,
): Said {
  return {
    question,
    rcode: reply.rcode,
    authoritativeAnswer: reply.authoritativeAnswer,
    answer: sorted(reply.answer),
    authority: sorted(reply.authority),
    glue: isReferral ? sorted(reply.additional) : [],
  }
}

function saidByMessage(
  question: string,
  message: Message | undefined,
  isReferral: boolean,
): Said | undefined {
  if (message === undefined) return undefined
  const rrsets = (section: 'answer' | 'authority' | 'additional') =>
    message[section].map((record): RRset => ({ ...record, rdatas: [record.rdata] }))
  const parts = { answer: rrsets('answer'), authority: rrsets('authority'), additional: rrsets('additional') }
  return saidBy(question, { ...message, ...parts }, isReferral)
}

function sorted(rrsets: readonly RRset[]): readonly string[] {
  return lines(rrsets)
    .map((line) => line.toLowerCase())
    .toSorted()
}
