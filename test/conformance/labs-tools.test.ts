import { describe, expect, test } from 'vitest'

import { DNS_TOOLS } from '../helpers/dns-tools.ts'
import { labAddresses, readLabObjects } from '../helpers/lab-objects.ts'
import { runningLabs } from '../helpers/running-labs.ts'
import { labRows } from './lab-rows.ts'

const addressOf = labAddresses(await readLabObjects())
const labs = runningLabs()
/** Asked of each tool; the growing row and the short name besides. */
const claims = labRows(addressOf).flatMap((row) =>
  row.claims.map(([claim, question, answer]) => ({ title: `${row.lab}: ${claim}`, question, answer })),
)

const shortNameAnswer = [
  `clusterip1.default.svc.cluster.local. 5 IN A ${addressOf('Service default/clusterip1')}`,
]

for (const { name, isInstalled, showsTtl, outcome, outcomeInDomain } of DNS_TOOLS) {
  const shown = (answer: readonly string[]) => (showsTtl ? answer : answer.map(withoutTtl))
  describe(name, () => {
    if (!isInstalled) {
      const notAsked = `${name} is not installed: ${claims.length} questions not asked`
      process.stderr.write(`${notAsked}\n`)
      test.skip(notAsked)
      return
    }
    test.concurrent.each(claims)('$title', async ({ question, answer }) => {
      expect(await outcome(question, labs.client.port)).toEqual(shown(answer))
    })
    test('Slice growth: goes on over TCP where UDP was truncated, and gets all 250', async () => {
      const own = 'growth.lab-growth.svc.cluster.local.'
      const answer = Array.from({ length: 250 }, (_, index) => `${own} 5 IN A 10.11.0.${index + 1}`)
      expect(await outcome(`${own} A`, labs.client.port)).toEqual(shown(answer).toSorted())
    })
    if (outcomeInDomain === undefined) return
    test('completes a short name with the search domain', async () => {
      const answer = await outcomeInDomain('clusterip1', 'default.svc.cluster.local', labs.client.port)
      expect(answer).toEqual(shown(shortNameAnswer))
    })
  })
}

function withoutTtl(line: string): string {
  return line.replace(/^(\S+) \d+ IN /, '$1 IN ')
}
