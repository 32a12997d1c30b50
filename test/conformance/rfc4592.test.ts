// RFC 4592, The Role of Wildcards in the Domain Name System: the example of section 2.2.1 and what the RFC says of it.
import { describe, expect, test } from 'vitest'

import { ask, lines, zoneOf } from '../zone/ask-zone.ts'

const zone = zoneOf(`
$ORIGIN example.
example.                 3600 IN  SOA   ns.example.com. hostmaster.example.com. 1 7200 1800 86400 300
example.                 3600     NS    ns.example.com.
example.                 3600     NS    ns.example.net.
*.example.               3600     TXT   "this is a wildcard"
*.example.               3600     MX    10 host1.example.
sub.*.example.           3600     TXT   "this is not a wildcard"
host1.example.           3600     A     192.0.2.1
_ssh._tcp.host1.example. 3600     SRV   0 0 22 host1.example.
_ssh._tcp.host2.example. 3600     SRV   0 0 22 host2.example.
subdel.example.          3600     NS    ns.example.com.
subdel.example.          3600     NS    ns.example.net.
`)

describe('section 2.2.1: responses that are synthesized from the wildcard', () => {
  test('host3.example. MX: the answer is host3.example. MX', () => {
    const { kind, answer } = ask(zone, 'host3.example. MX')
    expect([kind, lines(answer)]).toEqual(['positive', ['host3.example. 3600 IN MX 10 host1.example.']])
  })

  test('host3.example. A: the answer is no error, no data', () => {
    expect(ask(zone, 'host3.example. A')).toMatchObject({ kind: 'nodata', answer: [] })
  })

  test('foo.bar.example. TXT: bar.example. does not exist, but the wildcard does', () => {
    expect(lines(ask(zone, 'foo.bar.example. TXT').answer)).toEqual([
      'foo.bar.example. 3600 IN TXT "this is a wildcard"',
    ])
  })
})

describe('section 2.2.1: responses that are not synthesized from any wildcard', () => {
  test('host1.example. MX: because host1.example. exists', () => {
    expect(ask(zone, 'host1.example. MX')).toMatchObject({ kind: 'nodata', answer: [] })
  })

  test('sub.*.example. MX: because sub.*.example. exists', () => {
    expect(ask(zone, 'sub.*.example. MX')).toMatchObject({ kind: 'nodata', answer: [] })
  })

  test('_telnet._tcp.host1.example. SRV: because _tcp.host1.example. exists, without data', () => {
    expect(ask(zone, '_telnet._tcp.host1.example. SRV')).toMatchObject({ kind: 'nxdomain', answer: [] })
  })

  test('host.subdel.example. A: because subdel.example. exists and is a zone cut', () => {
    const { kind, answer, authority } = ask(zone, 'host.subdel.example. A')
    expect([kind, answer]).toEqual(['referral', []])
    expect(lines(authority)).toEqual([
      'subdel.example. 3600 IN NS ns.example.com.',
      'subdel.example. 3600 IN NS ns.example.net.',
    ])
  })

  test('ghost.*.example. MX: because *.example. exists', () => {
    expect(ask(zone, 'ghost.*.example. MX')).toMatchObject({ kind: 'nxdomain', answer: [] })
  })
})

describe('section 2.2.2: empty non-terminals', () => {
  test.each(['_tcp.host1.example.', '_tcp.host2.example.', 'host2.example.'])(
    '%s exists and holds nothing',
    (name) => {
      expect(ask(zone, `${name} A`).kind).toBe('nodata')
      expect(ask(zone, `${name} TXT`).kind).toBe('nodata')
    },
  )
})

test('section 2.3: a wildcard is asked for by its own name like any other', () => {
  expect(lines(ask(zone, '*.example. TXT').answer)).toEqual(['*.example. 3600 IN TXT "this is a wildcard"'])
})

describe('section 3.3.1: the source of synthesis is the wildcard at the closest encloser', () => {
  // The RFC's table: query name, closest encloser; TXT is at the one source that exists.
  test.each([
    ['host3.example.', 'example.', 'positive'],
    ['_telnet._tcp.host1.example.', '_tcp.host1.example.', 'nxdomain'],
    ['_dns._udp.host2.example.', 'host2.example.', 'nxdomain'],
    ['_telnet._tcp.host3.example.', 'example.', 'positive'],
    ['_chat._udp.host3.example.', 'example.', 'positive'],
    ['foobar.*.example.', '*.example.', 'nxdomain'],
  ])('%s: below %s, %s', (name, closestEncloser, kind) => {
    const { kind: found, reason } = ask(zone, `${name} TXT`)
    expect(found).toBe(kind)
    if (found === 'nxdomain') expect(reason.text).toContain(`exists above it is ${closestEncloser}`)
  })
})

describe('section 4: types at a wildcard', () => {
  const head = '@ 60 SOA ns.test. hostmaster 1 2 3 4 5\n@ 60 NS ns.test.\n'

  test('4.3 CNAME: the chain goes on with the target, the owner being the name asked', () => {
    const { kind, answer } = ask(zoneOf(`${head}*.w 60 CNAME a\na 60 A 192.0.2.1`), 'x.y.w.example. A')
    expect([kind, lines(answer)]).toEqual([
      'positive',
      ['x.y.w.example. 60 IN CNAME a.example.', 'a.example. 60 IN A 192.0.2.1'],
    ])
  })

  test('4.3 CNAME: a chain that comes back to names of the same wildcard ends', () => {
    expect(ask(zoneOf(`${head}*.w 60 CNAME a.w`), 'x.w.example. A').kind).toBe('failure')
  })

  test('4.9 an empty non-terminal wildcard: no error, no data', () => {
    expect(ask(zoneOf(`${head}sub.*.w 60 TXT x`), 'x.w.example. TXT').kind).toBe('nodata')
  })

  test('RFC 8020: nothing is below a name that does not exist, and the wildcard of a name covers all that do not', () => {
    const zoneOfOne = zoneOf(`${head}*.w 60 TXT x\na.w 60 A 192.0.2.1`)
    expect(ask(zoneOfOne, 'b.a.w.example. TXT').kind).toBe('nxdomain')
    expect(ask(zoneOfOne, 'c.b.w.example. TXT').kind).toBe('positive')
  })
})
