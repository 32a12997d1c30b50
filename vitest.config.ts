import { defineConfig } from 'vitest/config'

/** Where .ci/run wants the counts; people want none. */
const report = process.env['SLICEDNS_TEST_REPORT']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Many tests wait for sockets and timers: three workers keep two cores busy.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: report === undefined ? ['default'] : ['dot', ['json', { outputFile: report }]],
  },
})
