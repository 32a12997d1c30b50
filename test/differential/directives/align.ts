import { rdataToText } from '../../../src/wire/rdata-text.ts'
import type { ResourceRecord } from '../../../src/wire/record.ts'
import type { Profile } from '../corefiles.ts'
import type { Seen } from '../compare.ts'

const SECTIONS = ['answer', 'authority', 'additional'] as const

/**
 * Their reply with what may differ from one query to the next as it is in ours: the client's port, which `whoami` tells, and
 * TTLs of a cache that are no further apart than counting down explains.
 */
export function aligned(theirs: Seen, ours: Seen, { directive }: Profile, toleranceSeconds: number): Seen {
  if (theirs === undefined || ours === undefined || directive === undefined) return theirs
  const aligner = directive === 'cache' ? alignedTtls : alignedPorts
  const [answer, authority, additional] = SECTIONS.map((section) =>
    aligner(theirs[section], ours[section], toleranceSeconds),
  )
  return {
    ...theirs,
    answer: answer ?? [],
    authority: authority ?? [],
    additional: additional ?? [],
  }
}

type Records = readonly ResourceRecord[]

function alignedPorts(theirs: Records, ours: Records): Records {
  const port = ours.map(clientPort).find((one) => one !== undefined)
  return theirs.map((record) => {
    const { rdata } = record
    if (port === undefined || rdata.kind !== 'SRV' || clientPort(record) === undefined) return record
    return { ...record, rdata: { ...rdata, port } }
  })
}

/** `_udp.NAME 0 IN SRV 0 0 PORT .` */
function clientPort({ owner, rdata }: ResourceRecord): number | undefined {
  return /^_(udp|tcp)\./.test(owner) && rdata.kind === 'SRV' && rdata.target === '.' ? rdata.port : undefined
}

function alignedTtls(theirs: Records, ours: Records, toleranceSeconds: number): Records {
  const ttls = new Map(ours.map((record) => [keyOf(record), record.ttlSeconds]))
  return theirs.map((record) => {
    const ttlSeconds = ttls.get(keyOf(record)) ?? record.ttlSeconds
    return Math.abs(ttlSeconds - record.ttlSeconds) <= toleranceSeconds ? { ...record, ttlSeconds } : record
  })
}

function keyOf({ owner, rrtype, rdata }: ResourceRecord): string {
  return `${owner.toLowerCase()} ${rrtype} ${rdataToText(rdata)}`
}
