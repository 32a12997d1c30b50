import * as fc from 'fast-check'
import { ROOT, escapeLabel, nameFromLabels } from '../../src/wire/name.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import type { OptRecord } from '../../src/wire/edns.ts'
import type { Message } from '../../src/wire/message.ts'
import type { DomainName } from '../../src/wire/name.ts'
import type { Rdata } from '../../src/wire/rdata.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'

const uint8 = fc.integer({ min: 0, max: 0xff })
const uint16 = fc.integer({ min: 0, max: 0xffff })
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const latin1 = (most: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength: most }).map((octets) => Buffer.from(octets).toString('latin1'))

/** Values that one key or other takes: a protocol id, a port, an IPv4 and an IPv6 address, no value, a key. */
const SVC_VALUES = [
  '\u0002h2',
  '\u0002,\\\u0002h3',
  '\u0001\u00bb',
  '\u00c0\u0000\u0002\u0001',
  '\u0000'.repeat(16),
  '',
  '\u0000\u0001',
]

const anyOctets = fc.uint8Array({ maxLength: 70 })

/** SvcParams with the known keys as their values want them and otherwise, in order or not, and octets that are none. */
const anySvcParams = fc.oneof(
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.oneof(latin1(20), fc.constantFrom(...SVC_VALUES))), {
      maxLength: 5,
    })
    .chain((params) =>
      fc.constantFrom(
        params,
        params.toSorted(([one], [other]) => one - other),
      ),
    )
    .map((params) => Buffer.concat(params.map(([key, value]) => svcParam(key, value))))
    .map((octets) => Uint8Array.from(octets)),
  anyOctets,
)

function svcParam(key: number, value: string): Buffer {
  return Buffer.from([0, key, 0, value.length, ...Buffer.from(value, 'latin1')])
}

/** Labels of any octets, and plain ones that repeat, so that suffixes are shared. */
const label = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a', 'A', 'svc', 'web', 'cluster', 'local', '_tcp', 'x'.repeat(63)),
  },
  {
    weight: 1,
    arbitrary: latin1(20)
      .filter((octets) => octets !== '')
      .map(escapeLabel),
  },
)

export const anyName: fc.Arbitrary<DomainName> = fc
  .array(label, { maxLength: 8 })
  .map((labels) => nameFromLabels(labels) ?? ROOT)

/** Rdata and its type. */
export const anyTypedRdata: fc.Arbitrary<{ readonly rrtype: number; readonly rdata: Rdata }> = fc.oneof(
  typed(RrType.A, fc.record({ kind: fc.constant('A' as const), address: uint32 })),
  typed(
    RrType.AAAA,
    fc.record({ kind: fc.constant('AAAA' as const), address: fc.bigInt(0n, (1n << 128n) - 1n) }),
  ),
  typed(RrType.NS, fc.record({ kind: fc.constant('NS' as const), target: anyName })),
  typed(RrType.CNAME, fc.record({ kind: fc.constant('CNAME' as const), target: anyName })),
  typed(RrType.PTR, fc.record({ kind: fc.constant('PTR' as const), target: anyName })),
  typed(
    RrType.SOA,
    fc.record({
      kind: fc.constant('SOA' as const),
      mname: anyName,
      rname: anyName,
      serial: uint32,
      refresh: uint32,
      retry: uint32,
      expire: uint32,
      minimum: uint32,
    }),
  ),
  typed(RrType.MX, fc.record({ kind: fc.constant('MX' as const), preference: uint16, exchange: anyName })),
  typed(
    RrType.TXT,
    fc.record({
      kind: fc.constant('TXT' as const),
      strings: fc.array(latin1(255), { minLength: 1, maxLength: 4 }),
    }),
  ),
  typed(
    RrType.SRV,
    fc.record({
      kind: fc.constant('SRV' as const),
      priority: uint16,
      weight: uint16,
      port: uint16,
      target: anyName,
    }),
  ),
  typed(RrType.HINFO, fc.record({ kind: fc.constant('HINFO' as const), cpu: latin1(255), os: latin1(255) })),
  typed(RrType.DNAME, fc.record({ kind: fc.constant('DNAME' as const), target: anyName })),
  typed(
    RrType.NAPTR,
    fc.record({
      kind: fc.constant('NAPTR' as const),
      order: uint16,
      preference: uint16,
      flags: latin1(255),
      services: latin1(255),
      regexp: latin1(255),
      replacement: anyName,
    }),
  ),
  typed(
    RrType.DS,
    fc.record({
      kind: fc.constant('DS' as const),
      keyTag: uint16,
      algorithm: uint8,
      digestType: uint8,
      digest: anyOctets,
    }),
  ),
  typed(
    RrType.SSHFP,
    fc.record({
      kind: fc.constant('SSHFP' as const),
      algorithm: uint8,
      fingerprintType: uint8,
      fingerprint: anyOctets,
    }),
  ),
  typed(
    RrType.TLSA,
    fc.record({
      kind: fc.constant('TLSA' as const),
      usage: uint8,
      selector: uint8,
      matchingType: uint8,
      association: anyOctets,
    }),
  ),
  svcb(RrType.SVCB, 'SVCB'),
  svcb(RrType.HTTPS, 'HTTPS'),
  typed(
    RrType.CAA,
    fc.record({
      kind: fc.constant('CAA' as const),
      flags: uint8,
      tag: fc.oneof(fc.constantFrom('issue', 'issuewild', 'iodef'), latin1(255)),
      value: latin1(400),
    }),
  ),
  typed(1000, fc.record({ kind: fc.constant('OPAQUE' as const), octets: fc.uint8Array({ maxLength: 300 }) })),
)

