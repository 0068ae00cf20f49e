/** Versions of the notes: named, compared with who added and removed, read with who wrote what, and put back. */
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { accessible, fits, follow, heading, press, sees, write, type Visitor } from '../support/screens.ts';
import { liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';

describe.skipIf(!hasBrowser())('versions of the notes', () => {
  const story = tellStory();
  let health: Visitor;
  let police: Visitor;
  let here: string;

  beforeAll(async () => {
    [health, police] = (await Promise.all(['Amara Fenwick', 'Priya Lark'].map((name) => story.enter(name)))) as [
      Visitor,
      Visitor,
    ];
    const { ref } = await liveCaseAt(story.address, await signInAt(story.address, 'Amara Fenwick'));
    here = `/cases/${ref}`;
  });

  const saved = (page: Page) => page.locator('[data-saved=true]').waitFor();

  test('[M13] Health names the notes; Police change them; what changed is told with who added and who removed', async () => {
    const { page } = health;
    await page.goto(here);
    await follow(page, 'Versions and who wrote what');
    await heading(page, 'Versions of the notes');
    await accessible(page, 'versions');
    await fits(page, 'versions');
    await follow(page, 'Name the notes as they stand now');
    await heading(page, 'Name the notes as they stand now');
    await press(page, 'Keep this version');
    await sees(page, 'There is a problem');
    await write(page, 'Name', 'Before the strategy meeting');
    await press(page, 'Keep this version');
    await heading(page, 'Versions of the notes');
    await sees(page, 'Before the strategy meeting');

    await police.page.goto(here);
    const text = police.page.getByRole('textbox', { name: /^Notes for/ });
    const gone = (await text.locator('p').filter({ hasText: /\w{4}/ }).first().textContent()) ?? '';
    expect(gone).not.toBe('');
    await text.getByText(gone).click({ clickCount: 3 });
    await police.page.keyboard.type('The scan was read again at 4pm.', { delay: 10 });
    await saved(police.page);

    await page
      .getByRole('link', { name: /^What changed from here until now/ })
      .first()
      .click();
    await heading(page, 'What changed in the notes');
    await sees(page, '(added by Police)');
    await sees(page, '(removed by Police)');
    expect(await page.locator('ins').allTextContents()).toContain('scan was read again at 4pm.');
    await accessible(page, 'what changed');
    await fits(page, 'what changed');
  });

  test('[M13] each passage says who wrote it, and what was removed is put back as new text, taking nothing away', async () => {
    const { page } = health;
    await page.goto(`${here}/versions/now?who=yes`);
    await heading(page, 'Notes as they stand now');
    await sees(page, /\(Priya Lark, Police, /);
    await accessible(page, 'who wrote what');
    await fits(page, 'who wrote what');
    await follow(page, 'Back to versions');
    await page
      .getByRole('link', { name: /^Read it/ })
      .first()
      .click();
    await heading(page, /^Notes as they stood on/);
    const heads = page.getByLabel('What stood under which heading?');
    await heads.selectOption({ index: 1 });
    const title = await heads.locator('option:checked').textContent();
    await press(page, 'Look at it first');
    expect(await page.getByLabel('Which heading does it go under?').locator('option:checked').textContent()).toBe(
      title,
    );
    const words = (await page.locator('blockquote').first().textContent()) ?? '';
    await accessible(page, 'about to put something back');
    await press(page, 'Put it back');
    await sees(page, /What stood there is still there/);
    await police.page
      .getByText(words.split('\n')[0] ?? '')
      .first()
      .waitFor();
    await sees(police.page, 'The scan was read again at 4pm.');
  });

  test('[M13] somebody who comes back is led to what changed since they looked', async () => {
    const { page } = police;
    await follow(page, 'Positions');
    await heading(page, 'Positions');
    await health.page.goto(here);
    const text = health.page.getByRole('textbox', { name: /^Notes for/ });
    await text.getByText('The scan was read again at 4pm.').click();
    await health.page.keyboard.press('End');
    await health.page.keyboard.type(' Both readers agree.', { delay: 10 });
    await saved(health.page);
    await follow(page, 'Notes');
    await page.getByRole('region', { name: /^Since you were here on/ }).waitFor();
    await follow(page, /^1 section changed: /);
    await heading(page, 'What changed in the notes');
    expect(await page.locator('ins').allTextContents()).toEqual(['Both readers agree.']);
    await sees(page, '(added by Health)');
  });

  test('[M50] nothing complained and nothing was asked of anywhere else', () => {
    for (const { name, problems } of [health, police]) expect(problems, name).toEqual([]);
  });
});
