import { RrType } from '../../src/wire/rrtype.ts'
import type { Answered, Rule } from './case.ts'
import { isAddressType, isMissing, isNodata, isNxdomain, outcomeRule } from './case.ts'
import type { Place } from './place.ts'
import type { ServiceFacts } from './service-facts.ts'

/** Places where CoreDNS denies, for some types, a name that it gives for others. */
const ONE_EXISTENCE: ReadonlySet<Place['kind']> = new Set([
  'apex',
  'tree',
  'namespace',
  'pod-namespace',
  'dns-version',
  'ns-dns',
  'reverse-above',
])

const SRV_ONLY_ALIKE = new Set<number>([RrType.A, RrType.AAAA])

/** Whether names exist: docs/differences.md 1 to 6, 9 and 10. */
export const EXISTENCE_RULES: readonly Rule[] = [
  outcomeRule(
    '1',
    'a name that exists is NODATA for every type it does not hold',
    (subject) =>
      subject.place.exists &&
      ONE_EXISTENCE.has(subject.place.kind) &&
      isNodata(subject.ours, subject) &&
      isMissing(subject.theirs, subject),
  ),
  outcomeRule(
    '2',
    'SOA at a name that does not exist is a name error',
    (subject) =>
      subject.query.type === RrType.SOA &&
      !subject.place.exists &&
      isMissing(subject.ours, subject) &&
      isNodata(subject.theirs, subject),
  ),
  outcomeRule(
    '3',
    '_tcp and _zone below a Service exist as soon as names below them do',
    isParentBelowService,
  ),
  outcomeRule(
    '3',
    'below a headless Service without endpoints no topology zone exists',
    isZonalNameOfNothing,
  ),
  outcomeRule('4', '_port._proto holds SRV only', isPortWithAddresses),
  outcomeRule('4', 'port and protocol need their underscores', isLoosePort),
  outcomeRule('6', 'Pod names take no labels in front', isLabelBeforePod),
  outcomeRule('6', 'Pod names hold no SRV', isSrvAtPod),
  outcomeRule('6', 'all addresses of a Pod count, however spelt', isPodOtherwiseSpelt),
  outcomeRule('6', 'a Pod has no name from its deletionTimestamp on', isTerminatingPod),
  {
    number: '9',
    summary: 'an address in a slice without a Service has no PTR, and gets a reply',
    allows: ({ facts, query, place, ours, theirs }, { field }) =>
      field === 'unanswered' &&
      ours !== undefined &&
      theirs === undefined &&
      query.type === RrType.PTR &&
      place.kind === 'reverse' &&
      facts.isUnlabelled(place.address ?? ''),
  },
  outcomeRule('10', 'a reverse name with a PTR is NODATA for other types', isOtherTypeAtPtr),
  outcomeRule('10', 'reverse names take no labels in front', isLaxReverseName),
  outcomeRule('10', 'reverse zones have no names but those of addresses', isForwardNameBelowReverse),
]

function isParentBelowService(subject: Answered): boolean {
  const { place, ours, theirs } = subject
  const isParent = place.kind === 'protocol' || place.kind === 'zonal-above'
  return isParent && place.exists && isNodata(ours, subject) && isMissing(theirs, subject)
}

/** Below a headless Service that has no ready endpoint. */
function isZonalNameOfNothing(subject: Answered): boolean {
  const { place, ours, theirs } = subject
  if (place.kind !== 'zonal' || place.service?.type !== 'Headless' || place.service.exists) return false
  return isMissing(ours, subject) && theirs.rcode === 0
}

function isPortWithAddresses(subject: Answered): boolean {
  const { place, query, ours, theirs } = subject
  return (
    place.kind === 'port' &&
    place.exists &&
    isAddressType(query) &&
    isNodata(ours, subject) &&
    theirs.rcode === 0 &&
    theirs.answer.length > 0 &&
    theirs.answer.every(({ rrtype }) => SRV_ONLY_ALIKE.has(rrtype))
  )
}

/** Two labels that CoreDNS takes for port and protocol, underscores or not, empty ones for any. */
function isLoosePort(subject: Answered): boolean {
  const { place, ours, theirs } = subject
  if (place.kind !== 'port' || place.exists || place.service === undefined) return false
  return matchesLoosely(place.portLabels, place.service) && isMissing(ours, subject) && theirs.rcode === 0
}

function matchesLoosely(labels: Place['portLabels'], service: ServiceFacts): boolean {
  const isRightlySpelled = labels?.every((label) => /^_./.test(label)) === true
  if (!service.exists || isRightlySpelled) return false
  const [port = '', protocol = ''] = (labels ?? []).map((label) => label.replace(/^_/, ''))
  if (port === '' && protocol === '') return true
  return service.ports.some(
    (known) => [known.name, ''].includes(port) && [known.protocol, ''].includes(protocol),
  )
}

function isLabelBeforePod(subject: Answered): boolean {
  const { place, ours, theirs } = subject
  const extra = place.pod?.extraLabels ?? 0
  if (place.pod?.isThere !== true || extra < 1 || extra > 2) return false
  return isMissing(ours, subject) && theirs.rcode === 0 && theirs.authoritativeAnswer
}

function isSrvAtPod(subject: Answered): boolean {
  const { place, query, ours, theirs } = subject
  if (place.kind !== 'pod' || !place.exists || query.type !== RrType.SRV) return false
  return isNodata(ours, subject) && theirs.answer.length === 1 && theirs.answer[0]?.rrtype === RrType.SRV
}

/** With `pods verified` CoreDNS knows one address of each Pod, in one spelling. */
function isPodOtherwiseSpelt(subject: Answered): boolean {
  const { place, facts, ours, theirs } = subject
  if (facts.profile.pods !== 'verified' || place.kind !== 'pod' || !place.exists) return false
  return ours.rcode === 0 && ours.authoritativeAnswer && isMissing(theirs, subject)
}

/** With `pods verified` CoreDNS keeps it until it is gone, where it knew it before. */
function isTerminatingPod(subject: Answered): boolean {
  const { place, facts, query, ours, theirs } = subject
  if (facts.profile.pods !== 'verified' || place.pod === undefined || place.exists) return false
  const [, namespace = ''] = query.name.toLowerCase().split('.').slice(place.pod.extraLabels)
  const isTerminating = facts.hasTerminatingPod(namespace, place.pod.address ?? '')
  return isTerminating && isMissing(ours, subject) && theirs.rcode === 0 && theirs.authoritativeAnswer
}

function isOtherTypeAtPtr(subject: Answered): boolean {
  const { place, query, ours, theirs } = subject
  if (place.kind !== 'reverse' || !place.exists || query.type === RrType.PTR) return false
  return isNodata(ours, subject) && isMissing(theirs, subject)
}

function isLaxReverseName(subject: Answered): boolean {
  const { place, query, ours, theirs } = subject
  const hasLabelsInFront = /^.+\.([0-9a-f]\.){32}ip6\.arpa\.$/.test(query.name.toLowerCase())
  return (
    place.kind === 'reverse-other' &&
    hasLabelsInFront &&
    isMissing(ours, subject) &&
    !isNxdomain(theirs, subject)
  )
}

/** CoreDNS has `svc.in-addr.arpa` and the Services below it. */
function isForwardNameBelowReverse(subject: Answered): boolean {
  const { place, query, ours, theirs } = subject
  const isForwardName = /(^|\.)(svc|pod)\.(in-addr|ip6)\.arpa\.$/.test(query.name.toLowerCase())
  return place.kind === 'reverse-other' && isForwardName && isMissing(ours, subject) && theirs.rcode === 0
}
