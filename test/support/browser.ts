/** A real browser, driven by Playwright. */
import { chromium, type Browser } from '@playwright/test';
import { inject } from 'vitest';

/** Opens the browser that the run's set-up found. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch(inject('chromium'));
}
