/** What a file of stories stands on: a practice partnership of its own, the service on it, and a browser. */
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll } from 'vitest';
import { openBrowser } from './browser.ts';
import { databaseKinds, practicePlace, type Place } from './database.ts';
import { playBefore, type Past } from './past.ts';
import { visit, type Visitor } from './screens.ts';
import { startService, type RunningService } from './service.ts';

type Telling = {
  /** Plays what happened until then. */
  before?: (past: Past) => Promise<void>;
  /** Sets up the service. */
  env?: Record<string, string>;
};

/** Opened before the tests of the `describe` it is called in, and closed after them. */
export function tellStory({ before, env = {} }: Telling = {}) {
  let place: Place | undefined;
  let service: RunningService | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    place = await practicePlace(databaseKinds().at(-1) ?? 'pglite');
    if (before) await playBefore(place, before);
    service = await startService(place, env);
    browser = await openBrowser();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await service?.kill();
    await place?.remove();
  });

  return {
    get service(): RunningService {
      return begun(service);
    },
    get address(): string {
      return begun(service).address;
    },
    get browser(): Browser {
      return begun(browser);
    },
    /** A practice person signed in, in a browser window of their own. */
    enter: (name: string, viewport?: { width: number; height: number }): Promise<Visitor> =>
      visit(begun(browser), begun(service).address, name, viewport),
  };
}

function begun<Part>(part: Part | undefined): Part {
  if (!part) throw new Error('The story has not begun: it is opened before the tests');
  return part;
}
