import { describe, expect, onTestFinished, test } from 'vitest'

import { planBlocks } from '../../src/cli/plan-blocks.ts'
import { corefileFromText } from '../../src/cli/read-corefile.ts'
import { startServer } from '../../src/index.ts'
import { composeExposition } from '../../src/metrics/exposition.ts'
import { view } from '../../src/plugins/view.ts'
import { clientQuery } from '../forward/client-query.ts'
import { COREDNS, startCoredns } from '../helpers/coredns.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { pairOf } from './beside-coredns.ts'
import { differences, questionsOf } from './differences-from-coredns.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

/** Whether a query for `www.example.` of type A from 10.1.2.3 over UDP meets the expression. */
function meets(expression: string): boolean | undefined {
  const { admits } = setUp(view, `view one {\n expr ${expression}\n}`)
  const client = { address: '10.1.2.3', port: 4711, transport: 'udp' } as const
  return admits?.({ ...clientQuery('WWW.example. A'), client })
}

describe('view', () => {
  test.for([
    ["type() == 'A'", true],
    ["type() != 'A'", false],
    ["type() in ['AAAA', 'A']", true],
    ["type() not in ['AAAA', 'A']", false],
    ["name() == 'www.example.' && class() == 'IN'", true],
    ["name() == 'x.' || proto() == 'udp'", true],
    ["name() == 'x.' or proto() == 'tcp'", false],
    ["not (name() == 'x.') and true", true],
    ['!do()', true],
    ["incidr(client_ip(), '10.0.0.0/8')", true],
    ["incidr(client_ip(), '11.0.0.0/8')", false],
    ["incidr(client_ip(), 'nonsense')", false],
    ["client_ip() == '10.1.2.3' && port() == '4711'", true],
    ["server_ip() == '127.0.0.1' && server_port() == '53'", true],
    ['size() == 40 && bufsize() >= 1232 && id() > 0 && id() < 2 && opcode() <= 0', true],
    [String.raw`name() matches '^www\\.[a-z]+\\.$'`, true],
    ["name() matches '^x'", false],
    ["name() contains 'exam' and name() startsWith 'www' and name() endsWith '.'", true],
    ['"name() == \'www.example.\'"', true],
    ['name()', false],
    ['!name()', true],
  ] as const)('%s is %s', ([expression, expected]) => {
    expect(meets(expression)).toBe(expected)
  })

  test('metadata() is what the block tells of the query, empty where it tells nothing', () => {
    const text = "view one {\n expr metadata('a/b') == 'www.example.' && metadata('c/d') == ''\n}"
    const { admits } = setUp(view, text, undefined, {
      metadata: () => (query, label) => (label === 'a/b' ? query.lowerName : undefined),
    })
    expect(admits?.(clientQuery('www.example. A'))).toBe(true)
    expect(admits?.(clientQuery('x.example. A'))).toBe(false)
  })

  test('tells its name, and nothing else', () => {
    const { metadataSource } = setUp(view, 'view one')
    expect(metadataSource?.(clientQuery('x.'), 'view/name')).toBe('one')
    expect(metadataSource?.(clientQuery('x.'), 'view/other')).toBeUndefined()
  })

  test('every expression must be true', () => {
    const { admits } = setUp(view, "view one {\n expr type() == 'A'\n expr proto() == 'tcp'\n}")
    expect(admits?.(clientQuery('www.example. A'))).toBe(false)
  })

  test.for([
    ["type( == 'A'", 'has "==", which is not known here'],
    ['type', 'lacks parentheses behind "type"'],
    ["type('A')", 'gives type() 1 arguments; it takes 0'],
    ["nonsense() == 'A'", 'has "nonsense", which is not known here'],
    ["metadata() == 'A'", 'gives metadata() 0 arguments; it takes 1'],
    ["type() == 'A", `has "'A", which is not known here`],
    ["type() == 'A' type()", 'has "type" where it could end'],
    ['type() in [', 'ends too early'],
    ["(type() == 'A'", 'lacks ")"'],
    ["incidr(client_ip() '10.0.0.0/8')", 'lacks a comma or ")"'],
    ['name() matches type()', 'needs a pattern in quotes behind "matches"'],
    ["name() matches '('", 'has a "(" without its ")"'],
    ['name() not', 'has "not" without an operator behind it'],
    [`${'('.repeat(60)}true${')'.repeat(60)}`, 'has more than 50 parts within each other'],
  ] as const)('%s is an error', ([expression, expected]) => {
    const text = errorOf(view, `view one {\n expr ${expression}\n}`)
    expect(text).toContain('SLICEDNS_CONFIG_EXPRESSION Corefile:3:7: the expression')
    expect(text).toContain(expected)
  })

  test.for([
    ['view', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:1:'],
    ['view one {\n expr\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:2:'],
    ['view one {\n nonsense\n}', 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2:'],
    ['view one\nview two', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1:'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(view, text)).toContain(expected)
  })
})

/** Blocks of one zone that take what their view admits, and one that takes the rest. */
const corefile = (port: number): string =>
  [
    ['type() == "AAAA"', 'fd00::1 www.example'],
    ["incidr(client_ip(), '10.0.0.0/8')", '10.0.0.1 www.example'],
    [String.raw`name() matches '^a\\.'`, '10.0.0.2 a.example'],
    [undefined, '10.0.0.3 www.example a.example'],
  ]
    .map(([expression, line], index) => {
      const condition =
        expression === undefined ? '' : `view v${index} {\n expr ${expression.replaceAll('"', "'")}\n }`
      return `.:${port} {\n bind 127.0.0.1\n ${condition}\n hosts /none {\n  ${line}\n }\n}\n`
    })
    .join('') + `sub.example:${port} {\n bind 127.0.0.1\n view none {\n expr false\n }\n whoami\n}\n`

const cachingBlock = (directive: string) => `.:53 {\n prometheus\n cache\n ${directive}\n whoami\n}\n`

describe('server blocks with views', () => {
  test('are told apart by the label view of their metrics, and keep caches of their own', () => {
    const keys: string[] = []
    const host = testHost({ caches: { get: (key, create) => (keys.push(key), create()) } })
    const text = ['view one {\n expr false\n }', 'view two {\n expr false\n }', ''].map(cachingBlock).join('')
    const { enabledDirectives } = planBlocks(corefileFromText(text, 'Corefile'), 53, host)
    const views = enabledDirectives.filter(({ name }) => name === 'whoami').map(({ view: name }) => name)
    expect(views).toEqual(['one', 'two', ''])
    const exposed = composeExposition(host.metrics.families())
    for (const name of ['one', 'two', ''])
      expect(exposed).toContain(`coredns_cache_requests_total{server="dns://:53",zones=".",view="${name}"} 0`)
    expect(new Set(keys).size).toBe(3)
  })

  test('take what they admit, in their order; what none of a zone admits goes to a shorter zone', async () => {
    const server = await startServer({ corefileText: corefile(0) })
    onTestFinished(() => server.close())
    const client = dnsClient(server.port)
    expect((await client.ask('www.example AAAA')).answer).toEqual(['www.example. 3600 IN AAAA fd00::1'])
    expect((await client.ask('www.example A')).answer).toEqual(['www.example. 3600 IN A 10.0.0.3'])
    expect((await client.ask('a.example A')).answer).toEqual(['a.example. 3600 IN A 10.0.0.2'])
    expect((await client.ask('x.sub.example A')).rcode).toBe('SERVFAIL')
  })

  test.skipIf(COREDNS === undefined)('are chosen as CoreDNS chooses them', async () => {
    const coredns = await startCoredns(corefile)
    const server = await startServer({ corefileText: corefile(0) })
    onTestFinished(() => server.close())
    const pair = pairOf({ ours: server.port, theirs: coredns.port })
    const questions = questionsOf(['www.example.', 'A.example.', 'x.sub.example.'], ['A', 'AAAA', 'TXT'])
    expect(
      await differences(pair, questions, { normalize: ({ rcode, answer }) => ({ rcode, answer }) }),
    ).toEqual([])
  })
})
