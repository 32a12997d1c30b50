import { portsKey } from '../../controllers/slice-parts.ts'
import type { EndpointPort } from '../../objects.ts'

/** Far more than a cluster has; whoever has more pays with memory. */
const KEPT_MAX = 4_096

/** Gives lists of ports that say the same as the same array: most slices and Services have one of a few. */
export class SharedPorts<Port extends EndpointPort> {
  readonly #kept = new Map<string, readonly Port[]>()

  share(ports: readonly Port[]): readonly Port[] {
    const key = portsKey(ports)
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    if (this.#kept.size < KEPT_MAX) this.#kept.set(key, ports)
    return ports
  }
}
