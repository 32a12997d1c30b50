import { nearestWord } from '../../config/nearest-word.ts'
import type { Manifest } from '../manifests/manifest.ts'

/** The kinds that DNS needs, and the apiVersion each has. */
const API_VERSIONS = {
  Service: 'v1',
  Endpoints: 'v1',
  Pod: 'v1',
  Namespace: 'v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
} as const

export type KnownKind = keyof typeof API_VERSIONS

/** What a manifest is: of a kind we read, of one we do not, of one we read under a wrong apiVersion, or misspelt. */
export type Classified =
  | { readonly is: 'known'; readonly kind: KnownKind }
  | { readonly is: 'ignored'; readonly kind: string }
  | { readonly is: 'wrong version'; readonly expected: string }
  | { readonly is: 'misspelt'; readonly nearest: KnownKind }

export function classify({ kind, apiVersion }: Pick<Manifest, 'kind' | 'apiVersion'>): Classified {
  if (!isKnown(kind)) {
    const nearest = nearestWord(kind, KNOWN_KINDS)
    return nearest !== undefined && API_VERSIONS[nearest] === apiVersion
      ? { is: 'misspelt', nearest }
      : { is: 'ignored', kind }
  }
  const expected = API_VERSIONS[kind]
  if (apiVersion === expected) return { is: 'known', kind }
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  // Other projects have kinds of the same name in their own groups, as Knative has a Service.
  const isForeign = group.includes('.') && !group.endsWith('.k8s.io')
  return isForeign ? { is: 'ignored', kind: `${kind}.${group}` } : { is: 'wrong version', expected }
}

const KNOWN_KINDS = Object.keys(API_VERSIONS).filter(isKnown)

function isKnown(kind: string): kind is KnownKind {
  return Object.hasOwn(API_VERSIONS, kind)
}
