import { lowerCase } from '../../src/wire/name.ts'
import { rrTypeFromText } from '../../src/wire/rrtype.ts'
import { loadZone } from '../../src/zone/load-zone.ts'
import { lookup } from '../../src/zone/lookup.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import type { ZoneAnswer } from '../../src/zone/zone-answer.ts'
import { composeRecordLines } from '../../src/zone/zone-file/compose-zone-file.ts'
import type { ZoneProblem } from '../../src/zone/zone-file/zone-problem.ts'
import type { Zone } from '../../src/zone/zone.ts'
import { name } from '../wire/packet.ts'

/** The zone that a text holds; throws with its problems when there is none: for zones written in tests. */
export function zoneOf(text: string, origin = 'example.'): Zone {
  const { zone, problems } = loadZone(text, { file: 'zone', origin: name(origin) })
  if (zone === undefined) throw new Error(problems.map(problemLine).join('\n'))
  return zone
}

/** The answer to a question such as `www.example. MX`. */
export function ask(zone: Zone, question: string): ZoneAnswer {
  const [qname = '', type = ''] = question.split(' ')
  const qtype = rrTypeFromText(type)
  if (qtype === undefined) throw new Error(`not a type: ${type}`)
  return lookup(zone, { qname: name(qname), qtype }, lowerCase(name(qname)))
}

/** RRsets as lines, in the order of the section. */
export function lines(rrsets: readonly RRset[]): readonly string[] {
  return rrsets.flatMap((rrset) => composeRecordLines([rrset]))
}

/** `zone:1:3 SLICEDNS_ZONE_TTL "x" is no TTL …` */
export function problemLine({ position, code, message }: ZoneProblem): string {
  return `${position.file}:${position.line}:${position.column} ${code} ${message}`
}
