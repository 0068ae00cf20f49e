/** What a screen reader is given on the main screens, kept in `heard/`: a change in it is seen. After a wanted one: `npx vitest run --project stories test/stories/heard.test.ts -u`. */
import { join } from 'node:path';
import type { Browser, Locator, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { runningSessionAt } from '../support/chaired.ts';
import { practicePlace, type Place } from '../support/database.ts';
import { heading, press, sees, visit } from '../support/screens.ts';
import { startService, type RunningService } from '../support/service.ts';

describe.skipIf(!hasBrowser())('what is heard', () => {
  let place: Place;
  let service: RunningService;
  let browser: Browser;
  let ref: string;

  beforeAll(async () => {
    place = await practicePlace('pglite');
    service = await startService(place);
    browser = await openBrowser();
    ({ ref } = await runningSessionAt(service.address, { deputy: 'Wren Castle' }));
  });
  afterAll(async () => {
    await browser?.close();
    await service?.kill();
    await place?.remove();
  });

  test('[M51] by a partner: My work, the notes, positions; by the signer: the decision; by the Chair: the session', async () => {
    const [police, signer, chair] = (await Promise.all(
      ['Priya Lark', 'Denis Marsh', 'Joan Alder'].map(
        async (name) => (await visit(browser, service.address, name)).page,
      ),
    )) as [Page, Page, Page];
    // Of the practice cases only what does not depend on the day of the week.
    await isHeard(
      'my-work',
      police.getByRole('banner'),
      police.getByRole('navigation'),
      police.getByRole('row').filter({ hasText: ref }),
      police.getByRole('contentinfo'),
    );
    await police.goto(`/cases/${ref}`);
    await police.getByRole('textbox', { name: /^Notes for/ }).waitFor();
    await isHeard('notes', police.getByRole('main'));
    await police.goto(`/cases/${ref}/positions`);
    await heading(police, 'Positions');
    await isHeard('positions', police.getByRole('main'));
    await signer.goto(`/cases/${ref}/decision`);
    await sees(signer, 'What does the local authority decide?');
    await isHeard('decision', signer.getByRole('main'));
    await chair.goto(`/cases/${ref}/session`);
    await chair.getByRole('button', { name: 'Start the next step: Round' }).waitFor();
    await isHeard('session-chair', chair.getByRole('main'));
    await police.goto(`/cases/${ref}/session`);
    await press(police, 'Join the session');
    await police.getByRole('button', { name: 'Ask to speak' }).waitFor();
    await isHeard('session-member', police.getByRole('main'));
  });
});

async function isHeard(screen: string, ...parts: Locator[]): Promise<void> {
  const heard = await Promise.all(parts.map((part) => part.ariaSnapshot()));
  await expect(withoutToday(heard.join('\n'))).toMatchFileSnapshot(join(import.meta.dirname, 'heard', `${screen}.txt`));
}

/** Without what is another thing each time: codes, days, times, days left, fingerprints. */
function withoutToday(heard: string): string {
  return `${heard
    .replaceAll(/SI-\d{4}-\w{4}/g, 'CODE')
    .replaceAll(/[0-9a-f]{32}/g, 'ID')
    .replaceAll(/(?:\w+day )?\d{1,2} [A-Z]\w+ \d{4}/g, 'DAY')
    .replaceAll(/\b(?:\d{1,2}(?::\d\d)?[ap]m|midday|midnight)\b/g, 'TIME')
    .replaceAll(/\d+ working days? left/g, 'DAYS left')}\n`;
}
