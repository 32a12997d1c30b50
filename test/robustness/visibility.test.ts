import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'

import { labsPlan } from '../fuzz/targets.ts'
import { SeededRandom } from '../fuzz/random.ts'
import { startServer } from '../../src/index.ts'
import { createCounters } from '../../src/metrics/counters.ts'
import { MessageAnswerer } from '../../src/server/message-answerer.ts'
import { parseMessage } from '../../src/wire/message.ts'
import type { Message } from '../../src/wire/message.ts'
import type { Responder } from '../../src/zone/responder.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { addresses, rawQuery, startTestServer, TcpClient, UdpClient, udpReply } from '../server/harness.ts'

const MANIFESTS = `
apiVersion: v1
kind: Service
metadata: { name: alias, namespace: shop }
spec: { type: ExternalName, externalName: vault.hidden.svc.cluster.local }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: 10.96.7.1, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: vault, namespace: hidden }
spec: { clusterIP: 10.96.7.2, ports: [{ name: secret, port: 80 }] }
`

/** Serves both namespaces, or `shop` alone. */
async function startShop(properties = ''): Promise<number> {
  const folder = tempFolder({ 'all.yaml': MANIFESTS })
  const kubernetes = `kubernetes {\n manifests ${folder}\n ${properties}\n }`
  const server = await startServer({
    corefileText: `cluster.local:0 10.0.0.0/8:0 {\n bind 127.0.0.1\n ${kubernetes}\n}\n`.replace(
      ' 10.0.0.0/8:0',
      '',
    ),
    watch: false,
  })
  onTestFinished(() => server.close())
  return server.port
}

async function ask(port: number, name: string, type: number): Promise<Message> {
  const parsed = parseMessage(await udpReply(port, rawQuery({ name, type, edns: { size: 4096 } })))
  if (!parsed.ok) throw new Error(`the reply is malformed in ${parsed.where}`)
  return parsed.message
}

/** Everything that a reply says, as text. */
function textOf({ answer, authority, additional, opt }: Message): string {
  const records = [...answer, ...authority, ...additional].map(
    ({ owner, rdata }) => `${owner} ${rdataToText(rdata)}`,
  )
  const options = opt?.options.map(({ data }) => Buffer.from(data).toString('latin1')) ?? []
  return [...records, ...options].join('\n')
}

describe('S06 a namespace that is not served', () => {
  test('cannot be reached through the CNAME of one that is', async () => {
    const open = await ask(await startShop(), 'alias.shop.svc.cluster.local', 1)
    expect(textOf(open)).toContain('10.96.7.2')
    const port = await startShop('namespaces shop')
    for (const type of [1, 28, 33, 16, 255]) {
      const reply = await ask(port, 'alias.shop.svc.cluster.local', type)
      expect(textOf(reply)).not.toContain('10.96.7.2')
      expect(reply.answer.every(({ owner }) => owner.startsWith('alias.'))).toBe(true)
    }
    expect((await ask(port, 'alias.shop.svc.cluster.local', 1)).rcode).toBe(3)
  })

  test('cannot be reached by any of its own names', async () => {
    const port = await startShop('namespaces shop')
    const names = [
      'vault.hidden.svc',
      '_secret._tcp.vault.hidden.svc',
      'hidden.svc',
      '_why.vault.hidden.svc',
      '10-96-7-2.hidden.pod',
    ]
    for (const name of names) {
      const reply = await ask(port, `${name}.cluster.local`, name.startsWith('_why') ? 16 : 1)
      expect(textOf(reply)).not.toContain('10.96.7.2')
      expect(textOf(reply)).not.toContain('secret')
    }
  })
})

test('S07 no query lists what services there are', async () => {
  const port = await startShop()
  const everyType = [1, 2, 5, 6, 12, 15, 16, 28, 33, 35, 43, 64, 65, 252, 255]
  for (const name of [
    'cluster.local',
    'svc.cluster.local',
    'shop.svc.cluster.local',
    'pod.cluster.local',
    '*.shop.svc.cluster.local',
    '_tcp.shop.svc.cluster.local',
  ]) {
    for (const type of everyType) {
      const text = textOf(await ask(port, name, type))
      for (const service of ['web', 'alias', 'vault']) expect(text, `${name} ${type}`).not.toContain(service)
    }
  }
})

test('S07 a transfer is refused over TCP too, and the connection lives', async () => {
  using client = await TcpClient.open(await startShop())
  for (const type of [252, 251]) {
    const reply = parseMessage(await client.exchange(rawQuery({ name: 'cluster.local', type })))
    expect(reply).toMatchObject({ ok: true, message: { rcode: 5, answer: [], authority: [] } })
  }
  expect(parseMessage(await client.exchange(rawQuery({ name: 'web.shop.svc.cluster.local' })))).toMatchObject(
    { message: { rcode: 0 } },
  )
})

test('S10 60,000 random names leave nothing behind: no counter of their own, no memory', async () => {
  const counters = createCounters()
  const plan = await labsPlan()
  const errors: unknown[] = []
  const answerer = new MessageAnswerer({ plan: () => plan, counters, onError: (error) => errors.push(error) })
  const random = new SeededRandom(1)
  const client = { address: '127.0.0.1', port: 1024, transport: 'udp' } as const
  const local = { address: '127.0.0.1', port: 53 }
  const octets = rawQuery({ name: 'xxxxxxxxxxxx.default.svc.cluster.local' })
  const askRandomly = (count: number): void => {
    for (let index = 0; index < count; index++) {
      for (let at = 13; at < 25; at++) octets[at] = random.below(256)
      answerer.respond(octets, client, local, () => {})
    }
  }
  askRandomly(20_000)
  const before = usedHeapOctets()
  askRandomly(40_000)
  expect(usedHeapOctets() - before).toBeLessThan(1_000_000)
  expect(Object.keys(counters)).toEqual(Object.keys(createCounters()))
  expect(counters).toMatchObject({ received: 60_000, replied: 60_000, failedResponders: 0 })
  expect(errors).toEqual([])
})

test('S10 names of any octets are printable where responders, and so logs, see them', async () => {
  const names: string[] = []
  const note: Responder = (query, next) => {
    names.push(query.lowerName, query.question.qname)
    return next(query)
  }
  await using server = await startTestServer([note, addresses(1)])
  using client = await UdpClient.open(server.port)
  const everyOctet = Array.from({ length: 256 }, (_, octet) => {
    const query = rawQuery({ id: octet, name: 'x"y.cluster.local' })
    query[13] = octet
    return query
  })
  expect((await client.flood(everyOctet)).length).toBe(256)
  expect(names.filter((name) => !/^[\x20-\x7e]+$/.test(name))).toEqual([])
  expect(new Set(names).size).toBeGreaterThan(256)
})

/** After the garbage is collected. */
function usedHeapOctets(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
