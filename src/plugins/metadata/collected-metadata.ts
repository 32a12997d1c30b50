import type { Query, QueryMetadata } from '../../zone/responder.ts'
import type { MetadataSource } from '../plugin.ts'

/** What the directives of a server block tell of one query, as it was asked: later changes of its question do not count. */
export class CollectedMetadata implements QueryMetadata {
  readonly #asked: Query
  readonly #source: MetadataSource
  /** What came up while it was answered; made with the first note. */
  #notes: Map<string, () => string> | undefined

  constructor(asked: Query, source: MetadataSource) {
    this.#asked = asked
    this.#source = source
  }

  get(label: string): string | undefined {
    return this.#notes?.get(label)?.() ?? this.#source(this.#asked, label)
  }

  note(label: string, value: () => string): void {
    this.#notes ??= new Map()
    this.#notes.set(label, value)
  }
}
