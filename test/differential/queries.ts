import type { Profile } from './corefiles.ts'
import { namesOfPod, namesOfService, reverseNames } from './names.ts'
import type { AskedName } from './names.ts'
import type { GeneratedCluster, Subject } from './objects.ts'
import type { Random } from './random.ts'
import { structuralNames } from './structural-names.ts'

/** One question as it goes to both servers. */
export interface Query {
  /** Kind of name, such as `endpoint`. */
  readonly kind: string
  /** State of the object that the name was made from, or `structure`. */
  readonly state: string
  /** With its final dot, in the letter case to be asked. */
  readonly name: string
  readonly type: number
  readonly rrclass: number
  readonly recursionDesired: boolean
  readonly authenticData: boolean
  readonly checkingDisabled: boolean
  /** Absent: no OPT record. */
  readonly edns?: {
    readonly udpPayloadSize: number
    readonly dnssecOk: boolean
    /** Option codes and data in hexadecimal. */
    readonly options: readonly { readonly code: number; readonly hex: string }[]
  }
  readonly tcp: boolean
}

export const TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  HTTPS: 65,
  ANY: 255,
  TYPE1000: 1000,
} as const

/** Asked now and then: HINFO, NAPTR, DS, DNSKEY, SVCB, CAA. */
const RARE_TYPES = [13, 35, 43, 48, 64, 257]
/** No data: 0, OPT, TKEY, TSIG, MAILB, MAILA, 65535. */
const UNASKABLE_TYPES = [0, 41, 249, 250, 253, 254, 65_535]

const IN = 1
const OTHER_CLASSES = [3, 4, 254, 255]
const COOKIE = { code: 10, hex: '0102030405060708' }
const NSID = { code: 3, hex: '' }
const CLIENT_SUBNET = { code: 8, hex: '00011800c00002' }
const PADDING_OF_600 = { code: 12, hex: '00'.repeat(600) }

/** Every kind of name of every object with every type, in one way of asking each. Equal seeds give equal queries. */
export function generateQueries(
  cluster: GeneratedCluster,
  profile: Profile,
  random: Random,
): readonly Query[] {
  const queries = cluster.subjects.flatMap((subject) => generateQueriesOf(subject, profile, cluster, random))
  for (const [kind, names] of Map.groupBy(structuralNames(cluster, profile), (asked) => asked.kind)) {
    for (let round = 0; round < 3; round++) {
      queries.push(...ofAllTypes({ kind, state: 'structure' }, names, random))
    }
  }
  return queries
}

/** The same for one object alone. */
export function generateQueriesOf(
  subject: Subject,
  { zones }: Profile,
  cluster: GeneratedCluster,
  random: Random,
): readonly Query[] {
  const names = namesOf(subject, zones[0] ?? '.', cluster)
  return [...Map.groupBy(names, (asked) => asked.kind)].flatMap(([kind, ofKind]) =>
    ofAllTypes({ kind, state: subject.state }, ofKind, random),
  )
}

function namesOf(subject: Subject, zone: string, cluster: GeneratedCluster): readonly AskedName[] {
  const own = subject.kind === 'service' ? namesOfService(subject, zone, cluster) : namesOfPod(subject, zone)
  return [...own, ...reverseNames(subject)]
}

function ofAllTypes(
  about: Pick<Query, 'kind' | 'state'>,
  names: readonly AskedName[],
  random: Random,
): readonly Query[] {
  const types = [...Object.values(TYPES), random.pick(random.chance(0.9) ? RARE_TYPES : UNASKABLE_TYPES)]
  return types.map((type) => {
    const name = inSomeCase(random.pick(names).name, random)
    return Object.assign({ name, type }, about, wayOfAsking(random))
  })
}

/** Flags, EDNS and transport by chance: mostly as stub resolvers ask. */
export function wayOfAsking(random: Random): Omit<Query, 'kind' | 'state' | 'name' | 'type'> {
  const way = {
    rrclass: random.chance(0.995) ? IN : random.pick(OTHER_CLASSES),
    recursionDesired: random.chance(0.85),
    authenticData: random.chance(0.1),
    checkingDisabled: random.chance(0.05),
    tcp: random.chance(0.1),
  }
  if (random.chance(0.4)) return way
  const options = random.chance(0.05)
    ? [random.pick([COOKIE, NSID, CLIENT_SUBNET, ...(way.tcp ? [] : [PADDING_OF_600])])]
    : []
  const edns = { udpPayloadSize: random.pick([512, 1232, 4096]), dnssecOk: random.chance(0.3), options }
  return { ...way, edns }
}

/** Mostly as it is, sometimes in upper case, sometimes letter by letter as resolvers do against spoofing. */
export function inSomeCase(name: string, random: Random): string {
  if (random.chance(0.75)) return name
  if (random.chance(0.3)) return name.toUpperCase()
  return Array.from(name, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter)).join('')
}
