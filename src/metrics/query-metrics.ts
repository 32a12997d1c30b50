import { Rcode, rcodeToText } from '../wire/rcode.ts'
import { rrTypeFromText } from '../wire/rrtype.ts'
import type { CellFamily, NumberCell } from './family.ts'
import { TIME_BOUNDS_SECONDS } from './histogram.ts'
import type { Histogram } from './histogram.ts'
import type { MetricsRegistry } from './registry.ts'

/** What a query is counted under, beside what it asks. */
export interface QueryLabels {
  /** Where it came in, as CoreDNS writes it: `dns://:53`, `dns://127.0.0.1:53`. */
  readonly server: string
  /** The zone of the server block that answers, or `dropped` where none does. */
  readonly zone: string
  readonly view: string
}

/** What is counted of a query as it came. */
export interface CountedQuery {
  readonly client: { readonly address: string; readonly transport: 'udp' | 'tcp' }
  readonly dnssecOk: boolean
  readonly sizeOctets: number
}

/** What is counted of its reply. */
export interface CountedReply {
  readonly qtype: number
  readonly rcode: number
  readonly sizeOctets: number
  /** The directive that answered; empty where the server did. */
  readonly directive: string
  /** By the clock of the QueryMetrics. */
  readonly startedMs: number
}

/** The zone of queries that no server block takes: without its last dot, so that it is no name. */
export const DROPPED_ZONE = 'dropped'

/** Types that are counted by name, as CoreDNS does; all others are `other`. */
const COUNTED_TYPES =
  'A AAAA ANY AXFR CNAME DNSKEY DS HTTPS IXFR MX NS NSEC NSEC3 PTR RRSIG SOA SRV SVCB TXT'.split(' ')
const OTHER = 'other'
const TYPE_TEXTS = [...COUNTED_TYPES, OTHER]
const OTHER_TYPE_INDEX = COUNTED_TYPES.length

/** At index qtype: the index in TYPE_TEXTS. What is beyond is `other`. */
const TYPE_INDEXES = new Uint8Array(256).fill(OTHER_TYPE_INDEX)
for (const [index, text] of COUNTED_TYPES.entries()) TYPE_INDEXES[rrTypeFromText(text) ?? 0] = index

/** Index of all RCODEs without a name, which an upstream may make up: no RCODE has it. */
const OTHER_RCODE = 12

/** At index RCODE: itself where it has a name. What is beyond is `other`. */
const RCODE_INDEXES = new Uint8Array(24).fill(OTHER_RCODE)
for (const rcode of Object.values(Rcode)) RCODE_INDEXES[rcode] = rcode

const SIZE_BOUNDS_OCTETS = [
  0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16_000, 32_000, 48_000, 64_000,
]

const LABELS = ['server', 'zone', 'view']

/**
 * Counts the queries of one zone of a server block, under CoreDNS's names. Cells are looked up once and then kept: what a
 * query costs is two readings of the clock, three bucket scans and a handful of array accesses.
 */
export class QueryMetrics {
  readonly nowMs: () => number
  readonly #families: QueryFamilies
  readonly #labels: readonly string[]
  /** At index (type * 2 + family) * 2 + transport. */
  readonly #requests: (NumberCell | undefined)[] = Array.from({ length: TYPE_TEXTS.length * 4 })
  /** At index transport. */
  readonly #sizes: (Sizes | undefined)[] = [undefined, undefined]
  /** By directive, then at index RCODE. */
  readonly #responses = new Map<string, (NumberCell | undefined)[]>()
  #lastDirective: string | undefined
  #ofLastDirective: (NumberCell | undefined)[] = []
  #duration: Histogram | undefined
  #dnssecOk: NumberCell | undefined

  constructor(registry: MetricsRegistry, { server, zone, view }: QueryLabels, nowMs: () => number) {
    this.nowMs = nowMs
    this.#families = queryFamilies(registry)
    this.#labels = [server, zone, view]
  }

