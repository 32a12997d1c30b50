import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { loadZone } from '../../src/zone/load-zone.ts'
import { parseZoneFile } from '../../src/zone/zone-file/parse-zone-file.ts'
import { zoneNamesFromList } from '../../src/zone/zone-list.ts'
import { ROOT } from '../helpers/source-tree.ts'
import { name } from '../wire/packet.ts'
import { ask, lines, problemLine } from '../zone/ask-zone.ts'

const read = (path: string) => readFileSync(join(ROOT, 'zones', path), 'utf8')

/** A file of zones/ as the zone `origin`: it must have neither errors nor warnings. */
function shipped(path: string, origin: string) {
  const { zone, problems } = loadZone(read(path), { file: path, origin: name(origin) })
  expect(problems.map(problemLine)).toEqual([])
  if (zone === undefined) throw new Error(`${path} is no zone`)
  return zone
}

const LISTS = ['local/locally-served.txt', 'local/special-use.txt']
const LOOPBACK = `1.${'0.'.repeat(31)}ip6.arpa.`

/** `16.172.in-addr.arpa.` and those that follow it. */
function range(from: number, to: number, tail: string): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}.${tail}`)
}

describe('every file in zones/', () => {
  const files = ['', 'local/'].flatMap((folder) =>
    readdirSync(join(ROOT, 'zones', folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => folder + entry.name),
  )

  test.each(files.filter((file) => file.endsWith('.zone')))('%s parses without a problem', (path) => {
    const { records, problems } = parseZoneFile(read(path), { file: path, origin: name('any.test.') })
    expect(problems.map(problemLine)).toEqual([])
    expect(records.length).toBeGreaterThan(1)
  })

  test('is told of in its README', () => {
    expect(
      files.filter((file) => file !== 'README.md' && !read('README.md').includes(`\`${file}\``)),
    ).toEqual([])
  })

  test.each(LISTS)('%s has one name to a line, each once', (path) => {
    const rows = read(path)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(';'))
    expect(zoneNamesFromList(read(path))).toEqual(rows)
    expect(new Set(rows).size).toBe(rows.length)
    expect(rows).toEqual(rows.map((row) => row.toLowerCase()))
  })
})

describe('the locally served zones', () => {
  const names = LISTS.flatMap((path) => zoneNamesFromList(read(path)))

  test.each(names.filter((origin) => !/^\d+\.100\./.test(origin)))(
    '%s exists and holds nothing',
    (origin) => {
      const zone = shipped('local/empty.zone', origin)
      expect(lines(ask(zone, `${origin} NS`).answer)).toEqual([`${origin} 10800 IN NS ${origin}`])
      expect(ask(zone, `${origin} A`).kind).toBe('nodata')
      const { kind, authority } = ask(zone, `a.b.${origin} PTR`)
      expect([kind, lines(authority)]).toEqual([
        'nxdomain',
        [`${origin} 10800 IN SOA ${origin} nobody.invalid. 1 3600 1200 604800 10800`],
      ])
    },
  )

  test('are those of RFC 6303, 7793 and 8375', () => {
    expect(zoneNamesFromList(read('local/locally-served.txt')).toSorted()).toEqual(
      [
        '10.in-addr.arpa.',
        ...range(16, 31, '172.in-addr.arpa.'),
        '168.192.in-addr.arpa.',
        '0.in-addr.arpa.',
        '254.169.in-addr.arpa.',
        '2.0.192.in-addr.arpa.',
        '100.51.198.in-addr.arpa.',
        '113.0.203.in-addr.arpa.',
        '255.255.255.255.in-addr.arpa.',
        `${'0.'.repeat(32)}ip6.arpa.`,
        'd.f.ip6.arpa.',
        ...['8', '9', 'a', 'b'].map((nibble) => `${nibble}.e.f.ip6.arpa.`),
        '8.b.d.0.1.0.0.2.ip6.arpa.',
        ...range(64, 127, '100.in-addr.arpa.'),
        'home.arpa.',
      ].toSorted(),
    )
  })

  test('localhost. and all names below it are this host (RFC 6761 6.3)', () => {
    const zone = shipped('local/localhost.zone', 'localhost.')
    for (const owner of ['localhost.', 'a.b.localhost.']) {
      expect(lines(ask(zone, `${owner} A`).answer)).toEqual([`${owner} 604800 IN A 127.0.0.1`])
      expect(lines(ask(zone, `${owner} AAAA`).answer)).toEqual([`${owner} 604800 IN AAAA ::1`])
      expect(ask(zone, `${owner} MX`).kind).toBe('nodata')
    }
  })

  test('127.0.0.1 and ::1 are localhost.', () => {
    const four = shipped('local/127.in-addr.arpa.zone', '127.in-addr.arpa.')
    expect(lines(ask(four, '1.0.0.127.in-addr.arpa. PTR').answer)).toEqual([
      '1.0.0.127.in-addr.arpa. 604800 IN PTR localhost.',
    ])
    expect(ask(four, '2.0.0.127.in-addr.arpa. PTR').kind).toBe('nxdomain')
    const six = shipped('local/loopback.ip6.arpa.zone', LOOPBACK)
    expect(lines(ask(six, `${LOOPBACK} PTR`).answer)).toEqual([`${LOOPBACK} 604800 IN PTR localhost.`])
  })
})

describe('the example', () => {
  const zone = shipped('example.org.zone', 'example.org.')

  test.each([
    [
      'www.example.org. A',
      ['www.example.org. 3600 IN CNAME example.org.', 'example.org. 3600 IN A 192.0.2.80'],
    ],
    [
      'blog.example.org. AAAA',
      [
        'blog.example.org. 3600 IN CNAME www.example.org.',
        'www.example.org. 3600 IN CNAME example.org.',
        'example.org. 3600 IN AAAA 2001:db8::80',
      ],
    ],
    ['x.y.apps.example.org. A', ['x.y.apps.example.org. 3600 IN A 192.0.2.90']],
    ['admin.apps.example.org. A', ['admin.apps.example.org. 3600 IN A 192.0.2.91']],
    [
      'host.old.example.org. A',
      [
        'old.example.org. 3600 IN DNAME new.example.org.',
        'host.old.example.org. 3600 IN CNAME host.new.example.org.',
        'host.new.example.org. 3600 IN A 192.0.2.100',
      ],
    ],
    ['dhcp-017.example.org. A', ['dhcp-017.example.org. 3600 IN A 192.0.2.17']],
    ['docs.example.org. A', ['docs.example.org. 60 IN CNAME pages.example.net.']],
    ['example.org. HTTPS', ['example.org. 3600 IN HTTPS 1 . alpn=h2,h3']],
    ['example.org. CAA', ['example.org. 3600 IN CAA 0 issue "ca.example.net"']],
    ['unknown.example.org. TYPE65280', [String.raw`unknown.example.org. 3600 IN TYPE65280 \# 4 0a000001`]],
  ])('answers %s', (question, expected) => {
    expect(lines(ask(zone, question).answer)).toEqual(expected)
  })

  test.each([
    ['x.sub.example.org. A', 'referral'],
    ['apps.example.org. A', 'nodata'],
    ['x.admin.apps.example.org. A', 'nxdomain'],
    ['dhcp-020.example.org. A', 'nxdomain'],
  ])('answers %s with %s', (question, kind) => {
    expect(ask(zone, question).kind).toBe(kind)
  })
})
