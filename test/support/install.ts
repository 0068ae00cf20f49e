/** Gets what a test run needs and the machine lacks, where the machine allows it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Milliseconds after which a download is given up: on a machine without a network some never end. */
const patience = 5 * 60_000;

/** Runs a command that fetches something, saying so. Returns whether it worked; if not, prints why in one line. */
export async function fetchBy(what: string, command: string, args: readonly string[]): Promise<boolean> {
  console.log(`Fetching ${what}, once.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run(command, args, { env, timeout: patience });
    return true;
  } catch (error) {
    console.log(`That did not work: ${why(error)}`);
    return false;
  }
}

/** Installs Debian packages. Returns whether it worked; only root on a Debian may. */
export async function aptInstall(...packages: string[]): Promise<boolean> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  return (
    (await fetchBy('the list of packages by apt-get', 'apt-get', ['update', '-qq'])) &&
    (await fetchBy(`${packages.join(', ')} by apt-get`, 'apt-get', install))
  );
}

/** The line of what was printed that says so, or the first. */
function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const printed = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  const lines = (printed || error.message).split('\n');
  return (lines.find((line) => /\berror\b|^E:/i.test(line)) ?? lines[0] ?? '').trim();
}
