/** The last line of a test run, as machines read it: `N passed, N failed`. */
import { writeSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export default class Tally implements Reporter {
  passed = 0;
  failed = 0;
  skipped = 0;

  constructor() {
    // Nothing else prints once the process is on its way out.
    process.on('exit', (code) => {
      // A run that could not even begin fails, though no test did.
      const failed = code === 0 ? this.failed : Math.max(this.failed, 1);
      const left = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
      writeSync(1, `${this.passed} passed, ${failed} failed${left}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file or a group that does not load or set itself up fails, whatever its tests say.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const broken = suites.filter((suite) => suite.errors().length > 0).length;
    this.passed = count('passed');
    this.failed = count('failed') + broken + errors.length;
    this.skipped = count('skipped');
  }
}
