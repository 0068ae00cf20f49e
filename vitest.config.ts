/** What runs with each change. Long runs: vitest.night.config.ts. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './test/support/tally.ts'],
    pool: 'forks',
    // More than the smallest machine has cores: most of them wait for something most of the time.
    maxWorkers: 6,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for by asking again may take as long as any other wait on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      /** Pure: nothing outside the process, and nothing kept in it from one file to the next. */
      {
        extends: true,
        test: {
          name: 'rules',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/{server,sync,stories,night,bench}/**'],
        },
      },
      /** Both databases, real sockets, processes. What they import is read once for all files of a worker. */
      {
        extends: true,
        test: {
          name: 'service',
          isolate: false,
          include: ['test/{server,sync}/**/*.test.ts'],
          exclude: ['test/**/*.apart.test.ts'],
          globalSetup: 'test/support/databases-setup.ts',
        },
      },
      /** The same, each in a process of its own: they put something else in place of a module. */
      {
        extends: true,
        test: {
          name: 'apart',
          include: ['test/{server,sync}/**/*.apart.test.ts'],
          globalSetup: 'test/support/databases-setup.ts',
        },
      },
      /** People at a real browser, four stories at a time, once the machine has nothing else to do. */
      {
        extends: true,
        test: {
          name: 'stories',
          include: ['test/stories/**/*.test.ts'],
          globalSetup: ['test/support/databases-setup.ts', 'test/support/browser-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // A browser window waits for little.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
