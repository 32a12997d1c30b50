import { isAbsolute, join } from 'node:path'

import type { Directive } from '../../config/corefile.ts'
import { eachProperty, parseDuration, requireArgs, zoneArguments } from '../../config/directive-arguments.ts'
import type { DomainName } from '../../wire/name.ts'
import type { FallsThrough } from '../fallthrough.ts'
import { NEVER_FALLS_THROUGH, parseFallthrough } from '../fallthrough.ts'
import type { BlockContext } from '../plugin.ts'

/** What the `file` directives of one server block ask for together. */
export interface FileOptions {
  readonly sources: readonly ZoneSource[]
  /** Of names that a zone does not have. */
  readonly fallsThrough: FallsThrough
}

/** One zone and the file it stands in. */
export interface ZoneSource {
  readonly zone: DomainName
  readonly path: string
  /** How often the file is looked at; 0 for never again. */
  readonly reloadMs: number
  /** Where it is asked for. */
  readonly directive: Directive
}

const USAGE = 'file DBFILE [ZONES…]'
const DEFAULT_RELOAD_MS = 60_000

/** Reads arguments and properties. Of two files for one zone, and of several `fallthrough`, the last counts. Throws a ConfigError. */
export function parseFileOptions(directives: readonly Directive[], block: BlockContext): FileOptions {
  const sources = new Map<DomainName, ZoneSource>()
  let fallsThrough = NEVER_FALLS_THROUGH
  for (const directive of directives) {
    requireArgs(directive, 1, Infinity, USAGE)
    let reloadMs = DEFAULT_RELOAD_MS
    eachProperty(directive, {
      reload: (property) => {
        requireArgs(property, 1, 1, 'reload DURATION')
        reloadMs = property.args.map(parseDuration)[0] ?? reloadMs
      },
      // Files are read whenever they change, whatever the serial says.
      reload_by_mtime: (property) => requireArgs(property, 0, 0, 'reload_by_mtime'),
      // Of old Corefiles; it means nothing any more.
      upstream: () => {},
      fallthrough: (property) => {
        fallsThrough = parseFallthrough(property)
      },
    })
    const [path = '', ...zones] = directive.args.map(({ text }) => text)
    const named = zones.length === 0 ? block.zones : zoneArguments(directive.args.slice(1))
    for (const zone of named) sources.set(zone, { zone, path: below(block.root, path), reloadMs, directive })
  }
  return { sources: [...sources.values()], fallsThrough }
}

function below(root: string | undefined, path: string): string {
  return root === undefined || isAbsolute(path) ? path : join(root, path)
}
