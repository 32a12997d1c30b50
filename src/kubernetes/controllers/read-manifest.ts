import type { Manifest } from '../manifests/manifest.ts'
import { InvalidField } from './field.ts'
import { type Classified, type KnownKind, classify } from './kinds.ts'
import { LABEL_RULE, SUBDOMAIN_RULE, isDnsLabel, isDnsSubdomain, mendedName } from './object-name.ts'
import { ProblemCollector } from './problem-collector.ts'
import { type ObjectProblem, type Report, failure, named } from './problem.ts'
import { type EndpointSliceDraft, readEndpointSlice } from './read-endpoint-slice.ts'
import { type EndpointsDraft, readEndpoints } from './read-endpoints.ts'
import { type Draft, readDraft } from './read-metadata.ts'
import { type PodDraft, readPod } from './read-pod.ts'
import { type ServiceDraft, readService } from './read-service.ts'
import { type WorkloadDraft, readWorkload } from './read-workload.ts'

/** One object as read, by what our controllers make of it. */
export type Reading =
  | { readonly of: 'services'; readonly draft: ServiceDraft }
  | { readonly of: 'endpoints'; readonly draft: EndpointsDraft }
  | { readonly of: 'slices'; readonly draft: EndpointSliceDraft }
  | { readonly of: 'pods'; readonly draft: PodDraft }
  | { readonly of: 'workloads'; readonly draft: WorkloadDraft }
  | { readonly of: 'namespaces'; readonly draft: Draft }
  | { readonly of: 'ignored'; readonly kind: string }
  | { readonly of: 'refused' }

export interface ReadManifest {
  readonly reading: Reading
  readonly problems: readonly ObjectProblem[]
}

/** Reads one object. Whatever is wrong with it becomes a problem and, if Kubernetes would refuse it, its end. */
export function readManifest(manifest: Manifest): ReadManifest {
  const problems = new ProblemCollector()
  try {
    const reading = read(manifest, classify(manifest), problems.report)
    return { reading, problems: problems.finish() }
  } catch (error) {
    const { path, code, message } = error instanceof InvalidField ? error : unreadable(error)
    problems.report(failure(manifest, path, code, `${named(manifest)}: ${message}`))
    return { reading: { of: 'refused' }, problems: problems.finish() }
  }
}

/** R07: an object that cannot even be looked at (a getter that throws, a fault of ours) is left out, and the rest is served. */
function unreadable(error: unknown): Pick<InvalidField, 'path' | 'code' | 'message'> {
  const why = error instanceof Error ? error.message : String(error)
  return { path: [], code: 'SLICEDNS_MANIFEST_FIELD_INVALID', message: `cannot be read: ${why}` }
}

function read(manifest: Manifest, what: Classified, report: Report): Reading {
  if (what.is === 'ignored') return { of: 'ignored', kind: what.kind }
  if (what.is === 'wrong version') {
    const message = `${named(manifest)}: apiVersion must be ${what.expected}, got "${manifest.apiVersion}"`
    report(failure(manifest, ['apiVersion'], 'SLICEDNS_MANIFEST_API_VERSION', message))
    return { of: 'refused' }
  }
  if (what.is === 'misspelt') {
    const message = `${named(manifest)}: there is no kind "${manifest.kind}" in ${manifest.apiVersion}; did you mean "${what.nearest}"?`
    report(failure(manifest, ['kind'], 'SLICEDNS_MANIFEST_KIND', message))
    return { of: 'refused' }
  }
  return hasValidName(manifest, what.kind, report) ? readKind(manifest, what.kind, report) : { of: 'refused' }
}

function readKind(manifest: Manifest, kind: KnownKind, report: Report): Reading {
  switch (kind) {
    case 'Service':
      return { of: 'services', draft: readService(manifest) }
    case 'Endpoints':
      return { of: 'endpoints', draft: readEndpoints(manifest, report) }
    case 'EndpointSlice':
      return { of: 'slices', draft: readEndpointSlice(manifest, report) }
    case 'Pod':
      return { of: 'pods', draft: readPod(manifest) }
    case 'Namespace':
      return { of: 'namespaces', draft: readDraft(manifest) }
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
    default:
      return { of: 'workloads', draft: readWorkload(manifest, kind) }
  }
}

/** Names of Services and Namespaces are labels of DNS names; of the others, DNS names. */
function hasValidName(manifest: Manifest, kind: KnownKind, report: Report): boolean {
  const isLabel = kind === 'Service' || kind === 'Namespace'
  const isNameValid = isLabel ? isDnsLabel(manifest.name) : isDnsSubdomain(manifest.name)
  if (!isNameValid) report(badName(manifest, 'name', isLabel ? LABEL_RULE : SUBDOMAIN_RULE))
  const isNamespaceValid = kind === 'Namespace' || isDnsLabel(manifest.namespace)
  if (!isNamespaceValid) report(badName(manifest, 'namespace', LABEL_RULE))
  return isNameValid && isNamespaceValid
}

function badName(manifest: Manifest, field: 'name' | 'namespace', rule: string): ObjectProblem {
  const mended = mendedName(manifest[field])
  const hint = mended === undefined ? '' : `; "${mended}" would do`
  const message = `${manifest.kind}: metadata.${field} ${rule}, got "${manifest[field]}"${hint}`
  return failure(manifest, ['metadata', field], 'SLICEDNS_MANIFEST_NAME', message)
}
