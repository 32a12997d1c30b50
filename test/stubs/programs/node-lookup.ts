import { lookup, lookupService } from 'node:dns/promises'

import { answerLines } from './node-lines.ts'

const FAMILIES = { any: 0, ipv4: 4, ipv6: 6 } as const

/** `dns.lookup`: the C library, on a thread of Node's pool. */
await answerLines(async (kind, subject) => {
  if (kind === 'reverse') return [(await lookupService(subject, 0)).hostname]
  const found = await lookup(subject, { all: true, family: FAMILIES[kind] })
  return found.map(({ address }) => address)
})
