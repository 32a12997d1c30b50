import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { families } from '../../src/plugins/families.ts'
import type { Reply } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { chainOf, errorOf, setUp } from './plugin-harness.ts'

const FORWARDED: Reply = { rcode: 3, authoritativeAnswer: false, answer: [], authority: [], additional: [] }

describe('families', () => {
  test.for([
    ['ipv4', 'A', false],
    ['ipv4', 'AAAA', true],
    ['ipv4', 'HTTPS', false],
    ['ipv4', 'ANY', false],
    ['ipv6', 'A', true],
    ['ipv6', 'AAAA', false],
  ] as const)('%s: %s is answered empty: %s', async ([family, type, isEmpty]) => {
    const chain = chainOf(setUp(families, `families ${family}`), FORWARDED)
    const reply = await chain(clientQuery(`www.example. ${type}`))
    if (!isEmpty) expect(reply).toBe(FORWARDED)
    else {
      expect(reply).toMatchObject({ rcode: 0, answer: [], authority: [] })
      expect(reply.extendedError?.text).toContain(`(families ${family})`)
    }
  })

  test('leaves names of our own alone, and ends a chain that leads outside', async () => {
    const server = await startServer({
      corefileText: `.:0 {
        bind 127.0.0.1
        hosts {
          fd00::1 own.example
          fallthrough
        }
        template IN AAAA alias.example {
          answer "{{ .Name }} 60 IN CNAME www.example."
        }
        families ipv4
        whoami
      }`,
    })
    onTestFinished(() => server.close())
    const client = dnsClient(server.port)
    expect((await client.ask('own.example AAAA')).answer).toEqual(['own.example. 3600 IN AAAA fd00::1'])
    const { rcode, answer } = await client.ask('alias.example AAAA')
    expect([rcode, answer]).toEqual(['NOERROR', ['alias.example. 60 IN CNAME www.example.']])
    expect((await client.ask('www.example A')).additional).not.toEqual([])
    expect((await client.ask('www.example AAAA')).additional).toEqual([])
  })

  test.for([
    ['families', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:1:'],
    ['families ipv5', 'SLICEDNS_CONFIG_VALUE Corefile:2:10: "ipv5" is not one of "ipv4", "ipv6"'],
    ['families ipv4\nfamilies ipv6', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1:'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(families, text)).toContain(expected)
  })
})
