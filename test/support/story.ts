/** What a file of stories stands on: a practice partnership of its own, the service on it, and a browser. */
import type { Browser } from '@playwright/test';
import { openBrowser } from './browser.ts';
import { practicePlace } from './database.ts';
import { playBefore, type Past } from './past.ts';
import { visit, type Visitor } from './screens.ts';
import { startService, type RunningService } from './service.ts';

export type Story = {
  address: string;
  service: RunningService;
  browser: Browser;
  /** A practice person signed in, in a browser window of their own. */
  enter: (name: string, viewport?: { width: number; height: number }) => Promise<Visitor>;
  close: () => Promise<void>;
};

/** Opened in `beforeAll`; `before` plays what happened until then, and `env` sets up the service. */
export async function openStory({
  before,
  env = {},
}: { before?: (past: Past) => Promise<void>; env?: Record<string, string> } = {}): Promise<Story> {
  const place = await practicePlace('pglite');
  if (before) await playBefore(place, before);
  const service = await startService(place, env);
  const browser = await openBrowser();
  return {
    address: service.address,
    service,
    browser,
    enter: (name, viewport) => visit(browser, service.address, name, viewport),
    async close() {
      await browser.close();
      await service.kill();
      await place.remove();
    },
  };
}
