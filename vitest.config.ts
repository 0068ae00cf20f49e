import { defineConfig } from 'vitest/config';

/** What runs with each change. Long runs: vitest.night.config.ts. */
export default defineConfig({
  test: {
    reporters: ['default', './test/support/tally.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      /** Pure: nothing outside the process. */
      { extends: true, test: { name: 'rules', include: ['test/{rules,ledger}/**/*.test.ts', 'test/borders.test.ts'] } },
      /** With both databases, real sockets, processes and a browser. */
      {
        extends: true,
        test: {
          name: 'service',
          include: ['test/{sync,server,stories}/**/*.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
        },
      },
    ],
  },
});
