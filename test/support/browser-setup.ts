/** Once for a test run: Chromium, found or fetched. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type LaunchOptions } from '@playwright/test';
import type { TestProject } from 'vitest/node';
import { aptInstall, fetchBy } from './install.ts';

/** Which browser to launch. */
export type Chromium = Pick<LaunchOptions, 'executablePath' | 'channel' | 'args'>;

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the run's one browser listens; null where none could be had. */
    browser: string | null;
  }
}

/** Only what a test asks for leaves the machine; as root there is no sandbox to be had. */
const args = [
  '--no-first-run',
  ...['background-networking', 'component-update', 'sync', 'quic'].map((what) => `--disable-${what}`),
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** One for all files of stories: each has windows of its own in it, and starting a browser takes as long as a short story. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const found = await findChromium();
  const server = found && (await chromium.launchServer(found));
  project.provide('browser', server?.wsEndpoint() ?? null);
  return async () => {
    await server?.close();
  };
}

/**
 * The one named, Playwright's own, one installed, one fetched by Playwright, one from apt. Null, with
 * the reason printed, when none can be had; throws when the one named does not start.
 */
export async function findChromium(): Promise<Chromium | null> {
  const named = process.env['CHROMIUM_PATH'];
  if (named) {
    const found = await launches({ executablePath: named });
    if (!found)
      throw new Error(`CHROMIUM_PATH is ${named}, which does not start as a browser. Mend it or leave it out.`);
    return found;
  }
  const found = (await launches({})) ?? (await installed());
  if (found) return found;
  const playwright = join(import.meta.dirname, '..', '..', 'node_modules', '@playwright', 'test', 'cli.js');
  const fetched = await fetchBy('Chromium by Playwright', process.execPath, [
    playwright,
    'install',
    '--only-shell',
    'chromium',
  ]);
  const afterwards =
    (fetched && (await launches({}))) ||
    (await installedBy('chromium-headless-shell')) ||
    (await installedBy('chromium'));
  if (afterwards) return afterwards;
  console.log(
    'Left out: stories in a browser, because no Chromium is installed and none could be. CHROMIUM_PATH names one.',
  );
  return null;
}

async function installedBy(debianPackage: string): Promise<Chromium | null> {
  return (await aptInstall(debianPackage)) ? installed() : null;
}

async function installed(): Promise<Chromium | null> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  // The first is what Playwright itself uses where no window is shown: the same Chromium without its menus, which
  // elsewhere cost a process of their own for each window.
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name))).filter((path) => existsSync(path));
  for (const executablePath of new Set(paths)) {
    const found = await launches({ executablePath });
    if (found) return found;
  }
  // Where macOS and Windows keep theirs.
  return (await launches({ channel: 'chrome' })) ?? (await launches({ channel: 'msedge' }));
}

/** The choice, with its arguments, if it starts; a file by that name may be no browser, or lack a library. */
async function launches(which: Omit<Chromium, 'args'>): Promise<Chromium | null> {
  try {
    const browser = await chromium.launch({ ...which, args });
    console.log(
      `Browser: Chromium ${browser.version()}, ${which.executablePath ?? which.channel ?? 'Playwright’s own'}`,
    );
    await browser.close();
    return { ...which, args };
  } catch {
    return null;
  }
}
