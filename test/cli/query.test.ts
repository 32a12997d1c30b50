import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { query } from '../../src/cli/query.ts'
import type { Server } from '../../src/index.ts'
import { startServer } from '../../src/index.ts'
import { replyTo } from '../forward/reply-octets.ts'
import type { Behaviour } from '../helpers/scripted-upstream.ts'
import { closedPort, startScriptedUpstream } from '../helpers/scripted-upstream.ts'

/** Runs the command in this process and collects what it prints. */
async function run(
  ...argv: readonly string[]
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true))
  try {
    return { exitCode: await query(argv), stdout, stderr }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

const service = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec,
})

async function serve(): Promise<Server> {
  const addresses = Array.from({ length: 200 }, (_each, at) => ({ ip: `10.1.2.${at}` }))
  const server = await startServer({
    objects: [
      service('web', { clusterIP: '10.96.0.7', ports: [{ name: 'http', port: 80 }] }),
      service('many', { clusterIP: 'None' }),
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name: 'many', namespace: 'shop' },
        subsets: [{ addresses }],
      },
      service('alias', { type: 'ExternalName', externalName: 'www.example' }),
    ],
  })
  onTestFinished(() => server.close())
  return server
}

async function script(behaviour: Behaviour): Promise<string> {
  const upstream = await startScriptedUpstream(behaviour)
  onTestFinished(() => upstream.close())
  return `@127.0.0.1:${upstream.port}`
}

