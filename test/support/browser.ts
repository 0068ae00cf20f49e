/** A real browser, driven by Playwright. */
import { chromium, type Browser } from '@playwright/test';
import { inject } from 'vitest';

/** Whether the run has one: `describe.skipIf(!hasBrowser())`. */
export function hasBrowser(): boolean {
  return inject('browser') !== null;
}

/** The run's browser. What is opened in it here goes when this is closed. */
export function openBrowser(): Promise<Browser> {
  const at = inject('browser');
  if (!at) throw new Error('This run has no browser');
  return chromium.connect(at);
}
