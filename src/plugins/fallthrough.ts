import type { Directive } from '../config/corefile.ts'
import { zoneArguments } from '../config/directive-arguments.ts'
import type { DomainName } from '../wire/name.ts'
import { isSubdomain } from '../wire/name.ts'

/** Whether a name that the directive does not know goes to the next one. */
export type FallsThrough = (lowerName: DomainName) => boolean

/** Of a directive without the property. */
export const NEVER_FALLS_THROUGH: FallsThrough = () => false

/** `fallthrough [ZONES…]`: names below the zones, all names without any. Throws a ConfigError. */
export function parseFallthrough(property: Directive): FallsThrough {
  if (property.args.length === 0) return () => true
  const zones = zoneArguments(property.args)
  return (lowerName) => zones.some((zone) => isSubdomain(lowerName, zone))
}
