import type { DomainName } from '../../wire/name.ts'
import { lowerCase, nameFromText } from '../../wire/name.ts'
import type { Rdata } from '../../wire/rdata.ts'
import { failureReply } from '../../zone/failure-reply.ts'
import type { Reply } from '../../zone/responder.ts'
import type { RRset } from '../../zone/rrset.ts'
import type { NameSubstitution } from './name-matcher.ts'
import type { ResponseRule } from './rule.ts'

/** What a name in a reply becomes: the same where nothing is to change, undefined where it would be none. */
type NameChange = (name: DomainName) => DomainName | undefined

/** A rule that changes the owners of all records. */
export function ownerRule(substitution: NameSubstitution): ResponseRule {
  const change = changeBy(substitution)
  return (reply) =>
    changeRecords(reply, (rrset) => {
      const owner = change(rrset.owner)
      return owner && { ...rrset, owner }
    })
}

/** A rule that changes the names that records point to. */
export function valueRule(substitution: NameSubstitution): ResponseRule {
  const change = changeBy(substitution)
  return (reply) =>
    changeRecords(reply, (rrset) => {
      const rdatas: Rdata[] = []
      for (const rdata of rrset.rdatas) {
        const changed = changeTarget(rdata, change)
        if (changed === undefined) return undefined
        rdatas.push(changed)
      }
      return { ...rrset, rdatas }
    })
}

function changeBy(substitution: NameSubstitution): NameChange {
  return (name) => {
    const text = substitution(lowerCase(name))
    return text === undefined ? name : nameFromText(text)
  }
}

/** A reply in which a record would get something that is no name is a failure. */
function changeRecords(reply: Reply, change: (rrset: RRset) => RRset | undefined): Reply {
  const sections = [reply.answer, reply.authority, reply.additional].map((section) => section.map(change))
  const [answer = [], authority = [], additional = []] = sections.map((section) =>
    section.filter((rrset) => rrset !== undefined),
  )
  if (sections.some((section) => section.includes(undefined)))
    return failureReply('a rewrite of the answer makes something that is no domain name')
  return { ...reply, answer, authority, additional }
}

function changeTarget(rdata: Rdata, change: NameChange): Rdata | undefined {
  if ('target' in rdata && rdata.kind !== 'SVCB' && rdata.kind !== 'HTTPS') {
    const target = change(rdata.target)
    return target && { ...rdata, target }
  }
  if (rdata.kind === 'MX') {
    const exchange = change(rdata.exchange)
    return exchange && { ...rdata, exchange }
  }
  if (rdata.kind === 'SOA') {
    const mname = change(rdata.mname)
    return mname && { ...rdata, mname }
  }
  if (rdata.kind === 'NAPTR') {
    const replacement = change(rdata.replacement)
    return replacement && { ...rdata, replacement }
  }
  return rdata
}
