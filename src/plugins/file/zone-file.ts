import { dirname, resolve } from 'node:path'

import type { DomainName } from '../../wire/name.ts'
import { loadZoneSteps } from '../../zone/load-zone.ts'
import type { ZoneProblem } from '../../zone/zone-file/zone-problem.ts'
import type { Zone } from '../../zone/zone.ts'
import { inSlices } from '../in-slices.ts'
import { readIfThere } from '../read-if-there.ts'

/** How files are looked at: the part of a host that this takes. */
export interface FileReader {
  readonly readFile: (path: string) => string
  readonly readFileLater: (path: string) => Promise<string>
  /** Another text whenever the file has changed; undefined where it cannot be read. */
  readonly fileStamp: (path: string) => string | undefined
}

/** What a look at the file has brought. `problems` of `read` may be warnings only: then the zone is the new one. */
export type ZoneFileUpdate =
  | { readonly kind: 'same' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'read'; readonly problems: readonly ZoneProblem[]; readonly isServed: boolean }

/**
 * A zone that stands in a file, read again when that file or one that it includes has changed. The last good zone stays
 * where there is no better one, and until a new one is complete.
 */
export class ZoneFile {
  readonly #path: string
  readonly #origin: DomainName
  #zone: Zone | undefined
  /** Of every file that was read or looked for, what it was then. */
  #stamps: ReadonlyMap<string, string | undefined> = new Map()
  #update: Promise<ZoneFileUpdate> | undefined

  constructor(path: string, origin: DomainName) {
    this.#path = path
    this.#origin = origin
  }

  /** Undefined as long as there has been no good one. */
  get zone(): Zone | undefined {
    return this.#zone
  }

  /** Whether it is being looked at just now. */
  get isUpdating(): boolean {
    return this.#update !== undefined
  }

  /** Looks at the files, and reads them where one has changed; who asks meanwhile gets the same. Never rejects. */
  update(reader: FileReader): Promise<ZoneFileUpdate> {
    this.#update ??= this.#look(reader).finally(() => {
      this.#update = undefined
    })
    return this.#update
  }

  async #look(reader: FileReader): Promise<ZoneFileUpdate> {
    if (this.#stamps.size > 0 && this.#isUnchanged(reader)) return { kind: 'same' }
    const stamps = new Map<string, string | undefined>()
    // The stamp first: what changes in between is then read once more.
    const read = (path: string): string | undefined => {
      stamps.set(path, reader.fileStamp(path))
      return readIfThere(path, reader)
    }
    stamps.set(this.#path, reader.fileStamp(this.#path))
    const text = await reader.readFileLater(this.#path).catch(() => undefined)
    this.#stamps = stamps
    if (text === undefined) return { kind: 'unreadable' }
    const steps = loadZoneSteps(text, {
      file: this.#path,
      origin: this.#origin,
      readFile: (path, from) => {
        const file = resolve(dirname(from), path)
        const included = read(file)
        return included === undefined ? { reason: `${file} cannot be read` } : { file, text: included }
      },
    })
    const { zone, problems } = await inSlices(steps)
    this.#zone = zone ?? this.#zone
    return { kind: 'read', problems, isServed: zone !== undefined }
  }

  #isUnchanged({ fileStamp }: FileReader): boolean {
    return [...this.#stamps].every(([path, stamp]) => fileStamp(path) === stamp)
  }
}
