import { describe, expect, test } from 'vitest'

import type { Responder } from '../../src/zone/responder.ts'
import { addresses, headerOf, positive, rawQuery, startTestServer, udpReply } from './harness.ts'

describe('askBlock', () => {
  test('T07 class CH reaches what the block has for it, and no responder', async () => {
    let asked = 0
    const responder: Responder = () => {
      asked++
      return positive([])
    }
    const block = { answerChaos: () => positive([]) }
    await using server = await startTestServer([responder], { block })
    const ask = async (rrclass: number) =>
      headerOf(await udpReply(server.port, rawQuery({ type: 16, class: rrclass }))).rcode
    expect([await ask(3), await ask(4), await ask(255)]).toEqual([0, 5, 5])
    expect(asked).toBe(0)
  })

  test('T07 what throws there is SERVFAIL', async () => {
    const block = {
      answerChaos: () => {
        throw new Error('broken')
      },
    }
    await using server = await startTestServer([addresses(1)], { block })
    expect(headerOf(await udpReply(server.port, rawQuery({ type: 16, class: 3 }))).rcode).toBe(2)
    expect(server.errors).toEqual(['web.default.svc.cluster.local. TXT: broken'])
  })
})
