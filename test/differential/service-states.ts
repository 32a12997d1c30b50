import { CLUSTER_IP_STATES } from './cluster-ip-states.ts'
import { HEADLESS_STATES } from './headless-states.ts'
import { ODD_HEADLESS_STATES } from './odd-headless-states.ts'
import { OTHER_STATES } from './other-states.ts'
import type { MakeState } from './state-parts.ts'

/** Every state that a Service and its slices are generated in. */
export const SERVICE_STATES: Readonly<Record<string, MakeState>> = {
  ...CLUSTER_IP_STATES,
  ...HEADLESS_STATES,
  ...ODD_HEADLESS_STATES,
  ...OTHER_STATES,
}
