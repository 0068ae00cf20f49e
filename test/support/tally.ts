/** The last line of a test run, as machines read it: `N passed, N failed`. */
import type { Reporter, TestModule } from 'vitest/node';

export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file that does not load runs no test of its own: it is a failure all the same.
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const skipped = count('skipped');
    process.on('exit', () => {
      const left = skipped > 0 ? `, ${skipped} skipped` : '';
      process.stdout.write(`${count('passed')} passed, ${count('failed') + broken + errors.length} failed${left}\n`);
    });
  }
}
