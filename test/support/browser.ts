/** A real browser, driven by Playwright. */
import { chromium, type Browser } from '@playwright/test';
import { inject } from 'vitest';

/** Whether the run has one: `describe.skipIf(!hasBrowser())`. */
export function hasBrowser(): boolean {
  return inject('chromium') !== null;
}

/** Opens the browser that the run's set-up found. */
export function openBrowser(): Promise<Browser> {
  const found = inject('chromium');
  if (!found) throw new Error('This run has no browser');
  return chromium.launch(found);
}
