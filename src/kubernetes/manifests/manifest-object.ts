import type { ManifestText } from './manifest-text.ts'
import type { Manifest, ManifestPosition } from './manifest.ts'
import { locateInYaml } from './yaml-locate.ts'

/** Where a value stands: a part of a file that is YAML of its own, and the path in it, the document's number first. */
export interface ManifestPlace {
  readonly text: ManifestText
  readonly start: number
  readonly end: number
  readonly path: readonly (string | number)[]
}

/** Slow: reads that part of the file again. */
export function locatePlace(place: ManifestPlace, path: readonly (string | number)[]): ManifestPosition {
  const { text, start, end } = place
  return text.position(start + locateInYaml(text.text.slice(start, end), [...place.path, ...path]))
}

/** Who the object is; see Manifest. */
export type ManifestIdentity = Pick<Manifest, 'apiVersion' | 'kind' | 'namespace' | 'name' | 'raw'>

/** A manifest that was read from a file. It stays the same while its document does, wherever in the file that moves. */
export class ManifestObject implements Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly raw: Readonly<Record<string, unknown>>
  #place: ManifestPlace
  /** Those that were asked for since it moved last: finding one takes long. */
  #positions: Map<string, ManifestPosition> | undefined

  constructor(identity: ManifestIdentity, place: ManifestPlace) {
    this.apiVersion = identity.apiVersion
    this.kind = identity.kind
    this.namespace = identity.namespace
    this.name = identity.name
    this.raw = identity.raw
    this.#place = place
  }

  /** Its document stands there now. */
  moveTo(place: Omit<ManifestPlace, 'path'>): void {
    this.#place = { ...place, path: this.#place.path }
    this.#positions = undefined
  }

  /** The same value as long as it does not move. */
  locate(...path: readonly (string | number)[]): ManifestPosition {
    this.#positions ??= new Map()
    const key = JSON.stringify(path)
    const position = this.#positions.get(key) ?? locatePlace(this.#place, path)
    this.#positions.set(key, position)
    return position
  }
}
