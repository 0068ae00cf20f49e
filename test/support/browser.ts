/** A real browser: Chromium, found or fetched, driven by Playwright. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from '@playwright/test';
import { inject } from 'vitest';
import { aptInstall } from './install.ts';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Where Chromium is: named, Playwright's own, installed, fetched by Playwright, or by apt. Throws when none can be had. */
export function findChromium(): string {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return named;
  const found = [chromium.executablePath(), ...installed].find((path) => existsSync(path));
  if (found) return found;
  console.log('No Chromium is installed. Fetching one by Playwright, once.');
  try {
    const cli = new URL('../../node_modules/@playwright/test/cli.js', import.meta.url).pathname;
    execFileSync(process.execPath, [cli, 'install', '--only-shell', 'chromium'], { stdio: 'ignore', timeout: 180_000 });
    if (existsSync(chromium.executablePath())) return chromium.executablePath();
  } catch (error) {
    console.log(`Playwright could not fetch one: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
  aptInstall('chromium');
  const after = installed.find((path) => existsSync(path));
  if (after) return after;
  throw new Error('The tests need Chromium. Install it, or set CHROMIUM_PATH to where it is.');
}

/** Opens the browser that the run's set-up found. */
export function openBrowser(): Promise<Browser> {
  const quiet = ['background-networking', 'component-update', 'sync', 'quic'].map((what) => `--disable-${what}`);
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: inject('chromium'), args: ['--no-first-run', ...quiet, ...root] });
}
