/** Gets what a test run needs and the machine lacks, where the machine allows it. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether packages can be installed here: root on a Debian. */
const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** Installs Debian packages, saying so. Returns whether it worked. */
export function aptInstall(...packages: string[]): boolean {
  if (!mayInstall) return false;
  console.log(`Installing ${packages.join(', ')} by apt-get, once.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { stdio: 'ignore', env });
    return true;
  } catch (error) {
    console.log(`apt-get could not install ${packages.join(', ')}: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}
