import { nearName, suggestion } from './near-name.ts'
import { absence, type Found, type Hints, node } from './node.ts'
import { describeService, listed, notReadyCount } from './service-text.ts'
import type { ServiceView } from './service-view.ts'
import type { ZoneNode } from './zone-nodes.ts'

/** The label below a headless Service that names by topology zone stand below: `zone-a.pin._zone`. */
export const ZONE_ANCHOR = '_zone'

/** What a name asks for where its zone has no ready endpoint: `pin` for nothing, `prefer` for all endpoints. */
export const ZONE_DIRECTIVES = ['pin', 'prefer'] as const

/**
 * A name at or below `_zone`. `labels` are those left of it, leftmost first; a zone's name may span several: `['corp',
 * 'example', 'pin']`. Where the Service is headless and has names, every zone has, known or not (differences.md 3).
 */
export function findZonalName(labels: readonly string[], view: ServiceView): Found {
  const { zones, entry } = view
  const subject = describeService(entry)
  if (zones === undefined) {
    return absence(`${subject} has no names by topology zone`, () => [
      'Those are for headless Services, and with the "zonal" option only.',
    ])
  }
  const directive = labels.at(-1)
  if (directive === undefined) return node(`topology zones of ${subject}`, [], zoneHints(zones))
  const isPin = directive === 'pin'
  if (!isPin && directive !== 'prefer') {
    return absence(`"${directive}" is neither "pin" nor "prefer"`, () =>
      suggestion(nearName(directive, ZONE_DIRECTIVES)),
    )
  }
  if (labels.length === 1) return node(`topology zones of ${subject}`, [], zoneHints(zones))
  return findZone({ zone: labels.slice(0, -1).join('.'), isPin, zones }, view)
}

interface AskedTopologyZone {
  readonly zone: string
  readonly isPin: boolean
  /** Those there are. */
  readonly zones: ReadonlyMap<string, ZoneNode>
}

function findZone({ zone, isPin, zones }: AskedTopologyZone, { entry, own }: ServiceView): Found {
  const known = zones.get(zone)
  if (known?.node !== undefined) return known.node
  const count = known === undefined ? '' : notReadyCount(known.endpoints)
  const description = `topology zone "${zone}" of ${describeService(entry)}, which has no ready endpoint there${count}`
  const hints = zoneHints(zones, zone)
  if (isPin) return node(description, [], hints)
  return node(`${description}: all of them instead`, own.kind === 'node' ? own.data : [], hints)
}

function zoneHints(zones: ReadonlyMap<string, ZoneNode>, asked?: string): Hints {
  return () => {
    const served = [...zones].filter(([, names]) => names.node !== undefined).map(([zone]) => zone)
    if (served.length === 0) return ['None of its ready endpoints says which topology zone it is in.']
    return [
      ...suggestion(asked === undefined ? undefined : nearName(asked, served)),
      `Topology zones with ready endpoints: ${listed(served)}.`,
    ]
  }
}
