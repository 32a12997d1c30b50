import { createSocket } from 'node:dgram'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { startServer } from '../../src/index.ts'
import { loop } from '../../src/plugins/loop.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import type { Query, Reply } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

const replyOf = (rcode: number): Reply => ({
  rcode,
  authoritativeAnswer: false,
  answer: [],
  authority: [],
  additional: [],
})

/** A `loop` in front of upstreams that answer by `forward`; `forwarded` is what they were asked. */
function watched(forward: (query: Query) => Reply | Promise<Reply>) {
  let nowMs = 0
  const metrics = new MetricsRegistry()
  const host = testHost({ nowMs: () => nowMs, metrics })
  const { responder } = setUp(loop, 'loop', host)
  const forwarded: Query[] = []
  const ask = async (query: Query): Promise<Reply> => {
    const reply = await responder?.(query, (next) => {
      forwarded.push(next)
      return forward(next)
    })
    return reply ?? replyOf(99)
  }
  return {
    ask,
    forwarded,
    host,
    probes: () => forwarded.filter(({ question }) => question.qtype === 13),
    gauge: () =>
      metrics.gauge({ name: 'slicedns_forward_loop', help: '', labels: ['zone'] }).with('example.').value,
    pass: (ms: number) => void (nowMs += ms),
  }
}

const settled = () => new Promise(setImmediate)

describe('loop', () => {
  test('asks once for a name that cannot be guessed, and is out of the way when that is answered', async () => {
    const { ask, forwarded, probes, gauge } = watched(() => replyOf(3))
    expect((await ask(clientQuery('www.example.'))).rcode).toBe(3)
    await settled()
    for (let count = 0; count < 3; count++) await ask(clientQuery('www.example.'))
    expect(forwarded).toHaveLength(5)
    expect(probes().map(({ lowerName }) => lowerName)).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}\.[0-9a-f]{32}\.example\.$/),
    ])
    expect(gauge()).toBe(0)
  })

  test('two servers never ask for the same name', async () => {
    const names = await Promise.all(
      [1, 2].map(async () => {
        const { ask, probes } = watched(() => replyOf(3))
        await ask(clientQuery('www.example.'))
        return probes()[0]?.lowerName
      }),
    )
    expect(names[0]).not.toBe(names[1])
  })

  test('asks again, not too often, as long as no upstream answers', async () => {
    const { ask, probes, pass } = watched(() => replyOf(2))
    for (let second = 0; second < 25; second++) {
      await ask(clientQuery('www.example.'))
      await settled()
      pass(1_000)
    }
    expect(probes()).toHaveLength(3)
  })

  test('F32 a loop makes what is forwarded SERVFAIL until it ends; others cannot feign it', async () => {
    let loops = true
    const watch = watched((query) => (loops && query.question.qtype === 13 ? watch.ask(query) : replyOf(3)))
    const { ask, host, probes, gauge, pass } = watch
    await ask(clientQuery('www.example.'))
    await settled()
    expect(await ask(clientQuery('www.example.'))).toMatchObject({
      rcode: 2,
      extendedError: {
        text: 'queries that are forwarded come back to this server: its upstreams form a loop',
      },
    })
    expect(gauge()).toBe(1)
    expect(host.lines).toEqual([
      expect.stringMatching(/^error what is forwarded for zone example\. comes back here/),
    ])

    loops = false
    pass(10_000)
    await ask(clientQuery('www.example.'))
    await settled()
    expect((await ask(clientQuery('www.example.'))).rcode).toBe(3)
    expect(gauge()).toBe(0)
    expect(host.lines[1]).toMatch(/^info .* does not come back/)

    const old = probes()[0]
    if (old === undefined) throw new Error('no probe was sent')
    expect((await ask(old)).rcode, 'a name that was used is worth nothing').toBe(3)
  })

  test('F32 over the wire: the server stays up and answers for its cluster', async () => {
    const relay = createSocket('udp4')
    const port = await new Promise<number>((resolve) => {
      relay.bind(0, '127.0.0.1', () => resolve(relay.address().port))
    })
    const back = createSocket('udp4')
    const askers = new Map<number, number>()
    onTestFinished(() => {
      relay.close()
      back.close()
    })
    const server = await startServer({
      corefileText: `.:0 {
        bind 127.0.0.1
        kubernetes cluster.local {
          manifests examples/labs
        }
        loop
        forward . 127.0.0.1:${port}
      }`,
    })
    onTestFinished(() => server.close())
    relay.on('message', (message, { port: asker }) => {
      askers.set(message.readUInt16BE(0), asker)
      back.send(message, server.port, '127.0.0.1')
    })
    back.on('message', (message) => {
      relay.send(message, askers.get(message.readUInt16BE(0)) ?? 0, '127.0.0.1')
    })

    const client = dnsClient(server.port)
    void client.ask('www.example.com A').catch(() => {})
    await vi.waitFor(async () => {
      const { rcode, extendedError } = await client.ask('other.example.com A')
      expect([rcode, extendedError?.text]).toEqual(['SERVFAIL', expect.stringContaining('form a loop')])
    })
    expect((await client.ask('my-service.lab-nodeport.svc.cluster.local A')).rcode).toBe('NOERROR')
  })

  test.for([
    ['loop x', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:6:'],
    ['loop {\n x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:2:'],
    ['loop\nloop', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1:'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(loop, text)).toContain(expected)
  })
})