export const anyRecord: fc.Arbitrary<ResourceRecord> = fc
  .record({
    owner: anyName,
    typedRdata: anyTypedRdata,
    ttlSeconds: fc.integer({ min: 0, max: 0x7fff_ffff }),
  })
  .map(({ owner, typedRdata, ttlSeconds }) => ({
    owner,
    rrtype: typedRdata.rrtype,
    rrclass: 1,
    ttlSeconds,
    rdata: typedRdata.rdata,
  }))

const anyOpt: fc.Arbitrary<OptRecord> = fc.record({
  udpPayloadSize: fc.integer({ min: 512, max: 0xffff }),
  version: fc.integer({ min: 0, max: 255 }),
  dnssecOk: fc.boolean(),
  options: fc.array(fc.record({ code: uint16, data: fc.uint8Array({ maxLength: 40 }) }), { maxLength: 4 }),
})

const records = fc.array(anyRecord, { maxLength: 6 })

const head = {
  id: uint16,
  response: fc.boolean(),
  opcode: fc.integer({ min: 0, max: 15 }),
  authoritativeAnswer: fc.boolean(),
  truncated: fc.boolean(),
  recursionDesired: fc.boolean(),
  recursionAvailable: fc.boolean(),
  authenticData: fc.boolean(),
  checkingDisabled: fc.boolean(),
  questions: fc.array(fc.record({ qname: anyName, qtype: uint16, qclass: uint16 }), { maxLength: 2 }),
  answer: records,
  authority: records,
  additional: records,
}

/** A message that fits into 64 KiB; without OPT its RCODE has 4 bits. */
export const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ ...head, rcode: fc.integer({ min: 0, max: 0x0f }), opt: fc.constant(undefined) }),
  fc.record({ ...head, rcode: fc.integer({ min: 0, max: 0xfff }), opt: anyOpt }),
)

function svcb(
  rrtype: number,
  kind: 'SVCB' | 'HTTPS',
): fc.Arbitrary<{ readonly rrtype: number; readonly rdata: Rdata }> {
  const fields = { kind: fc.constant(kind), priority: uint16, target: anyName, params: anySvcParams }
  return typed(rrtype, fc.record(fields))
}

function typed<T extends Rdata>(
  rrtype: number,
  rdata: fc.Arbitrary<T>,
): fc.Arbitrary<{ readonly rrtype: number; readonly rdata: Rdata }> {
  return rdata.map((value) => ({ rrtype, rdata: value }))
}
