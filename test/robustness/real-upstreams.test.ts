import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { rcodeToText } from '../../src/wire/rcode.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import type { DnsClient } from '../helpers/dns-client.ts'
import { hasRealUpstreams, startNsd, startUnbound } from '../helpers/real-upstreams.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { makeCertificate } from '../helpers/test-certificates.ts'

const ZONE = `$ORIGIN zone.test.
$TTL 300
@ SOA ns mail 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
www A 192.0.2.1
www A 192.0.2.2
www AAAA 2001:db8::1
alias CNAME www
far CNAME www.local.test.
lost CNAME gone
loop CNAME pool
pool CNAME loop
*.wild A 192.0.2.7
_http._tcp SRV 0 5 80 www
mx MX 10 www
large TXT ${Array.from({ length: 12 }, (_none, index) => `"${String(index).repeat(200).slice(0, 200)}"`).join(' ')}
old DNAME wild
brief 0 A 192.0.2.9
${Array.from({ length: 11 }, (_none, index) => `c${index} CNAME c${index + 1}`).join('\n')}
c11 A 192.0.2.11
`

const QUESTIONS = [
  'www.zone.test A',
  'www.zone.test AAAA',
  'www.zone.test TXT',
  'alias.zone.test A',
  'alias.zone.test CNAME',
  'alias.zone.test TXT',
  'lost.zone.test A',
  'none.zone.test A',
  'a.wild.zone.test A',
  'wild.zone.test A',
  '_http._tcp.zone.test SRV',
  'mx.zone.test MX',
  'large.zone.test TXT',
  'x.old.zone.test A',
  'c0.zone.test A',
  'brief.zone.test A',
  'zone.test SOA',
  'zone.test NS',
]

async function serve(directives: string): Promise<DnsClient> {
  const server = await startServer({ corefileText: `. {\n bind 127.0.0.1\n${directives}\n}\n` })
  onTestFinished(() => server.close())
  return dnsClient(server.port)
}

/** RCODE and answer without TTLs, which count down in every cache on the way. */
async function said({ port }: DnsClient, question: string): Promise<string> {
  const octets = await askRaw({ address: '127.0.0.1', port, transport: 'tcp' }, question)
  const parsed = parseMessage(octets)
  if (!parsed.ok) throw new Error(`malformed: ${parsed.where}`)
  const lines = parsed.message.answer.map(
    ({ owner, rrtype, rdata }) => `${owner} ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`,
  )
  return [rcodeToText(parsed.message.rcode), ...lines.toSorted()].join('\n')
}

describe.skipIf(!hasRealUpstreams)('in front of Unbound and NSD', () => {
  test('F16 F20 what Unbound says is what clients get, over UDP, TCP and TLS, asked and from the cache', async () => {
    const nsd = await startNsd(ZONE)
    const certificate = makeCertificate({ name: 'dns.example' })
    const tlsPort = await closedPort()
    const unbound = await startUnbound({ zonePort: nsd.port, tls: { certificate, port: tlsPort } })
    const ca = `${tempFolder({ 'ca.pem': certificate.ca })}/ca.pem`
    const clients = [
      await serve(`forward . 127.0.0.1:${unbound.port}`),
      await serve(`forward . 127.0.0.1:${unbound.port} {\n force_tcp\n}`),
      await serve(`forward . tls://127.0.0.1:${tlsPort} {\n tls ${ca}\n tls_servername dns.example\n}`),
      await serve(`cache\nforward . 127.0.0.1:${unbound.port}`),
    ]
    const direct = dnsClient(unbound.port)
    const questions = [...QUESTIONS, 'www.local.test A', 'none.local.test A']
    for (const question of [...questions, ...questions]) {
      const expected = await said(direct, question)
      const outcomes = await Promise.all(clients.map((client) => said(client, question)))
      expect(outcomes, question).toEqual(clients.map(() => expected))
    }
  })

  test('what NSD says as an authority is passed on without AA; a chain that leaves its zone ends there', async () => {
    const nsd = await startNsd(ZONE)
    const client = await serve(`cache\nforward . 127.0.0.1:${nsd.port}`)
    const direct = dnsClient(nsd.port)
    for (const question of [...QUESTIONS, ...QUESTIONS]) {
      expect(await said(client, question), question).toBe(await said(direct, question))
    }
    expect((await client.ask('www.zone.test A')).packet.header.aa).toBe(0)
    expect((await client.ask('www.zone.test A')).packet.header.aa).toBe(0)
    expect((await client.ask('far.zone.test A')).answer).toHaveLength(1)
    const loop = await client.ask('loop.zone.test A')
    expect([loop.rcode, loop.answer.length]).toEqual(['SERVFAIL', 2])
  })

  test('F10 F40 Unbound is killed and comes back: the other one answers meanwhile, and then both', async () => {
    const nsd = await startNsd(ZONE)
    const [one, two] = [
      await startUnbound({ zonePort: nsd.port }),
      await startUnbound({ zonePort: nsd.port }),
    ]
    const upstreams = `127.0.0.1:${one.port} 127.0.0.1:${two.port}`
    const client = await serve(
      `forward . ${upstreams} {\n policy sequential\n health_check 100ms\n force_tcp\n}`,
    )
    const ask = async () => (await client.ask('www.zone.test')).rcode
    expect(await ask()).toBe('NOERROR')
    await one.stop()
    for (let round = 0; round < 20; round++) expect(await ask()).toBe('NOERROR')
    await two.stop()
    expect(await ask()).toBe('SERVFAIL')
    await startUnbound({ zonePort: nsd.port, port: one.port })
    await expect.poll(ask, { timeout: 5_000 }).toBe('NOERROR')
  })
})

test.skipIf(hasRealUpstreams)('not run: Unbound and NSD are not installed', () => {
  expect(hasRealUpstreams).toBe(false)
})
