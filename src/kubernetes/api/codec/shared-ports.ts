import { portsKey } from '../../controllers/slice-parts.ts'
import type { EndpointPort } from '../../objects.ts'
import type { Problems } from './problems.ts'
import type { PortFields } from './shrink-ports.ts'

/** Far more than a cluster has; whoever has more pays with memory. */
const KEPT_MAX = 4_096

/** Says what is served of ports; what is not, is told to the problems. */
export type ShrinkPorts<Port extends EndpointPort> = (
  given: readonly PortFields[],
  problems: Problems,
) => readonly Port[]

/** Gives lists of ports that say the same as the same array: most slices and Services have one of a few. */
export class SharedPorts<Port extends EndpointPort> {
  readonly #shrink: ShrinkPorts<Port>
  readonly #problems: Problems
  readonly #byContent = new Map<string, readonly Port[]>()
  readonly #byOctets = new Map<string, readonly Port[]>()

  constructor(shrink: ShrinkPorts<Port>, problems: Problems) {
    this.#shrink = shrink
    this.#problems = problems
  }

  /** What is served of them. */
  share(given: readonly PortFields[]): readonly Port[] {
    const ports = this.#shrink(given, this.#problems)
    const key = portsKey(ports)
    const kept = this.#byContent.get(key)
    if (kept !== undefined) return kept
    if (this.#byContent.size < KEPT_MAX) this.#byContent.set(key, ports)
    return ports
  }

  /** What is served of ports that are written as these octets, a Latin-1 text. They are read where that is not known already. */
  shareOctets(octets: string, read: () => readonly PortFields[]): readonly Port[] {
    const kept = this.#byOctets.get(octets)
    if (kept !== undefined) return kept
    const problemsBefore = this.#problems.count
    const ports = this.share(read())
    if (this.#problems.count > problemsBefore) return ports
    // Octets with a nodePort do not come again: they must not be all that there is room for.
    if (this.#byOctets.size >= KEPT_MAX) this.#byOctets.clear()
    this.#byOctets.set(octets, ports)
    return ports
  }
}
