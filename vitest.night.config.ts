import { defineConfig } from 'vitest/config';

/** The long runs: full counts of kills, mutants and honest updates. Hours, not minutes. */
export default defineConfig({
  test: {
    include: ['test/night/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default', './test/support/tally.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 4 * 60 * 60_000,
    hookTimeout: 120_000,
  },
});
