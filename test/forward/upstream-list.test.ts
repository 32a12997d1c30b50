import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { createUpstreamList } from '../../src/forward/upstream-list.ts'
import type { UpstreamList, UpstreamListHost, UpstreamSource } from '../../src/forward/upstream-list.ts'
import { upstreamToText } from '../../src/forward/upstream-address.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const FILE = { kind: 'file', path: 'resolv.conf', text: 'nameserver 192.0.2.1\n' } as const

function listOf(sources: readonly UpstreamSource[], host: Partial<UpstreamListHost> = {}) {
  const warnings: string[] = []
  const list = createUpstreamList(sources, {
    readFile: () => FILE.text,
    lookupHost: () => Promise.reject(new Error('not expected')),
    isOwnAddress: (address) => address === '192.0.2.99',
    warn: (message) => void warnings.push(message),
    ...host,
  })
  return { list, warnings }
}

const addresses = ({ current }: UpstreamList) => current().map(upstreamToText)

test('R19 a resolv.conf file is read again when it changes', async () => {
  let text: string = FILE.text
  const { list, warnings } = listOf([FILE], { readFile: () => text })
  text = 'nameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver nope\n'
  expect(addresses(list)).toEqual(['192.0.2.1:53'])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(addresses(list)).toEqual(['192.0.2.2:53', '192.0.2.3:53'])
  expect(warnings).toEqual(['resolv.conf: line 3: nameserver "nope" is not an IP address and is ignored'])
  text = 'nameserver 192.0.2.4\n'
  list.refresh()
  expect(addresses(list)).toEqual(['192.0.2.4:53'])
  list.close()
  expect(vi.getTimerCount()).toBe(0)
})

test.each([
  ['is gone', undefined, 'cannot be read: gone'],
  ['is empty', '', 'names no server to forward to'],
  ['names nobody', 'search example\n', 'names no server to forward to'],
  ['names only this server', 'nameserver 192.0.2.99\n', 'names no server but this one itself'],
])(
  'R19 F32 a resolv.conf file that %s leaves what it said before, and one warning',
  async (_what, next, warning) => {
    let text: string | undefined = FILE.text
    const readFile = () => {
      if (text === undefined) throw new Error('gone')
      return text
    }
    const { list, warnings } = listOf([FILE], { readFile })
    text = next
    await vi.advanceTimersByTimeAsync(60_000)
    expect(addresses(list)).toEqual(['192.0.2.1:53'])
    expect(warnings).toEqual([`resolv.conf: ${warning}; what it said before is kept`])
    text = 'nameserver 192.0.2.7\n'
    await vi.advanceTimersByTimeAsync(5_000)
    expect(addresses(list)).toEqual(['192.0.2.7:53'])
  },
)

test('upstreams stand in the order of their sources, each once, fifteen at most', async () => {
  const many = Array.from({ length: 20 }, (_none, index) => `nameserver 192.0.2.${index}`).join('\n')
  const fixed = { kind: 'fixed', upstream: { address: '192.0.2.3', port: 53 } } as const
  const { list } = listOf([fixed, { ...FILE, text: many }])
  expect(addresses(list).slice(0, 3)).toEqual(['192.0.2.3:53', '192.0.2.0:53', '192.0.2.1:53'])
  expect(addresses(list)).toHaveLength(15)
  expect(list.known).toBeUndefined()
})

test('a host name is looked up at the start and again every 30 s; what was found is kept where nothing is', async () => {
  let found: string[] | undefined = ['192.0.2.1', '2001:db8::1']
  const asked: string[] = []
  const lookupHost = async (name: string) => {
    asked.push(name)
    if (found === undefined) throw new Error('ENOTFOUND')
    return found
  }
  const host = { hostName: 'dns.example', port: 853, tls: { serverName: undefined } }
  const { list, warnings } = listOf([{ kind: 'host', host }], { lookupHost })
  expect(addresses(list)).toEqual([])
  await list.known
  expect(addresses(list)).toEqual(['tls://192.0.2.1:853', 'tls://[2001:db8::1]:853'])
  expect(list.current()[0]?.tls).toEqual({ serverName: 'dns.example' })
  found = ['192.0.2.2']
  await vi.advanceTimersByTimeAsync(30_000)
  expect(addresses(list)).toEqual(['tls://192.0.2.2:853'])
  found = undefined
  await vi.advanceTimersByTimeAsync(90_000)
  expect(addresses(list)).toEqual(['tls://192.0.2.2:853'])
  expect(warnings).toEqual(['upstream dns.example is not found: ENOTFOUND'])
  expect(asked).toHaveLength(5)
  list.close()
  expect(vi.getTimerCount()).toBe(0)
})

test('a host name that is not found at first is looked up every 2 s until it is', async () => {
  let found: string[] = []
  const { list } = listOf([{ kind: 'host', host: { hostName: 'dns.example', port: 53 } }], {
    lookupHost: () => (found.length > 0 ? Promise.resolve(found) : Promise.reject(new Error('ENOTFOUND'))),
  })
  await list.known
  expect(addresses(list)).toEqual([])
  found = ['192.0.2.1']
  await vi.advanceTimersByTimeAsync(2_000)
  expect(addresses(list)).toEqual(['192.0.2.1:53'])
})
