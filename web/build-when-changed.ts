/** `npm start` runs this first: it builds the screens if they are missing or older than their sources. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const top = join(import.meta.dirname, '..');
const built = join(top, 'web', 'build', 'index.html');
const sources = ['web', 'schema', 'svelte.config.js', 'package-lock.json'].map((name) => join(top, name));
/** Made, not written: they are newer than what they were made from. */
const made = new Set(['build', 'node_modules', '.svelte-kit']);

/** Milliseconds since 1970 of the newest change at or under `path`; a folder changes when a file in it goes. */
function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path).filter((name) => !made.has(name));
  return Math.max(stat.mtimeMs, ...inside.map((name) => newest(join(path, name))));
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

if (!isNewEnough(process.versions.node)) {
  console.error(
    `Candour needs Node 22.18 or later; this is ${process.versions.node}. Run "npm ci", then "npm start", which brings its own.`,
  );
  process.exit(1);
}

if (!existsSync(built) || statSync(built).mtimeMs < Math.max(...sources.map(newest))) {
  console.log('Building the screens…');
  const vite = join(top, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = spawnSync(process.execPath, [vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], {
    cwd: top,
    stdio: 'inherit',
  });
  process.exit(result.status ?? 1);
}
