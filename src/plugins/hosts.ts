import type { DomainName } from '../wire/name.ts'
import { finish } from '../zone/steps.ts'
import { HostsFile } from './hosts/hosts-file.ts'
import { parseHostsOptions } from './hosts/hosts-options.ts'
import { createHostsResponder } from './hosts/hosts-responder.ts'
import { HostsTable } from './hosts/hosts-table.ts'
import { longestZone } from './longest-zone.ts'
import type { Plugin, PluginHost } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/** `hosts [FILE [ZONES…]] { … }`: answers names from a hosts file, and from lines of the same form in its braces. */
export const hosts: Plugin = {
  name: 'hosts',
  setup(directives, block) {
    const directive = singleDirective(directives, 'write the lines of both into one')
    if (directive === undefined) return {}
    const { host } = block
    const options = parseHostsOptions(directive, block)
    const { zones, hasReverse, path, reloadMs } = options
    const tableOptions = {
      isServed: (name: DomainName) => longestZone(zones, name) !== undefined,
      hasReverse,
    }
    const inline = finish(HostsTable.read(options.inline.join('\n'), tableOptions))
    const key = JSON.stringify([path, zones, hasReverse])
    const file = host.hostsFiles.get(key, () => new HostsFile(path, tableOptions))
    const update = async (): Promise<boolean> => {
      const outcome = await file.update(host)
      if (outcome === 'read') showTime(host, path)
      return outcome !== 'unreadable'
    }
    host.beforeServing(async () => {
      if (!(await update())) host.log.warn(`hosts file ${path} cannot be read; it is tried again`)
    })
    if (reloadMs > 0) host.every(reloadMs, async () => void (await update()))
    showEntries(host, path, () => file.table.entryCount + inline.entryCount)
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

/** Shows of which time the file is that was read. */
function showTime(host: PluginHost, path: string): void {
  const time = host.metrics.gauge({
    name: 'coredns_hosts_reload_timestamp_seconds',
    help: 'When the hosts file that was read last was last changed, since 1970.',
  })
  time.with().value = host.modifiedSeconds(path) ?? 0
}
