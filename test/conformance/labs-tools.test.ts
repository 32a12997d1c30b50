import { afterAll, describe, expect, test } from 'vitest'

import { DNS_TOOLS } from '../helpers/dns-tools.ts'
import { labAddresses, readLabObjects } from '../helpers/lab-objects.ts'
import { runningLabs } from '../helpers/running-labs.ts'
import { labRows } from './lab-rows.ts'

const addressOf = labAddresses(await readLabObjects())
const labs = runningLabs()
const claims = labRows(addressOf).flatMap((row) =>
  row.claims.map(([claim, question, answer]) => ({ title: `${row.lab}: ${claim}`, question, answer })),
)

const shortNameAnswer = [
  `clusterip1.default.svc.cluster.local. 5 IN A ${addressOf('Service default/clusterip1')}`,
]

const notAsked: string[] = []

for (const { name, isInstalled, showsTtl, outcome, outcomeInDomain } of DNS_TOOLS) {
  const shown = (answer: readonly string[]) => (showsTtl ? answer : answer.map(withoutTtl))
  describe(name, () => {
    if (!isInstalled) {
      notAsked.push(`${name} is not installed: ${claims.length} questions not asked`)
      test.skip(`${name} is not installed: ${claims.length} questions not asked`)
      return
    }
    test.concurrent.each(claims)('$title', async ({ question, answer }) => {
      expect(await outcome(question, labs.client.port)).toEqual(shown(answer))
    })
    if (outcomeInDomain === undefined) return
    test('completes a short name with the search domain', async () => {
      const answer = await outcomeInDomain('clusterip1', 'default.svc.cluster.local', labs.client.port)
      expect(answer).toEqual(shown(shortNameAnswer))
    })
  })
}

afterAll(() => {
  for (const line of notAsked) process.stderr.write(`${line}\n`)
})

function withoutTtl(line: string): string {
  return line.replace(/^(\S+) \d+ IN /, '$1 IN ')
}
