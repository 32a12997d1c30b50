import { lintAddresses } from './addresses.ts'
import { lintEndpoints } from './endpoints.ts'
import type { Linted } from './linted.ts'
import { lintPods } from './pods.ts'
import { lintPortNames } from './port-names.ts'
import { lintServices } from './services.ts'
import { lintSlices } from './slices.ts'
import { lintWorkloads } from './workloads.ts'

/** Reports everything that is served but will not resolve, or not as its author may think. */
export function findProblems(linted: Linted): void {
  lintAddresses(linted)
  lintServices(linted)
  lintWorkloads(linted)
  lintPods(linted)
  lintEndpoints(linted)
  lintSlices(linted)
  lintPortNames(linted)
}
