import type { E2eCase } from './e2e-case.ts'
import { AGREEMENT } from './suites/agreement.ts'
import { BLACK_HOLE } from './suites/black-hole.ts'
import { CONNECTION_FAULTS } from './suites/connection-faults.ts'
import { HTTP_FAULTS } from './suites/http-faults.ts'
import { LABS } from './suites/labs.ts'
import { PERMISSIONS } from './suites/permissions.ts'
import { PLANE_FAULTS } from './suites/plane-faults.ts'
import { ROLLING } from './suites/rolling.ts'
import { SCALE } from './suites/scale.ts'
import { WORKLOADS } from './suites/workloads.ts'

/** Everything that `npm run e2e` can run; of each turn in this order. */
export const CASES: readonly E2eCase[] = [
  ...LABS,
  ...AGREEMENT,
  ...BLACK_HOLE,
  ...CONNECTION_FAULTS,
  ...WORKLOADS,
  ...ROLLING,
  ...HTTP_FAULTS,
  ...PERMISSIONS,
  ...SCALE,
  ...PLANE_FAULTS,
]
