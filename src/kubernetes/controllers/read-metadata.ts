import type { Manifest } from '../manifests/manifest.ts'
import type { Labels } from '../objects.ts'
import { Field } from './field.ts'
import { named } from './problem.ts'

/** What every object that was read has: its name, and the manifest it was read from. */
export interface Draft {
  readonly namespace: string
  readonly name: string
  /** `namespace/name`. */
  readonly key: string
  /** `Service namespace/name`: how messages name it, and what its addresses are kept under. */
  readonly id: string
  readonly labels: Labels
  readonly manifest: Manifest
}

export interface OwnerReference {
  readonly kind: string
  readonly name: string
}

export function readDraft(manifest: Manifest): Draft {
  const { namespace, name } = manifest
  const labels = rootOf(manifest).at('metadata').at('labels').texts()
  return { namespace, name, key: `${namespace}/${name}`, id: named(manifest), labels, manifest }
}

/** Orders by namespace and name. */
export function byName(a: Pick<Draft, 'namespace' | 'name'>, b: Pick<Draft, 'namespace' | 'name'>): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name)
}

/** Orders texts by their UTF-16 units: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** metadata.ownerReferences: who made this object. */
export function readOwners(metadata: Field): OwnerReference[] {
  return metadata
    .at('ownerReferences')
    .items()
    .map((owner) => ({ kind: owner.at('kind').text() ?? '', name: owner.at('name').text() ?? '' }))
}

export function rootOf(manifest: Manifest): Field {
  return new Field(manifest.raw)
}
