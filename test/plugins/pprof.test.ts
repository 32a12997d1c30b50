import { json } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'

import type { HttpReply } from '../../src/metrics/http-endpoint.ts'
import { pprof } from '../../src/plugins/pprof.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

async function ask(path: string, query = ''): Promise<HttpReply> {
  const endpoint = setUp(pprof, 'pprof').httpEndpoints?.find((each) => each.path === path)
  if (endpoint === undefined) throw new Error(`no ${path}`)
  return await endpoint.respond({ query: new URLSearchParams(query), signal: new AbortController().signal })
}

describe('pprof', () => {
  test('lists what there is', async () => {
    for (const path of ['/debug/pprof', '/debug/pprof/'])
      expect((await ask(path)).body).toContain('/debug/pprof/profile')
  })

  test('records a CPU profile', async () => {
    const { status, body, fileName } = await ask('/debug/pprof/profile', 'seconds=0.05')
    expect([status, fileName]).toEqual([200, 'slicedns.cpuprofile'])
    expect(await json(Readable.from(body))).toHaveProperty('samples')
  })

  test.for(['0', '-1', '61', 'x', 'Infinity'])('seconds=%s is 400', async (seconds) => {
    expect((await ask('/debug/pprof/profile', `seconds=${seconds}`)).status).toBe(400)
  })

  test('takes a heap snapshot', async () => {
    const { status, body, fileName } = await ask('/debug/pprof/heap')
    expect([status, fileName]).toEqual([200, 'slicedns.heapsnapshot'])
    expect(await json(Readable.from(body))).toHaveProperty('snapshot')
  }, 60_000)

  test('a second profile at the same time is 409', async () => {
    const [, second] = await Promise.all([
      ask('/debug/pprof/profile', 'seconds=0.1'),
      ask('/debug/pprof/profile', 'seconds=0.1'),
    ])
    expect(second.status).toBe(409)
  })

  test('takes what CoreDNS takes, and says what has no effect', () => {
    const host = testHost()
    setUp(pprof, 'pprof :6060 {\n  block 5\n}', host)
    expect(host.lines).toEqual(['warn plugin/pprof: "block" has no effect: nothing blocks in Node.js'])
    expect(errorOf(pprof, 'pprof {\n  block x\n}')).toContain('SLICEDNS_CONFIG_VALUE Corefile:3:9')
    expect(errorOf(pprof, 'pprof\npprof')).toContain('SLICEDNS_CONFIG_DIRECTIVE_TWICE')
  })
})
