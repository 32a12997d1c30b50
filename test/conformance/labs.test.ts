import { describe, expect, test } from 'vitest'

import { labAddresses, readLabObjects } from '../helpers/lab-objects.ts'
import { runningLabs } from '../helpers/running-labs.ts'
import { labRows } from './lab-rows.ts'

const addressOf = labAddresses(await readLabObjects())
const labs = runningLabs()

for (const { lab, claims } of labRows(addressOf)) {
  describe(lab, () => {
    test.each(claims)('%s', async (_, question, answer) => {
      expect(await labs.client.outcome(question)).toEqual(answer)
      expect(await labs.client.outcome(question, { transport: 'tcp' })).toEqual(answer)
    })
  })
}
