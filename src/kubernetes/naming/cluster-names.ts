import { asDomainName, type DomainName, labelsOf, ROOT } from '../../wire/name.ts'
import { RrType } from '../../wire/rrtype.ts'
import { nameServerAddresses, nsData } from './name-servers.ts'
import type { AskedZone, NamingContext } from './naming-context.ts'
import { nearName, servicesCalled, suggestion } from './near-name.ts'
import { type Absence, absence, addressData, fixedData, type Found, node } from './node.ts'
import { findPodName } from './pod-names.ts'
import { findReverseName } from './reverse-names.ts'
import { isReverseName } from './reverse-range.ts'
import { findServiceName } from './service-names.ts'
import { soaData } from './soa.ts'

/** Version of the Kubernetes DNS specification that these rules follow, and the TTL that its section 2.2 shows. */
const SCHEMA_VERSION = '1.1.0'
const SCHEMA_VERSION_TTL_SECONDS = 28_800

/** What stands at a name, in lower case, of a zone. Labels are read from right to left. */
export function findName(lowerName: DomainName, asked: AskedZone, context: NamingContext): Found {
  const { zone } = asked
  if (lowerName === zone) {
    return node(`zone ${zone}`, [nsData(asked, context), soaData(context)], () => context.store.sourceState())
  }
  const labels = labelsOf(zone === ROOT ? lowerName : asDomainName(lowerName.slice(0, -zone.length)))
  const last = labels.at(-1)
  if (last === 'dns-version' && labels.length === 1) return dnsVersion()
  if (last === 'dns' && labels.length === 1) return node('parent of the name server', [])
  if (last === 'dns' && labels.length === 2 && labels[0] === 'ns') {
    return node('name server of this zone', addressData(nameServerAddresses(context)))
  }
  if (isReverseName(lowerName)) return findReverseName(lowerName, zone, context)
  if (last === 'svc') return findServiceName(labels.slice(0, -1), context)
  if (last === 'pod') return findPodName(labels.slice(0, -1), context)
  return missingName(lowerName, labels, context)
}

function dnsVersion(): Found {
  const rdatas = [{ kind: 'TXT', strings: [SCHEMA_VERSION] } as const]
  return node('version of the DNS schema', [fixedData(RrType.TXT, rdatas, SCHEMA_VERSION_TTL_SECONDS)])
}

/** Mostly a short name that came without its middle: `web.shop` or `web` instead of `web.shop.svc`. */
function missingName(lowerName: DomainName, labels: readonly string[], context: NamingContext): Absence {
  const { primaryZone } = context.options
  return absence(`no name "${lowerName}": Services are below svc.${primaryZone}`, () => {
    const [service = '', namespace] = labels.slice(-2)
    if (namespace !== undefined && context.view(namespace, service)?.entry.service !== undefined) {
      return [`Did you mean "${service}.${namespace}.svc.${primaryZone}"?`]
    }
    const last = labels.at(-1) ?? ''
    return [...suggestion(nearName(last, ['svc', 'pod'])), ...servicesCalled(service, context)]
  })
}
