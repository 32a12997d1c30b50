import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'

import type { SelfCheckOutcome } from '../../src/metrics/http-endpoint.ts'
import { textReply } from '../../src/metrics/http-endpoint.ts'
import { startSelfCheck } from '../../src/web/self-check.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'

async function firstOutcome(port: number): Promise<SelfCheckOutcome> {
  const { promise, resolve } = Promise.withResolvers<SelfCheckOutcome>()
  const address = { host: undefined, port }
  const endpoint = { directive: 'health', address, path: '/health', respond: () => textReply(200, '') }
  onTestFinished(
    startSelfCheck({ ...endpoint, onSelfCheck: resolve }, { address: '0.0.0.0', port }, () =>
      performance.now(),
    ),
  )
  return await promise
}

test('startSelfCheck tells of a port that nobody answers at', async () => {
  expect((await firstOutcome(await closedPort())).error).toContain('ECONNREFUSED')
}, 20_000)

test('startSelfCheck waits for a server that is silent, and then tells so', async () => {
  const silent = createServer(() => {})
  const port = await closedPort()
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const { durationSeconds, error } = await firstOutcome(port)
  expect(error).toBe('no answer within 3 s')
  expect(durationSeconds).toBeGreaterThan(2.9)
}, 20_000)
