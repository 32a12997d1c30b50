import type { EndpointSlice } from '../objects.ts'
import { generatedName } from './generated-name.ts'
import type { Draft } from './read-metadata.ts'

/** Names the slices that are made, beside those that are written. */
export class SliceNames {
  /** Keys, `namespace/name`, of the slices there are. */
  readonly #taken: Set<string>

  constructor(written: readonly Draft[]) {
    this.#taken = new Set(written.map(({ key }) => key))
  }

  /** Takes a name for a slice of the object: the same one for the same seed, unless it is taken. */
  take({ namespace, name }: Pick<Draft, 'namespace' | 'name'>, seed: string): string {
    const taking = generatedName(name, seed, (candidate) => this.#taken.has(`${namespace}/${candidate}`))
    this.#taken.add(`${namespace}/${taking}`)
    return taking
  }

  /** Takes the names that slices had before; false, and none taken, where one is no longer free. */
  takeAgain(slices: readonly EndpointSlice[]): boolean {
    const keys = slices.map(({ namespace, name }) => `${namespace}/${name}`)
    if (keys.some((key) => this.#taken.has(key))) return false
    for (const key of keys) this.#taken.add(key)
    return true
  }
}