  /** Called once for every query, when its reply has been handed to the socket. */
  record({ client, dnssecOk, sizeOctets }: CountedQuery, reply: CountedReply): void {
    const transport = client.transport === 'udp' ? 0 : 1
    const family = client.address.includes(':') ? 1 : 0
    const type = TYPE_INDEXES[reply.qtype] ?? OTHER_TYPE_INDEX
    const requests = (this.#requests[(type * 2 + family) * 2 + transport] ??= this.#families.requests.with(
      ...this.#labels,
      client.transport,
      family === 1 ? '2' : '1',
      TYPE_TEXTS[type] ?? OTHER,
    ))
    requests.value++
    if (dnssecOk) (this.#dnssecOk ??= this.#families.dnssecOk.with(...this.#labels)).value++
    const sizes = (this.#sizes[transport] ??= this.#createSizes(client.transport))
    sizes.request.observe(sizeOctets)
    sizes.response.observe(reply.sizeOctets)
    this.#response(reply).value++
    this.#duration ??= this.#families.duration.with(...this.#labels)
    this.#duration.observe((this.nowMs() - reply.startedMs) / 1000)
  }

  #response({ rcode, directive }: CountedReply): NumberCell {
    // Most queries are answered by the same directive as the one before.
    if (directive !== this.#lastDirective) {
      this.#lastDirective = directive
      this.#ofLastDirective = this.#responses.get(directive) ?? []
      this.#responses.set(directive, this.#ofLastDirective)
    }
    const index = RCODE_INDEXES[rcode] ?? OTHER_RCODE
    return (this.#ofLastDirective[index] ??= this.#families.responses.with(
      ...this.#labels,
      index === OTHER_RCODE ? OTHER : rcodeToText(rcode),
      directive,
    ))
  }

  #createSizes(transport: string): Sizes {
    return {
      request: this.#families.requestSize.with(...this.#labels, transport),
      response: this.#families.responseSize.with(...this.#labels, transport),
    }
  }
}

interface Sizes {
  readonly request: Histogram
  readonly response: Histogram
}

interface QueryFamilies {
  readonly requests: CellFamily<NumberCell>
  readonly dnssecOk: CellFamily<NumberCell>
  readonly duration: CellFamily<Histogram>
  readonly requestSize: CellFamily<Histogram>
  readonly responseSize: CellFamily<Histogram>
  readonly responses: CellFamily<NumberCell>
}

function queryFamilies(registry: MetricsRegistry): QueryFamilies {
  return {
    requests: registry.counter({
      name: 'coredns_dns_requests_total',
      help: 'Queries, by transport, address family (1 is IPv4, 2 is IPv6) and type.',
      labels: [...LABELS, 'proto', 'family', 'type'],
    }),
    dnssecOk: registry.counter({
      name: 'coredns_dns_do_requests_total',
      help: 'Queries with the DO bit set.',
      labels: LABELS,
    }),
    duration: registry.histogram({
      name: 'coredns_dns_request_duration_seconds',
      help: 'Time from a query to its reply.',
      labels: LABELS,
      upperBounds: TIME_BOUNDS_SECONDS,
    }),
    requestSize: registry.histogram({
      name: 'coredns_dns_request_size_bytes',
      help: 'Size of queries as they came.',
      labels: [...LABELS, 'proto'],
      upperBounds: SIZE_BOUNDS_OCTETS,
    }),
    responseSize: registry.histogram({
      name: 'coredns_dns_response_size_bytes',
      help: 'Size of replies as they were sent.',
      labels: [...LABELS, 'proto'],
      upperBounds: SIZE_BOUNDS_OCTETS,
    }),
    responses: registry.counter({
      name: 'coredns_dns_responses_total',
      help: 'Replies, by RCODE and by the directive that answered.',
      labels: [...LABELS, 'rcode', 'plugin'],
    }),
  }
}
