import type { FileReader } from '../file/zone-file.ts'
import { inSlices } from '../in-slices.ts'
import type { HostsTableOptions } from './hosts-table.ts'
import { HostsTable } from './hosts-table.ts'

export type HostsFileUpdate = 'same' | 'read' | 'unreadable'

/**
 * The table of a hosts file, read again when the file changes. What it held stays where it cannot be read any more, and until a
 * new table is complete.
 */
export class HostsFile {
  readonly #path: string
  readonly #options: HostsTableOptions
  #stamp: string | undefined
  #table: HostsTable
  #update: Promise<HostsFileUpdate> | undefined

  constructor(path: string, options: HostsTableOptions) {
    this.#path = path
    this.#options = options
    this.#table = new HostsTable(options)
  }

  get table(): HostsTable {
    return this.#table
  }

  /** Looks at the file, and reads it where it has changed; who asks meanwhile gets the same. Never rejects. */
  update(reader: FileReader): Promise<HostsFileUpdate> {
    this.#update ??= this.#look(reader).finally(() => {
      this.#update = undefined
    })
    return this.#update
  }

  async #look({ fileStamp, readFileLater }: FileReader): Promise<HostsFileUpdate> {
    const stamp = fileStamp(this.#path)
    if (stamp !== undefined && stamp === this.#stamp) return 'same'
    const text = stamp === undefined ? undefined : await readFileLater(this.#path).catch(() => undefined)
    if (text === undefined) return 'unreadable'
    this.#table = await inSlices(HostsTable.read(text, this.#options))
    this.#stamp = stamp
    return 'read'
  }
}