const steady = (text: string) =>
  text
    .replace(/id \d+/, 'id ID')
    .replace(/[\d.]+ ms/, 'MS ms')
    .replace(/#\d+/, '#PORT')

describe('query', () => {
  test('prints the reply in the manner of dig', async () => {
    const { port } = await serve()
    const { exitCode, stdout } = await run('web.shop.svc.cluster.local', `@127.0.0.1:${port}`)
    expect(exitCode).toBe(0)
    expect(steady(stdout)).toBe(
      [
        ';; NOERROR, id ID, flags: qr aa rd',
        ';; asked: web.shop.svc.cluster.local. A',
        ';; answer:',
        'web.shop.svc.cluster.local.\t5\tIN\tA\t10.96.0.7',
        ';; MS ms, 71 octets from 127.0.0.1#PORT (UDP)',
        '',
      ].join('\n'),
    )
  })

  test('says an Extended DNS Error in words, and a no is a reply: exit 0', async () => {
    const { port } = await serve()
    const { exitCode, stdout } = await run('nope.shop.svc.cluster.local', 'AAAA', `@127.0.0.1:${port}`)
    expect(exitCode).toBe(0)
    expect(stdout).toContain(';; NXDOMAIN,')
    expect(stdout).toContain(
      ';; authority:\ncluster.local.\t5\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local. ',
    )
    expect(stdout).toContain(';; why: no such service "nope" in namespace "shop" (Extended DNS Error 0)\n')
  })

  test('an address in place of a name asks for its reverse name', async () => {
    const { port } = await serve()
    const { stdout } = await run('10.96.0.7', '+short', `@127.0.0.1:${port}`)
    expect(stdout).toBe('web.shop.svc.cluster.local.\n')
  })

  test('+short prints the data alone, of every type', async () => {
    const { port } = await serve()
    const short = async (...words: readonly string[]) =>
      (await run(...words, '+short', `@127.0.0.1:${port}`)).stdout
    expect(await short('_http._tcp.web.shop.svc.cluster.local', 'SRV')).toBe(
      '0 100 80 web.shop.svc.cluster.local.\n',
    )
    expect(await short('dns-version.cluster.local', 'TXT')).toBe('"1.1.0"\n')
    expect(await short('alias.shop.svc.cluster.local', 'CNAME')).toBe('www.example.\n')
    expect(await short('cluster.local', 'NS')).toBe('ns.dns.cluster.local.\n')
    expect(await short('nope.shop.svc.cluster.local')).toBe('')
  })

  test('+json is a value for programs', async () => {
    const { port } = await serve()
    const { stdout } = await run('+json', 'nope.shop.svc.cluster.local', `@127.0.0.1:${port}`)
    expect(JSON.parse(stdout)).toMatchObject({
      rcode: 'NXDOMAIN',
      flags: ['qr', 'aa', 'rd'],
      question: [{ name: 'nope.shop.svc.cluster.local.', type: 'A' }],
      answer: [],
      authority: [{ owner: 'cluster.local.', ttlSeconds: 5, type: 'SOA' }],
      extendedErrors: [{ code: 0, text: 'no such service "nope" in namespace "shop"' }],
      server: { address: '127.0.0.1', port },
      transport: 'udp',
    })
  })

  test('a truncated reply is asked again over TCP; +tcp asks there at once', async () => {
    const { port } = await serve()
    const many = await run('many.shop.svc.cluster.local', `@127.0.0.1:${port}`)
    expect(many.stdout).toContain('(TCP)')
    expect(many.stdout.match(/\tIN\tA\t/g)).toHaveLength(200)
    const one = await run('web.shop.svc.cluster.local', '+tcp', `@127.0.0.1:${port}`)
    expect(one.stdout).toContain('(TCP)')
  })

  test('prints what it does not know as octets, and the root', async () => {
    const server = await script((asked) => [
      { do: 'send', octets: replyTo(asked, { answer: ['. 60 TYPE65280 \\# 0a0b'] }) },
    ])
    const { exitCode, stdout } = await run('.', 'TYPE65280', server)
    expect(exitCode).toBe(0)
    expect(stdout).toContain(';; asked: . TYPE65280\n;; answer:\n.\t60\tIN\tTYPE65280\t\\# 2 0a0b\n')
  })

  test('takes the reply with its id, not another', async () => {
    const server = await script((asked) => [
      { do: 'send', octets: replyTo(asked, { id: 1, rcode: 3 }) },
      { do: 'send', octets: Uint8Array.of(1, 2, 3) },
      { do: 'send', octets: replyTo(asked, { answer: ['x. 60 A 192.0.2.1'] }), afterMs: 20 },
    ])
    expect((await run('x', '+short', server)).stdout).toBe('192.0.2.1\n')
  })

  test('no reply: one line, exit 9', async () => {
    const port = await closedPort()
    for (const more of [[], ['+tcp']]) {
      const { exitCode, stdout, stderr } = await run('x', `@127.0.0.1:${port}`, ...more)
      expect([exitCode, stdout]).toEqual([9, ''])
      expect(stderr).toMatch(
        new RegExp(
          `^slicedns query: 127\\.0\\.0\\.1 port ${port}: .*ECONNREFUSED.*; is a server listening there\\?.*\\n$`,
        ),
      )
    }
  })

  test('a reply that is none: one line, exit 9', async () => {
    const server = await script((_asked, transport) =>
      transport === 'tcp' ? [{ do: 'sendRaw', octets: Uint8Array.of(0, 2, 1, 2) }] : [],
    )
    const { exitCode, stderr } = await run('x', '+tcp', server)
    expect(exitCode).toBe(9)
    expect(stderr).toContain('the reply is no DNS message')
    const closing = await script(() => [{ do: 'close' }])
    expect((await run('x', '+tcp', closing)).stderr).toContain(
      'the connection was closed before a reply came',
    )
  })

  test('a reply cut off within a record is printed as far as it goes', async () => {
    const server = await script((asked) => [
      {
        do: 'send',
        octets: replyTo(asked, { answer: ['x. 60 A 192.0.2.1', 'x. 60 A 192.0.2.2'] }).subarray(0, -2),
      },
    ])
    const { exitCode, stdout } = await run('x', server)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('192.0.2.1')
    expect(stdout).toContain(';; not understood: ')
  })

  test.for([
    [[], 'what is to be asked? slicedns query NAME [TYPE] [@server[:port]] [+tcp +short +json]'],
    [['x', 'AAAAA'], '"AAAAA" is no record type; did you mean "AAAA"?'],
    [['x', 'A', 'y'], '"y" is one word too many: slicedns query NAME'],
    [['x', '+shrt'], 'unknown word "+shrt"; did you mean "+short"?'],
    [['x', '-short'], '"-short" is no record type'],
    [['a..b'], '"a..b" is no domain name: labels hold 1 to 63 octets, a name 255'],
    [[String.raw`a\.b`], 'has an escaped character, which this client cannot send; use dig'],
    [
      ['x', '@dns.example'],
      '"@dns.example" is no server: write an address and port, as @127.0.0.1:1053 or @[::1]:53',
    ],
    [['x', '@127.0.0.1:99999'], '"@127.0.0.1:99999" is no server'],
    [['x', '@'], '"@" is no server'],
  ] as const)('%j: one line, exit 1', async ([argv, expected]) => {
    const { exitCode, stdout, stderr } = await run(...argv)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^slicedns query: [^\n]*\n$/)
    expect(stderr).toContain(expected)
  })
})
