import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'

import type { HttpEndpoint, SelfCheckOutcome } from '../../src/metrics/http-endpoint.ts'
import { textReply } from '../../src/metrics/http-endpoint.ts'
import { HttpServers } from '../../src/web/http-servers.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'

function create(): HttpServers {
  const servers = new HttpServers({ onError: () => {}, nowMs: () => performance.now() })
  onTestFinished(() => servers.close())
  return servers
}

const page = (port: number, path: string, parts: Partial<HttpEndpoint> = {}): HttpEndpoint => ({
  directive: path.slice(1),
  address: { host: '127.0.0.1', port },
  path,
  respond: () => textReply(200, path),
  ...parts,
})

const statusOf = async (port: number, path: string): Promise<number | undefined> => {
  try {
    return (await fetch(`http://127.0.0.1:${port}${path}`)).status
  } catch {
    return undefined
  }
}

describe('HttpServers', () => {
  test('endpoints with the same address share a server', async () => {
    const servers = create()
    const [one, two] = [await closedPort(), await closedPort()]
    await servers.serve([page(one, '/a'), page(one, '/b'), page(two, '/a'), page(one, '/a')])
    expect(servers.places).toEqual([
      { address: '127.0.0.1', port: one, paths: ['/a', '/b'] },
      { address: '127.0.0.1', port: two, paths: ['/a'] },
    ])
    expect(await statusOf(one, '/b')).toBe(200)
    expect(await statusOf(two, '/b')).toBe(404)
  })

  test('serve opens what is new, closes what is gone, and lets connections of the rest live', async () => {
    const servers = create()
    const [one, two, three] = [await closedPort(), await closedPort(), await closedPort()]
    await servers.serve([page(one, '/a'), page(two, '/a')])
    const before = await fetch(`http://127.0.0.1:${two}/a`)
    await servers.serve([page(two, '/b'), page(three, '/a')])
    expect(await before.text()).toBe('/a')
    expect(await statusOf(one, '/a')).toBeUndefined()
    expect(await statusOf(two, '/a')).toBe(404)
    expect(await statusOf(two, '/b')).toBe(200)
    expect(await statusOf(three, '/a')).toBe(200)
  })

  test('setMaxConnections holds for servers that run and for those to come', async () => {
    const servers = create()
    const [one, two] = [await closedPort(), await closedPort()]
    await servers.serve([page(one, '/a')])
    servers.setMaxConnections(1)
    await servers.serve([page(one, '/a'), page(two, '/a')])
    for (const port of [one, two]) {
      const socket = connect({ port, host: '127.0.0.1' })
      await once(socket, 'connect')
      expect(await statusOf(port, '/a')).toBeUndefined()
      socket.destroy()
      await expect.poll(() => statusOf(port, '/a')).toBe(200)
    }
  })

  test('R08 a port that is taken leaves everything as it was', async () => {
    const [servers, other] = [create(), create()]
    const [one, two, taken] = [await closedPort(), await closedPort(), await closedPort()]
    await servers.serve([page(one, '/a')])
    await other.serve([page(taken, '/x')])
    await expect(servers.serve([page(two, '/b'), page(taken, '/b')])).rejects.toMatchObject({
      code: 'SLICEDNS_HTTP_PORT_IN_USE',
    })
    expect(await statusOf(one, '/a')).toBe(200)
    expect(await statusOf(two, '/b')).toBeUndefined()
    expect(servers.places).toHaveLength(1)
  })

  test('closeFirst closes ports that serve nothing else, and takes the page off the others', async () => {
    const servers = create()
    const [alone, shared] = [await closedPort(), await closedPort()]
    const ready = { closesFirst: true } as const
    await servers.serve([
      page(alone, '/ready', ready),
      page(shared, '/ready', ready),
      page(shared, '/health'),
    ])
    await servers.closeFirst()
    expect(await statusOf(alone, '/ready')).toBeUndefined()
    expect(await statusOf(shared, '/ready')).toBe(404)
    expect(await statusOf(shared, '/health')).toBe(200)
  })

  test('asks an endpoint itself, once a second, and tells what came of it', async () => {
    const servers = create()
    const outcomes: SelfCheckOutcome[] = []
    let status = 200
    const checked = page(await closedPort(), '/health', {
      respond: () => textReply(status, ''),
      onSelfCheck: (outcome) => void outcomes.push(outcome),
    })
    await servers.serve([checked])
    await expect.poll(() => outcomes.length, { timeout: 10_000 }).toBe(1)
    status = 503
    await expect.poll(() => outcomes.length, { timeout: 10_000 }).toBe(2)
    expect(outcomes.map(({ error }) => error)).toEqual([undefined, 'HTTP status 503'])
    expect(outcomes[0]?.durationSeconds).toBeGreaterThan(0)
  }, 20_000)
})
