import { createUDPServer, Packet } from 'dns2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findDifferences, waitForAnswer } from '../../bench/replies.ts'
import { freePort } from '../../bench/servers.ts'

const WEB = { name: 'web.default.svc.cluster.local', type: 'A' } as const

interface AddressServer {
  readonly port: number
  addresses: readonly string[]
  close(): void
}

let left: AddressServer
let right: AddressServer

beforeEach(async () => {
  left = await startAddressServer()
  right = await startAddressServer()
})

afterEach(() => {
  left.close()
  right.close()
})

test('findDifferences takes the answers of a name in any order for the same', async () => {
  left.addresses = ['10.0.0.1', '10.0.0.2']
  right.addresses = ['10.0.0.2', '10.0.0.1']
  expect(await findDifferences([left.port, right.port], [WEB])).toEqual([])
})

test('findDifferences tells each question that has two answers', async () => {
  left.addresses = ['10.0.0.1']
  right.addresses = ['10.0.0.2']
  const [difference, ...others] = await findDifferences([left.port, right.port], [WEB])
  expect(difference).toMatch(/^web\.default\.svc\.cluster\.local A: .*10\.0\.0\.1.* against .*10\.0\.0\.2/)
  expect(others).toEqual([])
})

test('waitForAnswer waits until the name has an answer', async () => {
  setTimeout(() => {
    left.addresses = ['10.0.0.1']
  }, 100)
  const from = performance.now()
  await waitForAnswer(asServer(left.port), WEB)
  expect(performance.now() - from).toBeGreaterThan(90)
})

test('waitForAnswer gives up after its time', async () => {
  const waiting = waitForAnswer(asServer(left.port), WEB, 100)
  await expect(waiting).rejects.toThrow(`Cannot measure it: within 100 ms it did not answer ${WEB.name}`)
})

test('waitForAnswer gives up when the server has ended', async () => {
  const ended = AbortSignal.timeout(50)
  const waiting = waitForAnswer({ ...asServer(left.port), ended }, WEB)
  await expect(waiting).rejects.toThrow('Cannot measure it: it ended')
})

function asServer(port: number) {
  return { name: 'it', port, ended: new AbortController().signal }
}

/** Answers every question with its addresses. */
async function startAddressServer(): Promise<AddressServer> {
  const port = await freePort()
  const udp = createUDPServer((request, send) => {
    const reply = Packet.createResponseFromRequest(request)
    for (const address of server.addresses) {
      const record = { name: WEB.name, type: Packet.TYPE.A, class: Packet.CLASS.IN, ttl: 30, address }
      reply.answers.push(new Packet.Resource(record))
    }
    void send(reply)
  })
  await udp.listen(port, '127.0.0.1')
  const server: AddressServer = { port, addresses: [], close: () => void udp.close() }
  return server
}
