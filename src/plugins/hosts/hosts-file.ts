import type { FileReader } from '../file/zone-file.ts'
import { readIfThere } from '../read-if-there.ts'
import type { HostsTableOptions } from './hosts-table.ts'
import { HostsTable } from './hosts-table.ts'

/** The table of a hosts file, read again when the file changes. What it held stays where it cannot be read any more. */
export class HostsFile {
  readonly #path: string
  readonly #options: HostsTableOptions
  #stamp: string | undefined
  #table: HostsTable

  constructor(path: string, options: HostsTableOptions) {
    this.#path = path
    this.#options = options
    this.#table = new HostsTable('', options)
  }

  get table(): HostsTable {
    return this.#table
  }

  /** Looks at the file, and reads it where it has changed. Never throws. */
  update(reader: Pick<FileReader, 'readFile' | 'fileStamp'>): 'same' | 'read' | 'unreadable' {
    const stamp = reader.fileStamp(this.#path)
    if (stamp !== undefined && stamp === this.#stamp) return 'same'
    const text = stamp === undefined ? undefined : readIfThere(this.#path, reader)
    if (text === undefined) return 'unreadable'
    this.#table = new HostsTable(text, this.#options)
    this.#stamp = stamp
    return 'read'
  }
}
