import type { Report } from '../problem.ts'
import type { Cluster, Slices } from '../slices.ts'

/** Everything that is served but will not resolve, or not as its author may think. */
export function findProblems(cluster: Cluster, slices: Slices, report: Report): void {
  void cluster
  void slices
  void report
}
