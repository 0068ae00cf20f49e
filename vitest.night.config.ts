/** The long runs: full counts of kills, mutants and honest updates, every screen, the documented proxies. Hours, not minutes. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/night/**/*.test.ts'],
    globalSetup: ['test/support/databases-setup.ts', 'test/support/browser-setup.ts'],
    reporters: ['default', './test/support/tally.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 4 * 60 * 60_000,
    hookTimeout: 120_000,
  },
});
