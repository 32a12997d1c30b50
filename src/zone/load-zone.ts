import { createZone } from './create-zone.ts'
import type { Zone } from './zone.ts'
import { readZoneFile, type ZoneFileOptions } from './zone-file/parse-zone-file.ts'
import { type ZoneProblem, ZoneProblems } from './zone-file/zone-problem.ts'

export interface LoadedZone {
  /** Undefined where a problem is an error: whoever has an older zone goes on with it. */
  readonly zone: Zone | undefined
  readonly problems: readonly ZoneProblem[]
  /** Every file that was read, whose change asks for a new load. */
  readonly files: readonly string[]
}

/** The zone `origin` that a zone file holds, read and checked. Never throws. */
export function loadZone(text: string, options: ZoneFileOptions): LoadedZone {
  const problems = new ZoneProblems()
  const { records, files } = readZoneFile(text, options, problems)
  const zone = createZone(records, options, problems)
  return { zone, problems: problems.list(), files }
}
