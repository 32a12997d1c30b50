import type { Manifest } from '../manifests/manifest.ts'
import type { Labels } from '../objects.ts'
import { Field } from './field.ts'

/** What every object that was read has: its name, and the manifest it was read from. */
export interface Draft {
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
  readonly manifest: Manifest
}

export interface OwnerReference {
  readonly kind: string
  readonly name: string
}

export function readDraft(manifest: Manifest): Draft {
  const labels = rootOf(manifest).at('metadata').at('labels').texts()
  return { namespace: manifest.namespace, name: manifest.name, labels, manifest }
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
