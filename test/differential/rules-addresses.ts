import { ipFromText, ipToText } from '../../src/wire/ip-address.ts'
import type { Message } from '../../src/wire/message.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import type { Answered, Rule } from './case.ts'
import { isAddressType, isMissing, isNodata, isPartOf, NOERROR, outcomeRule } from './case.ts'
import { linesOf } from './compare.ts'
import { dashed } from './service-facts.ts'

/** Odd addresses in slices: D3 and D8 of docs/differences.md. */
export const ADDRESS_RULES: readonly Rule[] = [
  outcomeRule('D3', 'what is no address of its family is left out', isWithoutBadAddress),
  outcomeRule('D8', 'an endpoint is named by the canonical form of its address', isCanonicallyNamed),
]

/** What CoreDNS has more is the endpoint that is left out here: its name, its address, or an alias made of it. */
function isWithoutBadAddress(subject: Answered): boolean {
  const { facts, place, query, ours, theirs } = subject
  if (place.kind === 'reverse') {
    const bad = facts.badAddresses()
    return query.type === RrType.PTR && isMissing(ours, subject) && isOnlyOf(bad, linesOf(theirs.answer))
  }
  const bad = place.service?.badAddresses ?? []
  if (bad.length === 0) return false
  // Where it is the only one that is ready, the Service has no endpoint; and nothing goes by its name.
  const [label = ''] = query.name.toLowerCase().split('.')
  const isItsName = place.kind === 'below-service' && bad.some((text) => dashed(text) === label)
  if (place.service?.exists === false || isItsName)
    return isMissing(ours, subject) && theirs.rcode === NOERROR
  const kept = dataLines(ours)
  const more = dataLines(theirs).filter((line) => !kept.includes(line))
  // CoreDNS has addresses at a port's name (docs/differences.md 4).
  if (place.kind === 'port' && place.exists && isAddressType(query)) {
    return isNodata(ours, subject) && more.some((line) => isOf(bad, line))
  }
  return isOnlyOf(bad, more) && isPartOf(kept, dataLines(theirs))
}

function isOnlyOf(bad: readonly string[], lines: readonly string[]): boolean {
  return lines.length > 0 && lines.every((line) => isOf(bad, line))
}

function isOf(bad: readonly string[], line: string): boolean {
  const labels = line.toLowerCase().split(/[ .]/)
  return bad.some((text) => {
    const address = ipFromText(text.replace(/^::ffff:/, ''))
    const isAddress = address !== undefined && line.endsWith(` ${ipToText(address)}`)
    const isItsLabel = labels.includes(dashed(text)) || labels.includes(text.replaceAll('.', '-'))
    return isAddress || line.endsWith(` CNAME ${text}.`) || isItsLabel
  })
}

/** The same, once CoreDNS's label is written as ours. */
function isCanonicallyNamed(subject: Answered): boolean {
  const { facts, place, query, ours, theirs } = subject
  const { service, label = '' } = place
  if (place.kind === 'reverse') {
    const isOdd = facts.someService(
      ({ oddLabels, readyAddresses }) => oddLabels.size > 0 && readyAddresses.has(place.address ?? ''),
    )
    return isOdd && query.type === RrType.PTR && ours.answer.length > 0 && isMissing(theirs, subject)
  }
  if (service === undefined || service.oddLabels.size === 0) return false
  const [first = ''] = query.name.toLowerCase().split('.')
  if (service.oddLabels.has(first)) return isMissing(ours, subject) && theirs.rcode === NOERROR
  if ([...service.oddLabels.values()].includes(label))
    return ours.rcode === NOERROR && isMissing(theirs, subject)
  const renamed = dataLines(theirs).map((line) => {
    let text = line.toLowerCase()
    for (const [odd, own] of service.oddLabels) text = text.replaceAll(odd, own)
    return text
  })
  const own = dataLines(ours).map((line) => line.toLowerCase())
  return query.type === RrType.SRV && own.length > 0 && own.toSorted().join() === renamed.toSorted().join()
}

/** Lines of answer and additional section, without SRV weights, which depend on their number. */
function dataLines({ answer, additional }: Message): readonly string[] {
  return [...linesOf(answer), ...linesOf(additional)].map((line) => line.replace(/( SRV \d+) \d+/, '$1'))
}
