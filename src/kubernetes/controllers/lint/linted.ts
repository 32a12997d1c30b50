import type { Report } from '../problem.ts'
import type { Cluster, Slices } from '../slice-controller.ts'

/** What the rules look at. */
export interface Linted {
  readonly cluster: Cluster
  readonly slices: Slices
  readonly report: Report
}
