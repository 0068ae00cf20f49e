/** The rooms beside the notes: an account that one agency writes, working notes that only it sees, and a private session. */
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import {
  accessible,
  connected,
  fits,
  follow,
  heading,
  looksRight,
  press,
  sees,
  write,
  type Visitor,
} from '../support/screens.ts';
import { liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';

describe.skipIf(!hasBrowser())('rooms beside a case', () => {
  const story = tellStory();
  let health: Visitor;
  let police: Visitor;
  let chair: Visitor;
  let here: string;

  beforeAll(async () => {
    [health, police, chair] = (await Promise.all(
      ['Amara Fenwick', 'Priya Lark', 'Joan Alder'].map((name) => story.enter(name)),
    )) as [Visitor, Visitor, Visitor];
    const { ref } = await liveCaseAt(story.address, await signInAt(story.address, 'Amara Fenwick'));
    here = `/cases/${ref}`;
    for (const { page } of [health, police, chair]) {
      await page.goto(here);
      await heading(page, 'Notes');
    }
  });

  const saved = (page: Page) => page.locator('[data-saved=true]').waitFor();

  test('[M11] Health writes its account; Police read it as it is written, and cannot change it', async () => {
    await follow(health.page, 'Our account (Health)');
    await heading(health.page, 'Our account (Health)');
    await follow(police.page, "Health's account");
    await heading(police.page, "Health's account");
    await sees(police.page, 'Health writes this account. You can read it but not change it.');
    await writeIn(health.page, 'What we did', 'The ward called the duty social worker at 9:10am.');
    await saved(health.page);
    await sees(police.page, 'The ward called the duty social worker at 9:10am.');
    expect(await police.page.getByRole('textbox', { name: /account/ }).count()).toBe(0);
    await accessible(health.page, 'our account');
    await accessible(police.page, 'another agency’s account');
    await fits(health.page, 'our account');
  });

  test('[M3] [M5] the Chair lets the business unit in by name, with a reason, and takes it off again', async () => {
    const { page } = await story.enter('Beth Quill');
    await page.goto(here);
    await heading(page, 'Page not found');
    await chair.page.goto(`${here}/raised/people`);
    await heading(chair.page, 'People on the case');
    await looksRight(chair.page, 'people on the case');
    await follow(chair.page, 'Let a colleague in');
    await heading(chair.page, 'Let a colleague in');
    await connected(chair.page);
    await press(chair.page, 'Check and let them in');
    await sees(chair.page, 'Select who comes onto the case');
    await looksRight(chair.page, 'letting a colleague in, with errors');
    await chair.page.getByLabel('Who comes onto the case?').selectOption({ label: 'Beth Quill (business unit)' });
    await write(chair.page, 'Why do they need to know?', 'Takes the minutes.');
    await press(chair.page, 'Check and let them in');
    await press(chair.page, 'Let them in');
    await sees(chair.page, 'Beth Quill is on the case and has been told.');
    await page.goto(here);
    await heading(page, 'Notes');
    await follow(chair.page, 'Take off Beth Quill');
    await heading(chair.page, 'Take Beth Quill off the case');
    await write(chair.page, 'Why do they no longer need to know?', 'The minutes are taken.');
    await press(chair.page, 'Take them off the case');
    await sees(chair.page, 'Beth Quill is off the case.');
    await sees(page, /no longer have access/);
    await chair.page.goto(here);
    await heading(chair.page, 'Notes');
  });

  test('[M11] Police keep working notes that nobody else has, and share one paragraph of them', async () => {
    await follow(police.page, /^Working notes/);
    await heading(police.page, "Police's working notes");
    const text = police.page.getByRole('textbox', { name: /working notes/ });
    await text.click();
    await police.page.keyboard.type('The recording has the call at 7:21am.', { delay: 10 });
    await saved(police.page);
    await press(police.page, 'Share this paragraph');
    await police.page.getByLabel('Which heading does it go under?').selectOption({ label: 'What happened' });
    await accessible(police.page, 'a paragraph about to be shared');
    await press(police.page, 'Share with all partners');
    await sees(police.page, /Shared under/);
    await health.page.goto(here);
    await sees(health.page, 'The recording has the call at 7:21am.');
    expect(await health.page.getByRole('link', { name: /only Police/ }).count()).toBe(0);
  });

  test('[M19] the Chair opens a private session with Health; the record says when and why, and Police are not let in', async () => {
    const { page } = chair;
    await follow(page, 'Private session');
    await heading(page, 'Private session');
    await follow(page, 'Open a private session');
    await heading(page, 'Open a private session');
    await press(page, 'Continue');
    await sees(page, 'There is a problem');
    await accessible(page, 'a private session that lacks its reasons');
    await page.getByLabel('10.4(1): information about an individual').check();
    await write(page, 'Why does this have to be discussed in private?', 'It names a relative’s illness.');
    await write(
      page,
      'Why does keeping it private outweigh the public interest in disclosing it?',
      'Nobody outside needs it to judge the case.',
    );
    await page.getByLabel('Amara Fenwick, Health').check();
    await press(page, 'Continue');
    await heading(page, 'Check before you open the private session');
    await press(page, 'Open the private session');
    await heading(page, 'Private session');
    await sees(page, /^Open since/);
    await accessible(page, 'an open private session');
    for (const { page: other } of [health, police]) {
      await other.goto(`${here}/private`);
      await sees(other, 'It names a relative’s illness.');
    }
    expect(await police.page.getByRole('link', { name: 'Go in' }).count()).toBe(0);
    await follow(health.page, 'Go in');
    await health.page.getByRole('textbox', { name: /private session/ }).click();
    await health.page.keyboard.type('The aunt is in hospital herself.', { delay: 10 });
    await saved(health.page);
    await police.page.goto(health.page.url());
    await heading(police.page, 'You do not take part in this private session');
    expect(await police.page.content()).not.toContain('aunt is in hospital');
    await press(page, 'End the private session');
    await sees(page, /^Held/);
    await sees(health.page, /This private session ended/);
    await sees(health.page, 'The aunt is in hospital herself.');
    await expect
      .poll(() => health.page.getByRole('textbox', { name: /private session/ }).count(), { timeout: 15_000 })
      .toBe(0);
  });

  test('[M50] nothing complained and nothing was asked of anywhere else', () => {
    for (const { name, problems } of [health, police, chair]) expect(problems, name).toEqual([]);
  });
});

/** Clicks into the paragraph under a heading of the notes, and types. */
async function writeIn(page: Page, under: string, words: string): Promise<void> {
  const text = page.getByRole('textbox', { name: /account/ });
  await text.getByRole('heading', { name: under }).click();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type(words, { delay: 10 });
}
