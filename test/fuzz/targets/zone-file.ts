import { loadZone } from '../../../src/zone/load-zone.ts'
import { composeZoneFile } from '../../../src/zone/zone-file/compose-zone-file.ts'
import { asDomainName } from '../../../src/wire/name.ts'
import { FILE_RUN_MS, insist, words } from '../target.ts'
import type { FuzzTarget } from '../target.ts'

const ORIGIN = asDomainName('example.org.')

/** A zone file: a zone that reads back as itself, or problems that say where and what. */
export const zoneFileTarget: FuzzTarget = {
  name: 'zone-file',
  seedForm: 'txt',
  maxOctets: 4_096,
  maxRunMs: FILE_RUN_MS,
  dictionary: [
    ...words(
      '@',
      '(',
      ')',
      ';',
      '"',
      '\\',
      '\\000',
      '\\.',
      '*',
      '.',
      '\n',
      '\r\n',
      '\t',
      ' ',
      '\0',
      '\xff',
      '\\# 4 0a000001',
      '\\# 0',
    ),
    ...words(
      '$ORIGIN a.',
      '$TTL 1h',
      '$INCLUDE x',
      '$GENERATE 1-5 h$ A 192.0.2.$',
      '${1,3,x}',
      '${0,0,n}',
      '$$',
      '1w2d3h4m5s',
      '2147483648',
    ),
    ...words(
      ' IN ',
      ' CH ',
      ' A 192.0.2.1\n',
      ' AAAA ::1\n',
      ' CNAME x\n',
      ' DNAME y\n',
      ' NS ns\n',
      ' MX 10 m\n',
      ' TXT "a" b\n',
      ' SRV 0 0 1 t\n',
    ),
    ...words(
      ' SOA a b 1 2 3 4 5\n',
      ' PTR p\n',
      ' CAA 0 issue "x"\n',
      ' HTTPS 1 . alpn=h2\n',
      ' NAPTR 1 1 "" "" "" .\n',
      ' TYPE1000 \\# 1 00\n',
      ' TLSA 3 1 1 00\n',
    ),
  ],
  run: (octets) => {
    const text = Buffer.from(octets).toString('utf8')
    const { zone, problems } = load(text)
    for (const { message, position } of problems) {
      insist(message !== '' && message.length < 1_000, 'a problem without words, or with too many')
      insist(position.line >= 1 && position.column >= 1, 'a problem without a place')
    }
    if (zone === undefined) {
      insist(
        problems.some(({ severity }) => severity === 'error'),
        'no zone, and nothing is said to be wrong',
      )
      return problems.map(({ code }) => code).join()
    }
    const composed = composeZoneFile(zone)
    const again = load(composed)
    insist(again.zone !== undefined, 'the zone that was composed does not load')
    insist(composeZoneFile(again.zone) === composed, 'the zone is another after composing and loading')
    return `${zone.nodes.size} names ${problems.length} problems`
  },
}

function load(text: string) {
  return loadZone(text, {
    file: 'zone',
    origin: ORIGIN,
    maxRecords: 10_000,
    readFile: (path) =>
      path === 'x' ? { file: 'x', text: 'included A 192.0.2.9\n' } : { reason: 'there is no such file' },
  })
}
