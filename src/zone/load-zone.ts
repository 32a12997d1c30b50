import { createZone } from './create-zone.ts'
import { finish, type Steps } from './steps.ts'
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
  return finish(loadZoneSteps(text, options))
}

/** The same in steps: a million records take seconds. */
export function* loadZoneSteps(text: string, options: ZoneFileOptions): Steps<LoadedZone> {
  const problems = new ZoneProblems()
  const { records, files } = yield* readZoneFile(text, options, problems)
  const zone = yield* createZone(records, options, problems)
  return { zone, problems: problems.list(), files }
}
