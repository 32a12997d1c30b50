import { splitDocuments, splitJsonValues } from './documents.ts'
import type { TextRange } from './documents.ts'
import { splitListItems } from './list-items.ts'
import { locatePlace, ManifestObject } from './manifest-object.ts'
import type { ManifestPlace } from './manifest-object.ts'
import { defaultsOf, isList, isMapping, shapeObjects } from './manifest-shape.ts'
import type { Shaped } from './manifest-shape.ts'
import { decodeManifestText, ManifestText } from './manifest-text.ts'
import type { Manifest, ManifestPosition, ManifestProblem } from './manifest.ts'
import { findYamlFaults } from './yaml-errors.ts'
import { parseYaml } from './yaml.ts'
import type { YamlFault } from './yaml.ts'

/** What a file holds: the good objects, and all that is wrong with the others. */
export interface ManifestFile {
  readonly manifests: readonly Manifest[]
  readonly problems: readonly ManifestProblem[]
  /** For the next time that the file is read. */
  readonly documents: KnownDocuments
}

/** Documents without a fault, by their text. */
export type KnownDocuments = ReadonlyMap<string, KnownDocument>

interface KnownDocument {
  readonly text: string
  readonly manifests: readonly ManifestObject[]
}

/** Called between documents with the number of objects so far; where it gives a promise, that is awaited. */
export type ParseStep = (objectsRead: number) => Promise<void> | undefined

/**
 * Reads the octets of a YAML or JSON file: several documents, Lists, empty documents. Any octets give a result, never an
 * error. Documents are read one at a time, which keeps memory low and lets other work pass between them. A document that
 * is among the `known` ones gives the same objects again, moved to where they stand now.
 */
export async function parseManifestFile(
  file: string,
  octets: Uint8Array,
  step: ParseStep,
  known: KnownDocuments = NO_DOCUMENTS,
): Promise<ManifestFile> {
  const text = decodeManifestText(octets)
  if (typeof text !== 'string') {
    const { message, line, column } = text
    const position = { file, line, column }
    return {
      manifests: [],
      problems: [{ severity: 'error', code: 'SLICEDNS_MANIFEST_NOT_TEXT', message, position }],
      documents: known,
    }
  }
  const reader = new ManifestReader(new ManifestText(file, text), step, known)
  for (const range of splitDocuments(text)) {
    await reader.readDocument(range)
    await step(reader.manifests.length)
  }
  return reader.finish()
}

const NO_DOCUMENTS: KnownDocuments = new Map()

/** Nobody reads more; a file of another kind could give millions. */
const maxProblems = 1000

class ManifestReader {
  readonly manifests: ManifestObject[] = []
  readonly #known: KnownDocuments
  readonly #documents = new Map<string, KnownDocument>()
  readonly #problems: ManifestProblem[] = []
  #problemsLeftOut = 0
  readonly #text: ManifestText
  readonly #step: ParseStep

  constructor(text: ManifestText, step: ParseStep, known: KnownDocuments) {
    this.#text = text
    this.#step = step
    this.#known = known
  }

  async readDocument(range: TextRange): Promise<void> {
    const text = this.#text.text.slice(range.start, range.end)
    if (this.#takeKnown(text, range)) return
    const [objectsBefore, problemsBefore] = [this.manifests.length, this.#problemCount]
    const own = detached(text)
    await this.#readNew(own, range)
    // Of two that read the same, the later is read anew each time.
    if (this.#problemCount > problemsBefore || this.#documents.has(own)) return
    this.#documents.set(own, { text: own, manifests: this.manifests.slice(objectsBefore) })
  }

  /** Takes the objects that the document gave the last time; false where there are none, or they are taken already. */
  #takeKnown(text: string, { start, end }: TextRange): boolean {
    const known = this.#documents.has(text) ? undefined : this.#known.get(text)
    if (known === undefined) return false
    for (const manifest of known.manifests) manifest.moveTo({ text: this.#text, start, end })
    this.manifests.push(...known.manifests)
    this.#documents.set(known.text, known)
    return true
  }

  async #readNew(text: string, range: TextRange): Promise<void> {
    if (await this.#readList(range)) return
    const result = parseYaml(text)
    if (result.fault === undefined) {
      for (const [index, value] of result.values.entries()) this.#take(shapeObjects(value), range, [index])
      return
    }
    const values = /^\s*\{/.test(text) ? splitJsonValues(this.#text.text, range) : []
    if (values.length > 1) {
      for (const value of values) {
        await this.readDocument(value)
        await this.#step(this.manifests.length)
      }
      return
    }
    await this.#reportFaults(range, text, result.fault)
  }

  get #problemCount(): number {
    return this.#problems.length + this.#problemsLeftOut
  }

  finish(): ManifestFile {
    const found = { manifests: this.manifests, documents: this.#documents }
    const last = this.#problems.at(-1)
    if (this.#problemsLeftOut === 0 || last === undefined) return { ...found, problems: this.#problems }
    const message = `${this.#problemsLeftOut} more problems behind this one: mend these first`
    const more = { ...last, code: 'SLICEDNS_MANIFEST_MORE_PROBLEMS', message }
    return { ...found, problems: [...this.#problems, more] }
  }

  /** Reads a long List in pieces; false where that cannot be done. */
  async #readList(range: TextRange): Promise<boolean> {
    const pieces = splitListItems(this.#text.text, range)
    if (pieces === undefined) return false
    const header = parseYaml(pieces.header).values?.[0]
    if (!isMapping(header) || 'items' in header || !isList(header['kind'], { ...header, items: [] }))
      return false
    const defaults = defaultsOf(header)
    const found: { readonly shaped: Shaped; readonly batch: TextRange }[] = []
    for (const batch of pieces.batches) {
      const items = parseYaml(detached(this.#text.text.slice(batch.start, batch.end))).values?.[0]
      if (!Array.isArray(items)) return false
      for (const [index, item] of items.entries()) {
        for (const shaped of shapeObjects(item, [index], defaults)) found.push({ shaped, batch })
      }
      await this.#step(this.manifests.length + found.length)
    }
    for (const { shaped, batch } of found) this.#take([shaped], batch, [0])
    return true
  }

  #take(shapedObjects: Iterable<Shaped>, { start, end }: TextRange, prefix: readonly number[]): void {
    for (const shaped of shapedObjects) {
      const place: ManifestPlace = { text: this.#text, start, end, path: [...prefix, ...shaped.path] }
      if ('object' in shaped) this.manifests.push(new ManifestObject(shaped.object, place))
      else this.#report(shaped.fault, () => locatePlace(place, []))
    }
  }

  async #reportFaults(range: TextRange, text: string, first: YamlFault): Promise<void> {
    const hint = text.includes('{{')
      ? ': this looks like a template, serve what it renders (helm template)'
      : ''
    for (const { reason, offset } of await findYamlFaults(text, first)) {
      const at = Math.min(range.start + offset, this.#text.text.length)
      const message = `this is not YAML: ${reason}${hint}`
      this.#report({ code: 'SLICEDNS_MANIFEST_SYNTAX', message }, () => this.#text.position(at))
    }
  }

  #report(fault: Pick<ManifestProblem, 'code' | 'message'>, locate: () => ManifestPosition): void {
    if (this.#problems.length < maxProblems) {
      this.#problems.push({ severity: 'error', ...fault, position: locate() })
    } else this.#problemsLeftOut++
  }
}

/**
 * A copy. Parts of a string keep the whole of it in memory: objects that outlive the text of the file they came from would each
 * keep another one.
 */
function detached(text: string): string {
  return Buffer.from(text).toString()
}
