import { ipFromText } from '../../../wire/ip-address.ts'
import { nameFromText, ROOT } from '../../../wire/name.ts'
import { resolvePort } from '../endpoint-slice-controller.ts'
import { isDnsSubdomain } from '../object-name.ts'
import { type ObjectProblem, named, warning } from '../problem.ts'
import type { ServiceDraft } from '../read-service.ts'
import type { Selection } from '../slice-controller.ts'
import type { Linted } from './linted.ts'

/** Services that resolve to nothing, or whose ports do not. */
export function lintServices({ cluster, slices, report }: Linted): void {
  const withoutPods = new Set<ServiceDraft>()
  for (const selection of slices.selections) {
    const { service, pods } = selection
    for (const problem of targetPortProblems(selection)) report(problem)
    if (pods.length > 0 || slices.byService.has(service.key)) continue
    withoutPods.add(service)
    report(selectorWithoutPods(service))
  }
  const excluded = new Set([...slices.excluded.keys()].map(({ key }) => key))
  for (const { draft: service } of cluster.services) {
    const problem = externalNameProblem(service) ?? portsProblem(service)
    if (problem !== undefined) report(problem)
    if (service.type !== 'Headless' || withoutPods.has(service) || excluded.has(service.key)) continue
    const endpoints = (slices.byService.get(service.key) ?? []).flatMap((slice) => slice.endpoints)
    const isReady = endpoints.some(({ ready }) => ready || service.publishNotReadyAddresses)
    if (!isReady) report(headlessWithoutEndpoints(service, endpoints.length))
  }
}

function externalNameProblem({ manifest, externalName }: ServiceDraft): ObjectProblem | undefined {
  if (externalName === '') return undefined
  const isAddress = ipFromText(externalName) !== undefined
  const name = isAddress ? undefined : nameFromText(externalName)
  const isServed = name !== undefined && name !== ROOT
  if (isServed && isDnsSubdomain(externalName.toLowerCase().replace(/\.$/, ''))) return undefined
  const mend = isAddress
    ? 'Leave out type and externalName and write Endpoints with that address'
    : 'Write a host name, without scheme, port or path'
  const message = `${named(manifest)}: externalName "${externalName}" is not a host name, so the Service ${isServed ? 'leads nowhere' : 'has no records'}. ${mend}`
  return warning(manifest, ['spec', 'externalName'], 'SLICEDNS_MANIFEST_EXTERNAL_NAME', message)
}

/** What Kubernetes asks of ports, although DNS can do without. */
function portsProblem({ type, manifest, ports }: ServiceDraft): ObjectProblem | undefined {
  const because = (path: readonly (string | number)[], why: string): ObjectProblem =>
    warning(
      manifest,
      ['spec', 'ports', ...path],
      'SLICEDNS_MANIFEST_SERVICE_PORTS',
      `${named(manifest)}: ${why}`,
    )
  if (ports.length === 0 && type === 'ClusterIP') {
    return because([], 'has no ports, which Kubernetes does not take: add spec.ports, or clusterIP: None')
  }
  if (ports.length < 2) return undefined
  const unnamed = ports.findIndex(({ name }) => name === '')
  if (unnamed >= 0) {
    return because([unnamed], `spec.ports[${unnamed}] needs a name, as there are several ports`)
  }
  const names = ports.map(({ name }) => name)
  const repeated = names.findIndex((name, index) => names.indexOf(name) < index)
  return repeated < 0
    ? undefined
    : because([repeated, 'name'], `two ports are named "${names[repeated] ?? ''}"`)
}

function selectorWithoutPods({ namespace, manifest, selector }: ServiceDraft): ObjectProblem {
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
  const message = `${named(manifest)} selects no Pod: none in namespace "${namespace}" has ${labels.join(', ')}. Mend the selector or the Pods' labels`
  return warning(manifest, ['spec', 'selector'], 'SLICEDNS_MANIFEST_SELECTOR_WITHOUT_PODS', message)
}

/** A targetPort that is a name must be the name of a container's port in every Pod. */
function targetPortProblems({ service, pods }: Selection): ObjectProblem[] {
  return service.ports.flatMap((port, index) => {
    if (typeof port.targetPort === 'number') return []
    const lacking = pods.find(({ draft }) => !draft.isTerminal && resolvePort(port, draft) === undefined)
    if (lacking === undefined) return []
    const { namespace, name } = lacking.draft
    const pod = named({ kind: 'Pod', namespace, name })
    const message = `${named(service.manifest)}: no container of ${pod} has a ${port.protocol} port named "${port.targetPort}", so that Pod has no such port. Name the container's port, or write a number`
    const path = ['spec', 'ports', index, 'targetPort']
    return [warning(service.manifest, path, 'SLICEDNS_MANIFEST_TARGET_PORT', message)]
  })
}

function headlessWithoutEndpoints({ manifest, selector }: ServiceDraft, count: number): ObjectProblem {
  const isSelecting = Object.keys(selector).length > 0
  const none = isSelecting
    ? 'no endpoints: the Pods it selects have ended, or have no address of its families'
    : 'no endpoints. Give it a selector, or write Endpoints or an EndpointSlice for it'
  const notReady = `no ready endpoint (${count} not ready). Set publishNotReadyAddresses to have them all the same`
  const message = `${named(manifest)} is headless and has ${count === 0 ? none : notReady}`
  return warning(manifest, [], 'SLICEDNS_MANIFEST_HEADLESS_WITHOUT_ENDPOINTS', message)
}
