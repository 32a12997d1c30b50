import { rawOpt, rawQuery } from '../server/harness.ts'
import { readSeeds } from './corpus.ts'
import { mutate } from './mutate.ts'
import type { SeededRandom } from './random.ts'
import { MESSAGE_WORDS } from './targets/message-words.ts'

/** A datagram, and what the server must do with it. */
export interface Datagram {
  readonly octets: Uint8Array
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
    const random = this.#random
    const kind = random.pick(KINDS)
    if (kind === 'valid') return { octets: this.#valid(), kind, isAnswered: true }
    if (kind === 'short')
      return { octets: random.octets(random.below(HEADER_OCTETS)), kind, isAnswered: false }
    if (kind === 'random') return judged(random.octets(HEADER_OCTETS + random.below(300)), kind)
    const octets = Buffer.from(this.#changed())
    if (kind === 'response' && octets.length > 2) octets[2] = (octets[2] ?? 0) | QR
    return judged(octets, kind)
  }

  #valid(): Buffer {
    const random = this.#random
    this.#id = (this.#id + 1) & 0xffff
    const isOutside = random.chance(OUTSIDE_SHARE)
    const name = isOutside ? `n${random.below(1000)}.example.com` : random.pick(NAMES)
    const edns = random.chance(2)
      ? { size: random.pick([512, 1232, 4096]), flags: random.chance(4) ? 0x8000 : 0 }
      : undefined
    return rawQuery({ id: this.#id, name, type: random.pick(TYPES), ...(edns === undefined ? {} : { edns }) })
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

function judged(octets: Uint8Array, kind: Datagram['kind']): Datagram {
  const isResponse = ((octets[2] ?? 0) & QR) !== 0
  return { octets, kind, isAnswered: octets.length >= HEADER_OCTETS && !isResponse }
}
