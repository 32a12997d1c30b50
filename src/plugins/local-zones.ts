import { asDomainName, type DomainName } from '../wire/name.ts'
import { loadZone } from '../zone/load-zone.ts'
import { lookup } from '../zone/lookup.ts'
import type { Responder } from '../zone/responder.ts'
import { replyFromZoneAnswer } from '../zone/zone-answer.ts'
import { zoneNamesFromList } from '../zone/zone-list.ts'
import type { Zone } from '../zone/zone.ts'
import { longestZone } from './longest-zone.ts'

/** Each name of these lists is a zone that holds what `empty.zone` says. */
const LISTS = ['locally-served.txt', 'special-use.txt']

/** Zones with a file of their own: the reverse name of ::1 is one name, as RFC 6303 section 4.3 has it. */
const FILES = new Map<DomainName, string>([
  [asDomainName('127.in-addr.arpa.'), '127.in-addr.arpa.zone'],
  [asDomainName(`1.${'0.'.repeat(31)}ip6.arpa.`), 'loopback.ip6.arpa.zone'],
])

/**
 * Answers the locally served zones (RFC 6303, RFC 7793) and the special-use names (RFC 6761, 7686, 9476) that `zones/local/`
 * holds: private reverse names and the like, of which an upstream knows nothing. It belongs in front of `forward` and behind
 * everything that has data: a cluster's reverse names are among them.
 */
export function localZones(readZoneFile: (name: string) => string): Responder {
  const zones = loadZones(readZoneFile)
  const names = [...zones.keys()]
  return (query, next) => {
    const zone = zones.get(longestZone(names, query.lowerName) ?? asDomainName('.'))
    if (zone === undefined) return next(query)
    return replyFromZoneAnswer(lookup(zone, query.question, query.lowerName))
  }
}

function loadZones(readZoneFile: (name: string) => string): ReadonlyMap<DomainName, Zone> {
  const empty = readZoneFile('empty.zone')
  const zones = new Map<DomainName, Zone>()
  const add = (origin: DomainName, file: string, text: string): void => {
    const { zone } = loadZone(text, { file, origin })
    if (zone !== undefined) zones.set(origin, zone)
  }
  for (const list of LISTS) {
    for (const origin of zoneNamesFromList(readZoneFile(list))) add(origin, 'empty.zone', empty)
  }
  for (const [origin, file] of FILES) add(origin, file, readZoneFile(file))
  return zones
}
