import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { defineConfig } from 'vitest/config'

/** Where .ci/run wants the counts; people want none. */
const report = process.env['SLICEDNS_TEST_REPORT']

/** They replace modules, so they need modules of their own. */
const replacing = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join('test', path))
  .filter((path) => readFileSync(path, 'utf8').includes('vi.mock('))

export default defineConfig({
  test: {
    // The others share what they import within a worker: half of the time of all tests was reading modules again.
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: replacing, isolate: false },
      },
      { extends: true, test: { name: 'replacing', include: replacing } },
    ],
    pool: 'forks',
    // Many tests wait for sockets and timers: three workers keep two cores busy.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: report === undefined ? ['default'] : ['dot', ['json', { outputFile: report }]],
  },
})
