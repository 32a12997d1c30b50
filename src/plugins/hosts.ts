import { createHostsResponder } from './hosts/hosts-responder.ts'
import { HostsTable } from './hosts/hosts-table.ts'
import { parseHostsOptions } from './hosts/hosts-options.ts'
import { longestZone } from './longest-zone.ts'
import type { Plugin, PluginHost } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/** `hosts [FILE [ZONES…]] { … }`: answers names from a hosts file, and from lines of the same form in its braces. */
export const hosts: Plugin = {
  name: 'hosts',
  setup(directives, block) {
    const directive = singleDirective(directives, 'write the lines of both into one')
    if (directive === undefined) return {}
    const options = parseHostsOptions(directive, block)
    const { zones, hasReverse, path, reloadMs } = options
    const createTable = (text: string): HostsTable =>
      new HostsTable(text, { isServed: (name) => longestZone(zones, name) !== undefined, hasReverse })
    const inline = createTable(options.inline.join('\n'))
    const file = new HostsFile(path, block.host, createTable)
    if (!file.update()) block.host.log.warn(`hosts file ${path} cannot be read; it is tried again`)
    if (reloadMs > 0) block.host.every(reloadMs, () => void file.update())
    showEntries(block.host, path, () => file.table.entryCount + inline.entryCount)
    return { responder: createHostsResponder(options, () => [file.table, inline]) }
  },
}

function showEntries(host: PluginHost, path: string, count: () => number): void {
  const spec = {
    name: 'coredns_hosts_entries',
    help: 'Pairs of name and address, of a hosts file and the lines in its directive, both ways.',
    labels: ['hostsfile'],
  }
  host.onClose(host.metrics.read(spec, 'gauge', () => [{ labelValues: [path], value: count() }]))
}

/** The table of a file, read again when the file changes. What it held stays where it cannot be read any more. */
class HostsFile {
  readonly #path: string
  readonly #host: PluginHost
  readonly #createTable: (text: string) => HostsTable
  #stamp: string | undefined
  #table: HostsTable

  constructor(path: string, host: PluginHost, createTable: (text: string) => HostsTable) {
    this.#path = path
    this.#host = host
    this.#createTable = createTable
    this.#table = createTable('')
  }

  get table(): HostsTable {
    return this.#table
  }

  /** False where the file cannot be read. */
  update(): boolean {
    const stamp = this.#host.fileStamp(this.#path)
    if (stamp === undefined) return false
    if (stamp === this.#stamp) return true
    try {
      this.#table = this.#createTable(this.#host.readFile(this.#path))
    } catch {
      return false
    }
    this.#stamp = stamp
    return true
  }
}
