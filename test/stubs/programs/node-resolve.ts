import { resolve4, resolve6, reverse } from 'node:dns/promises'

import { answerLines, isNotFound } from './node-lines.ts'

/** `dns.resolve4` and `dns.resolve6`: c-ares without a search list. */
await answerLines(async (kind, subject) => {
  if (kind === 'reverse') return await reverse(subject)
  if (kind === 'ipv4') return await resolve4(subject)
  if (kind === 'ipv6') return await resolve6(subject)
  const families = await Promise.all([orNone(resolve4(subject)), orNone(resolve6(subject))])
  return families.flat()
})

async function orNone(found: Promise<string[]>): Promise<string[]> {
  try {
    return await found
  } catch (error) {
    if (isNotFound(error)) return []
    throw error
  }
}
