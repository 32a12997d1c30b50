import type { E2eCase } from './e2e-case.ts'
import { AGREEMENT } from './suites/agreement.ts'
import { LABS } from './suites/labs.ts'
import { ROLLING } from './suites/rolling.ts'
import { CONNECTION_FAULTS } from './suites/connection-faults.ts'
import { WORKLOADS } from './suites/workloads.ts'

/** Everything that `npm run e2e` can run, in order. */
export const CASES: readonly E2eCase[] = [
  ...LABS,
  ...AGREEMENT,
  ...WORKLOADS,
  ...ROLLING,
  ...CONNECTION_FAULTS,
]
