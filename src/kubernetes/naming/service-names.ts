import type { NamingContext } from './naming-context.ts'
import { absence, absenceOf, type Absence, type Found, node } from './node.ts'
import { nearName, servicesCalled, suggestion } from './near-name.ts'
import { describeService, endpointHints, listed, portHints } from './service-text.ts'
import type { ServiceView } from './service-view.ts'
import { findZonalName, ZONE_ANCHOR } from './zonal-names.ts'

/** A name below `svc`. `labels` are those left of it, leftmost first: `['_http', '_tcp', 'web', 'shop']`. */
export function findServiceName(labels: readonly string[], context: NamingContext): Found {
  const namespace = labels.at(-1)
  if (namespace === undefined) return node('parent of all Services', [])
  const service = labels.at(-2)
  if (!context.isExposed(namespace)) return missingNamespace(namespace, service, context)
  if (service === undefined) return node(`namespace ${namespace}`, [])
  const view = context.view(namespace, service)
  if (view === undefined) return missingService(namespace, service, context)
  return labels.length === 2 || view.own.kind === 'absence' ? view.own : findBelow(labels.slice(0, -2), view)
}

/** Where a namespace has no names, be it for Services or for Pods. */
export function missingNamespace(
  namespace: string,
  service: string | undefined,
  context: NamingContext,
): Absence {
  if (context.store.namespace(namespace) !== undefined) {
    return absence(`namespace "${namespace}" is not served here`, () => whyNotServed(context))
  }
  return absence(`namespace "${namespace}" does not exist`, () => [
    ...suggestion(nearName(namespace, context.store.namespaceNames())),
    ...(service === undefined ? [] : servicesCalled(service, context)),
    ...servicesCalled(namespace, context),
  ])
}

function whyNotServed({ options: { namespaces, namespaceLabels } }: NamingContext): readonly string[] {
  return namespaceLabels === undefined
    ? [`The "namespaces" option names only ${listed(namespaces ?? [])}.`]
    : [`The "namespace_labels" option asks for ${namespaceLabels.text}, which its labels do not meet.`]
}

function missingService(namespace: string, service: string, context: NamingContext): Absence {
  return absence(`no such service "${service}" in namespace "${namespace}"`, () => [
    ...suggestion(nearName(service, context.store.entriesIn(namespace).keys())),
    ...servicesCalled(service, context),
  ])
}

/** One label below a Service is an endpoint or `_tcp`, two are `_http._tcp`, more are nothing, but for those below `_zone`. */
function findBelow(labels: readonly string[], view: ServiceView): Found {
  if (labels.at(-1) === ZONE_ANCHOR) return findZonalName(labels.slice(0, -1), view)
  const key = labels.join('.')
  const found = labels.length === 1 ? view.endpointNode(key) : undefined
  return found ?? view.portNodes.get(key) ?? missingBelow(key, view)
}

function missingBelow(name: string, view: ServiceView): Absence {
  const { entry, endpoints } = view
  const subject = describeService(entry)
  const { service } = entry
  if (service?.type === 'ExternalName')
    return absence(`${subject} is an ExternalName: nothing has a name below it`)
  if (name.startsWith('_') || name.includes('.')) {
    return absenceOf('EndpointSlice', `${subject} has no port "${name}"`, () =>
      service === undefined ? [] : portHints(service, () => endpoints),
    )
  }
  if (endpoints.notReady.has(name))
    return absenceOf('EndpointSlice', `endpoint "${name}" of ${subject} is not ready`)
  return absenceOf('EndpointSlice', `${subject} has no endpoint "${name}"`, () => [
    ...suggestion(nearName(name, view.endpointLabels())),
    ...endpointHints(entry, endpoints),
  ])
}
