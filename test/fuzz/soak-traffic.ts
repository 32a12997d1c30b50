import { rawOpt, rawQuery } from '../server/harness.ts'
import { readSeeds } from './corpus.ts'
import { mutate } from './mutate.ts'
import type { SeededRandom } from './random.ts'
import { MESSAGE_WORDS } from './targets/message-words.ts'

/** A datagram, and what the server must do with it. */
export interface Datagram {
  /** Each has an id of its own, as far as it is long enough and 65,536 of them reach. */
  readonly octets: Buffer
  readonly kind: 'valid' | 'changed' | 'random' | 'response' | 'short'
  /** Every query gets exactly one reply; what is shorter than a header or a response gets none. */
  readonly isAnswered: boolean
}

const NAMES = [
  'clusterip1.default.svc.cluster.local',
  'headless1.default.svc.cluster.local',
  'nobody.default.svc.cluster.local',
  '_http._tcp.clusterip1.default.svc.cluster.local',
  'CLUSTERIP1.Default.SVC.cluster.Local',
  'cluster.local',
  'dns-version.cluster.local',
  'svc.cluster.local',
  '10-1-2-3.default.pod.cluster.local',
  '_why.nobody.default.svc.cluster.local',
  '1.0.96.10.in-addr.arpa',
  'a.b.c.d.e.f.cluster.local',
]
const TYPES = [1, 1, 1, 28, 28, 33, 12, 16, 6, 2, 5, 255, 1000, 252]
const OUTSIDE_SHARE = 20
const QR = 0x80
const DNSSEC_OK = 0x8000
const HEADER_OCTETS = 12
/** Larger ones go beyond what the system keeps for one socket. */
const MAX_OCTETS = 2_000

/** Makes datagrams as clients, careless programs and attackers send them. */
export class SoakTraffic {
  readonly #random: SeededRandom
  readonly #seeds: readonly Uint8Array[]
  #id = 0

  constructor(random: SeededRandom) {
    this.#random = random
    this.#seeds = readSeeds({ name: 'query', seedForm: 'hex' }).map(({ octets }) => octets)
  }

  next(): Datagram {
    const kind = this.#random.pick(KINDS)
    const octets = Buffer.from(this.#make(kind))
    this.#id = (this.#id + 1) & 0xffff
    if (octets.length >= 2) octets.writeUInt16BE(this.#id)
    const isResponse = ((octets[2] ?? 0) & QR) !== 0
    return { octets, kind, isAnswered: octets.length >= HEADER_OCTETS && !isResponse }
  }

  #make(kind: Datagram['kind']): Uint8Array {
    const random = this.#random
    if (kind === 'valid') return this.#valid()
    if (kind === 'short') return random.octets(random.below(HEADER_OCTETS))
    if (kind === 'random') return random.octets(HEADER_OCTETS + random.below(300))
    const octets = Uint8Array.from(this.#changed())
    if (kind === 'response' && octets.length > 2) octets[2] = (octets[2] ?? 0) | QR
    return octets
  }

  #valid(): Uint8Array {
    const random = this.#random
    const name = random.chance(OUTSIDE_SHARE) ? `n${random.below(1000)}.example.com` : random.pick(NAMES)
    const query = { name, type: random.pick(TYPES) }
    if (random.chance(2)) return rawQuery(query)
    const flags = random.chance(4) ? DNSSEC_OK : 0
    return rawQuery({ ...query, edns: { size: random.pick([512, 1232, 4096]), flags } })
  }

  #changed(): Uint8Array {
    const random = this.#random
    const seed = this.#seeds[random.below(this.#seeds.length)] ?? rawOpt({})
    const other = this.#seeds[random.below(this.#seeds.length)] ?? seed
    return mutate(seed, { random, dictionary: MESSAGE_WORDS, other, maxOctets: MAX_OCTETS })
  }
}

/** Half of them valid. */
const KINDS: readonly Datagram['kind'][] = [
  'valid',
  'valid',
  'valid',
  'valid',
  'valid',
  'changed',
  'changed',
  'random',
  'response',
  'short',
]
