import { defineConfig } from 'vitest/config';

/** What runs with each change. Long runs: vitest.night.config.ts. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/night/**', 'test/bench/**'],
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default', './test/support/tally.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
