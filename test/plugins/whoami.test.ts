import { describe, expect, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { whoami } from '../../src/plugins/whoami.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import { clientQuery } from '../forward/client-query.ts'
import { COREDNS, startCoredns } from '../helpers/coredns.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { chainOf, errorOf, setUp } from './plugin-harness.ts'

describe('whoami', () => {
  test('tells address, port and transport in the additional section', async () => {
    const client = { address: '2001:db8::1', port: 7, transport: 'tcp' } as const
    const reply = await chainOf(setUp(whoami, 'whoami'))({ ...clientQuery('Who.Example.'), client })
    expect(reply).toMatchObject({ rcode: 0, authoritativeAnswer: true, answer: [], authority: [] })
    expect(reply.additional).toMatchObject([
      { owner: 'Who.Example.', rrtype: 28, ttlSeconds: 0 },
      { owner: '_tcp.Who.Example.', rrtype: 33, rdatas: [{ port: 7, target: '.' }] },
    ])
  })

  test.for([
    [
      'whoami x',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:2:8: "whoami" takes no argument, not also "x"; write whoami',
    ],
    ['whoami {\n  x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:3: "whoami" takes no properties in braces'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(whoami, text)).toContain(expected)
  })
})

const corefile = (port: number) => `.:${port} {\n bind 127.0.0.1 ::1\n whoami\n}\n`

describe.skipIf(COREDNS === undefined)('whoami beside CoreDNS', () => {
  test.for([
    ['127.0.0.1', 'udp', 'Who.Example. A'],
    ['127.0.0.1', 'tcp', 'who.example. AAAA'],
    ['::1', 'udp', '. NS'],
    ['::1', 'tcp', String.raw`a\.b.example. TYPE65280`],
  ] as const)('says the same over %s %s of %s', async ([address, transport, question]) => {
    const coredns = await startCoredns(corefile)
    const server = await startServer({ corefileText: corefile(0) })
    const port = server.addresses.find((own) => own.address === address)?.port ?? 0
    const theirs = await askRaw({ address, port: coredns.port, transport }, question, { edns: false })
    const ours = await askRaw({ address, port, transport }, question, { edns: false })
    await server.close()
    expect(outline(ours)).toEqual(outline(theirs))
  })
})

/** Header and records, without the client's port. */
function outline(octets: Buffer): unknown {
  const { message } = parseMessage(octets)
  if (message === undefined) throw new Error('no message')
  const { questions, answer, authority, additional, ...header } = message
  const records = additional.map(
    ({ owner, rrtype, ttlSeconds, rdata }) =>
      `${owner} ${ttlSeconds} ${rrTypeToText(rrtype)} ${rdataToText(rdata).replace(/^0 0 \d+/, '0 0 PORT')}`,
  )
  return { header, questions, answer, authority, records }
}
