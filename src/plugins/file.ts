import { ConfigError, quoted } from '../config/config-error.ts'
import type { DomainName } from '../wire/name.ts'
import { joinChain } from '../zone/cname-chain.ts'
import { failureReply } from '../zone/failure-reply.ts'
import { findNode } from '../zone/find-node.ts'
import { lookup } from '../zone/lookup.ts'
import type { Query, Reply } from '../zone/responder.ts'
import type { ZoneAnswer } from '../zone/zone-answer.ts'
import { replyFromZoneAnswer } from '../zone/zone-answer.ts'
import type { ZoneProblem } from '../zone/zone-file/zone-problem.ts'
import type { Zone } from '../zone/zone.ts'
import type { ZoneSource } from './file/file-options.ts'
import { parseFileOptions } from './file/file-options.ts'
import type { ZoneFileUpdate } from './file/zone-file.ts'
import { ZoneFile } from './file/zone-file.ts'
import { longestZone } from './longest-zone.ts'
import type { Log, Plugin, PluginHost } from './plugin.ts'

/** `file DBFILE [ZONES…] { … }`: answers names from zone files (RFC 1035 section 5), which are read again when they change. */
export const file: Plugin = {
  name: 'file',
  setup(directives, block) {
    const { host } = block
    const { sources, fallsThrough } = parseFileOptions(directives, block)
    const files = new Map<DomainName, ZoneFile>(
      sources.map((source) => [source.zone, openZoneFile(source, host)]),
    )
    const zones = [...files.keys()]
    host.addOwnZones(zones)
    return {
      responder: (query, next) => {
        const { lowerName } = query
        const zone = longestZone(zones, lowerName)
        if (zone === undefined) return next(query)
        const data = files.get(zone)?.zone
        if (data === undefined) return failureReply(`the file of zone ${zone} could not be read yet`)
        if (fallsThrough(lowerName) && !hasRecords(data, query)) return next(query)
        const answer = lookup(data, query.question, lowerName)
        const { wildcard } = answer
        if (wildcard !== undefined) query.metadata?.note('zone/wildcard', () => wildcard)
        return replyFrom(answer, query)
      },
    }
  },
}

/** A name that exists only because names below it do counts as none, so that a zone can lie over another server's. */
function hasRecords(zone: Zone, { lowerName, question: { qtype } }: Query): boolean {
  const found = findNode(zone, lowerName, qtype)
  if (found === undefined || found.kind === 'none') return false
  return found.kind !== 'node' || found.node.rrsets.size > 0
}

/** What the zone says, and where a chain of CNAMEs leaves it, what is said of the rest (differences.md 13). */
function replyFrom(answer: ZoneAnswer, query: Query): Reply | Promise<Reply> {
  if (answer.target === undefined) return replyFromZoneAnswer(answer)
  const start = { rrsets: answer.answer, authoritativeAnswer: true }
  const rest = query.resolve({ ...query.question, qname: answer.target })
  return rest instanceof Promise ? rest.then((late) => joinChain(start, late)) : joinChain(start, rest)
}

/** Reads the file before the configuration is served, and again whenever it changes. */
function openZoneFile(source: ZoneSource, host: PluginHost): ZoneFile {
  const { zone, path, reloadMs } = source
  const zoneFile = host.zoneFiles.get(JSON.stringify([path, zone]), () => new ZoneFile(path, zone))
  host.beforeServing(() => readFirst(zoneFile, source, host))
  if (reloadMs > 0) {
    host.every(reloadMs, async () => {
      // A large file takes longer than the time between two looks.
      if (zoneFile.isUpdating) return
      const { zone: before } = zoneFile
      report(await zoneFile.update(host), { path, before, log: host.log })
    })
  }
  return zoneFile
}

/** Rejects with a ConfigError where there is no good zone to begin with, save for a file that may still come. */
async function readFirst(
  zoneFile: ZoneFile,
  { zone, path, reloadMs, directive }: ZoneSource,
  host: PluginHost,
): Promise<void> {
  const before = zoneFile.zone
  const update = await zoneFile.update(host)
  if (zoneFile.zone === undefined && (update.kind === 'read' || reloadMs === 0)) {
    throw new ConfigError({
      code: 'SLICEDNS_CONFIG_ZONE_FILE',
      message: `zone ${zone} cannot be served: ${errorsOf(update, path)}`,
      position: directive.args[0]?.position ?? directive.position,
    })
  }
  report(update, { path, before, log: host.log })
}

/** Logs what is wrong with a file. `before`: the zone that was served until now. */
function report(
  update: ZoneFileUpdate,
  { path, before, log }: { readonly path: string; readonly before: Zone | undefined; readonly log: Log },
): void {
  const kept = before === undefined ? '' : '; the zone as it was before is served'
  if (update.kind === 'unreadable') log.warn(`zone file ${path} cannot be read; it is tried again${kept}`)
  if (update.kind !== 'read') return
  for (const problem of update.problems) {
    if (problem.severity === 'warning') log.warn(lineOf(problem), { code: problem.code })
    else log.error(`${lineOf(problem)}${kept}`, { code: problem.code })
  }
  if (update.isServed && before !== undefined) log.info(`read zone file ${path} again: it has changed`)
}

/** The first one, which the others often follow from. */
function errorsOf(update: ZoneFileUpdate, path: string): string {
  const problems = update.kind === 'read' ? update.problems : []
  const [first, ...more] = problems.filter(({ severity }) => severity === 'error')
  if (first === undefined) return `file ${quoted(path)} cannot be read`
  return `${lineOf(first)}${more.length === 0 ? '' : ` (and ${more.length} more errors)`}`
}

function lineOf({ position, message }: ZoneProblem): string {
  return `${position.file}:${position.line}:${position.column}: ${message}`
}
