/**
 * The main job, end to end, in a real browser: five people and the Chair, one case, one true record.
 * Police disagree, the Chair leads a step that ends without agreement, and the authority decides not
 * to notify, with the disagreement answered and standing beside the decision.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import {
  accessible,
  answer,
  date,
  fits,
  follow,
  heading,
  press,
  sees,
  write,
  type Visitor,
} from '../support/screens.ts';
import { tellStory } from '../support/story.ts';

const screenshots = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
const reasons = {
  health: 'curlew: a spiral fracture in a child of two.',
  socialCare: 'dunlin: the fracture is healing.',
  police: 'lapwing: the injury may last for years.',
};

describe.skipIf(!hasBrowser())('five people and the Chair, one case', () => {
  const story = tellStory();
  let health: Visitor;
  let socialCare: Visitor;
  let police: Visitor;
  let decides: Visitor;
  let education: Visitor;
  let chair: Visitor;
  let ref: string;

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    const enter = (name: string) => story.enter(name);
    health = await enter('Amara Fenwick');
    socialCare = await enter('Tomas Birch');
    police = await enter('Priya Lark');
    decides = await enter('Denis Marsh');
    education = await enter('Wren Castle');
    chair = await enter('Joan Alder');
  }, 180_000);

  test('Health opens a case and checks the answers; the Chair is told before the partners', async () => {
    const { page } = health;
    await follow(page, 'Open a case');
    await heading(page, 'Open a case');
    await press(page, 'Continue');
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await accessible(page, 'open a case, with errors');
    const today = new Date();
    const aware = page.getByRole('group', { name: 'When did the local authority become aware?' });
    await aware.getByLabel('Day').fill(String(today.getDate()));
    await aware.getByLabel('Month').fill(String(today.getMonth() + 1));
    await aware.getByLabel('Year').fill(String(today.getFullYear()));
    await answer(page, 'What happened?', 'The child was seriously harmed, or may have been');
    await write(page, 'Say briefly what happened', 'A child of two came to hospital with a broken arm.');
    await answer(page, 'Where did it happen?', 'In this area');
    await answer(page, 'Where does the child normally live?', 'In this area');
    await write(page, 'Initials', 'B.W.');
    await write(page, 'Age in years', '2');
    await answer(page, 'Was the child looked after by a local authority?', 'No');
    await write(page, 'Who told your agency?', 'Emergency department');
    await press(page, 'Continue');
    await heading(page, /Check/);
    await sees(page, /Chair will be told now/);
    await accessible(page, 'check answers');
    await press(page, 'Open case');
    await heading(page, 'Notes');
    ref = /SI-\d{4}-\w{4}/.exec(page.url())?.[0] ?? '';
    expect(ref).not.toBe('');

    await chair.page.getByRole('link', { name: ref }).first().waitFor();
    await goTo(chair.page, 'History');
    const told = await chair.page
      .getByText(/^(The Chair was told|The partners were told|Case opened)$/)
      .allTextContents();
    expect(told).toEqual(['The partners were told', 'The Chair was told', 'Case opened']);
  });

  test('a person who is not on the case is shown what they would be shown if it did not exist', async () => {
    const { page } = education;
    await page.goto(`/cases/${ref}`);
    await heading(page, 'Page not found');
    const kept = await page.locator('main').innerText();
    await page.goto('/cases/SI-2026-ZZZZ');
    await heading(page, 'Page not found');
    expect(await page.locator('main').innerText()).toBe(kept);
    await page.goto('/register');
    await heading(page, 'Register');
    expect(await page.locator('main').innerText()).not.toContain(ref);
  });

  test('three agencies write in the notes at once, and see each other’s words, cursors and names', async () => {
    const writers = [
      { who: health, under: 'What happened', words: 'The ambulance was called at 7:40am. ' },
      { who: socialCare, under: 'The child now', words: 'A social worker is on the ward. ' },
      { who: police, under: 'Abuse or neglect', words: 'Officers attended at 8:05am. ' },
    ];
    await goTo(socialCare.page, null);
    await goTo(police.page, null);
    await Promise.all(
      writers.map(async ({ who, under, words }) => {
        const editor = editorOf(who.page);
        await editor.getByRole('heading', { name: under }).click();
        await who.page.keyboard.press('End');
        await who.page.keyboard.press('ArrowDown');
        await who.page.keyboard.type(words, { delay: 15 });
      }),
    );
    for (const { who } of writers) {
      for (const { words } of writers) await editorOf(who.page).getByText(words.trim()).waitFor();
      await sees(who.page, /^Saved at/);
    }
    for (const name of ['Tomas Birch', 'Priya Lark'])
      await health.page.getByText(name, { exact: false }).first().waitFor();
    await health.page.getByText('Priya Lark, Police', { exact: true }).first().waitFor({ state: 'attached' });
    const texts = await Promise.all(writers.map(({ who }) => editorOf(who.page).locator('p, h2').allInnerTexts()));
    const written = texts[0]?.map((words) => words.trim()).filter((words) => words !== '');
    expect(written?.slice(0, 6), 'each wrote where their caret was').toEqual(
      writers.flatMap(({ under, words }) => [under, words.trim()]),
    );
    expect(texts[1]).toEqual(texts[0]);
    expect(texts[2]).toEqual(texts[0]);
    await health.page.screenshot({ path: join(screenshots, 'notes.png') });
    await accessible(health.page, 'notes, three writing');
  });

  test('the Chair reads the notes and cannot change them', async () => {
    await goTo(chair.page, null);
    await sees(chair.page, 'Officers attended at 8:05am.');
    expect(await chair.page.locator('[contenteditable=true]').count()).toBe(0);
    await accessible(chair.page, 'notes, reading');
  });

  test('each partner states a position, sealed from the others until all are in', async () => {
    await givePosition(health.page, reasons.health, 'Met', 'Notify');
    await goTo(police.page, 'Positions');
    await sees(police.page, /Sealed/);
    await sees(police.page, /Submitted/);
    for (const { page } of [police, socialCare, decides, chair]) {
      await goTo(page, 'Positions');
      await sees(page, /Sealed/);
      expect(await page.content()).not.toContain('curlew');
      await goTo(page, 'History');
      await sees(page, /Sealed/i);
      // Laid out for paper as well: a printed page holds no more than the screen.
      await page.emulateMedia({ media: 'print' });
      expect(await page.content()).not.toContain('curlew');
      await page.emulateMedia({ media: 'screen' });
    }
    await accessible(police.page, 'history, sealed');
    await givePosition(socialCare.page, reasons.socialCare, 'Not met', 'Do not notify');
    await givePosition(police.page, reasons.police, 'Met', 'Notify');
  });

  test('positions open together, and the difference is said in words', async () => {
    for (const { page } of [health, police, socialCare, decides, chair]) {
      await goTo(page, 'Positions');
      await sees(page, /Views differ on criterion 2/);
      for (const words of Object.values(reasons)) await sees(page, words);
    }
    expect(await police.page.locator('main').innerText()).not.toMatch(/\d+ ?%|majority|votes?\b/i);
    await accessible(police.page, 'positions, open');
  });

  test('Police record dissent', async () => {
    const { page } = police;
    await goTo(page, 'Positions');
    await follow(page, /Record that we disagree/);
    await press(page, 'Check and record');
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await page.getByLabel('2. Death or serious harm').check();
    await write(page, /What do you disagree with/, 'The injury may last for years. It is serious harm.');
    await accessible(page, 'record disagreement');
    await press(page, 'Check and record');
    await press(page, 'Record disagreement');
    await page.getByRole('button', { name: 'Record disagreement' }).waitFor({ state: 'detached' });
    // Opened after it: what comes while the signer has the page open must be opened by hand.
    await decides.page.goto('/');
    await goTo(decides.page, 'Decision');
    await sees(decides.page, 'The injury may last for years. It is serious harm.');
  });

  test('Health asks for resolution; the Chair opens the step and records that no agreement was reached', async () => {
    await goTo(health.page, 'Positions');
    await follow(health.page, 'Ask for resolution');
    await write(health.page, /What should the (step|session) settle/, 'Whether the injury is serious harm.');
    await health.page.getByLabel('Discussed in the notes').check();
    await accessible(health.page, 'ask for resolution');
    await press(health.page, 'Check and ask');
    await press(health.page, 'Ask for resolution');
    await heading(health.page, /Resolution|Positions/);
    await goTo(chair.page, 'Resolution');
    await press(chair.page, 'Open the resolution step');
    await follow(chair.page, 'Record the outcome');
    await heading(chair.page, 'Record the outcome');
    for (const agency of ['Social care', 'Health', 'Police'])
      await answer(chair.page, `Who took part for ${agency}?`, 'Took part');
    await answer(chair.page, 'Did the partners agree?', 'Not agreed: the local authority decides');
    await write(chair.page, 'What is common ground?', 'The child was hurt at home, in this area.');
    await write(chair.page, 'What is still at issue?', 'Whether the harm is serious.');
    await accessible(chair.page, 'record the outcome');
    await press(chair.page, 'Check and record');
    await press(chair.page, 'Record the outcome');
    await heading(chair.page, 'Resolution');
    await goTo(socialCare.page, 'Resolution');
    await sees(socialCare.page, 'Whether the harm is serious.');
  });

  test('the authority cannot sign until the dissent is answered and each criterion has a reason', async () => {
    const { page } = decides;
    await goTo(page, 'Decision');
    await press(page, 'Check and sign');
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await page
      .getByRole('alert')
      .getByText(/Respond to Police/)
      .waitFor();
    await page.getByRole('alert').getByText('Give a reason for criterion 2').waitFor();
    await accessible(page, 'decision, with errors');
    await write(
      page,
      /Your response to Police/,
      'I have read the reports. The consultant does not expect lasting harm.',
    );
    await press(page, 'Check response to Police');
    await press(page, 'Record response to Police');
    await sees(page, 'Police has not said yet whether it still disagrees.');
    await answer(page, 'What does the local authority decide?', 'Do not notify');
    for (const [number, finding] of [
      [1, 'Met'],
      [2, 'Not met'],
      [3, 'Met'],
    ] as const) {
      const group = page.getByRole('group', {
        name: ['', /abused or neglected/, /died or been seriously harmed/, /Did it happen in this area/][
          number
        ] as RegExp,
      });
      await group.getByLabel(finding, { exact: true }).check();
      await write(
        page,
        new RegExp(`reason for criterion ${number}`, 'i'),
        `The authority’s reason for criterion ${number}.`,
      );
    }
    await write(page, /Written rationale/i, 'godwit: on what is known today the harm is not serious.');
    await page.getByLabel('I have weighed each criterion').check();
    await page.getByLabel("I have weighed each partner's reasons").check();
    await answer(page, /reputation/, 'No');
    await write(page, 'Day', '5');
    await write(page, 'Month', '1');
    await write(page, 'Year', String(new Date().getFullYear() + 1));
    await press(page, 'Check and sign');
    await heading(page, /Check/);
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await accessible(page, 'check and sign');
    await press(page, 'Sign decision');
    await sees(page, /godwit/);
  });

  test('decision and dissent stand at equal weight on the page and on paper', async () => {
    const { page } = police;
    await goTo(page, 'Decision');
    await sees(page, /godwit/);
    const weight = (words: string) =>
      page
        .getByText(words)
        .first()
        .evaluate((node) => {
          const { fontSize, fontWeight, color } = getComputedStyle(node);
          return { fontSize, fontWeight, color };
        });
    expect(await weight('The injury may last for years. It is serious harm.')).toEqual(await weight('godwit'));
    await accessible(page, 'decision, signed');
    await page.screenshot({ path: join(screenshots, 'decision.png'), fullPage: true });
    await page.emulateMedia({ media: 'print' });
    for (const words of [
      'godwit',
      'The injury may last for years. It is serious harm.',
      'The consultant does not expect lasting harm',
    ]) {
      expect(await page.getByText(words).first().isVisible(), `${words} on paper`).toBe(true);
    }
    expect(await weight('The injury may last for years. It is serious harm.')).toEqual(await weight('godwit'));
    await page.emulateMedia({ media: 'screen' });
  });

  test('[M31] the Chair asks for the reasons in full, and the authority answers', async () => {
    const { page } = chair;
    await goTo(page, 'Decision');
    await follow(page, 'Ask for reasons');
    await press(page, 'Continue');
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await accessible(page, 'ask for reasons, with errors');
    await write(page, /What do you ask for/, 'Which report says that no lasting harm is expected, and of what day?');
    await date(page, 'When do you need an answer by?', `${new Date().getFullYear() + 1}-01-12`);
    await press(page, 'Continue');
    await press(page, 'Ask for reasons');
    await sees(page, /Not answered yet\./);
    await decides.page.goto('/');
    await follow(decides.page, new RegExp(`^Answer .* request for reasons on ${ref}`));
    await heading(decides.page, 'Decision and disagreement');
    await follow(decides.page, /^Answer .* request/);
    await heading(decides.page, /^Answer .* request$/);
    await answer(decides.page, 'What will you do?', 'Answer it');
    await write(decides.page, /^Your answer/, 'sanderling: the consultant’s second letter, of that morning.');
    await accessible(decides.page, 'answer a request for reasons');
    await press(decides.page, 'Continue');
    await press(decides.page, 'Record answer');
    await sees(decides.page, 'Your answer is in the record.');
    for (const each of [page, police.page]) {
      await each.goto(`/cases/${ref}/decision`);
      await sees(each, /sanderling/);
    }
  });

  test('anyone admitted can check the record', async () => {
    for (const { page } of [health, chair]) {
      await goTo(page, 'History');
      await press(page, 'Check this record');
      await sees(page, /This record is whole/);
    }
    await accessible(health.page, 'history, checked');
  });

  test('the register shows the case with outcome and disagreement', async () => {
    const { page } = chair;
    await follow(page, 'Register');
    const row = page.getByRole('row').filter({ hasText: ref });
    await row.getByText('Decided: do not notify').waitFor();
    await row
      .getByText(/Police/)
      .first()
      .waitFor();
    await accessible(page, 'register');
  });

  test('every screen fits a window of 320 px, and nothing complained or reached elsewhere', async () => {
    const { page } = police;
    await page.setViewportSize({ width: 320, height: 700 });
    for (const where of [
      '/',
      '/register',
      '/account',
      '/cases/new',
      `/cases/${ref}`,
      `/cases/${ref}/positions`,
      `/cases/${ref}/decision`,
      `/cases/${ref}/history`,
    ]) {
      await page.goto(where);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await fits(page, where);
    }
    const missing = /404/;
    for (const { name, problems } of [health, socialCare, police, decides, education, chair]) {
      expect(
        problems.filter((words) => !missing.test(words)),
        name,
      ).toEqual([]);
    }
  });

  test('signing out ends the open socket and shows the sign-in page', async () => {
    const { page, context } = socialCare;
    await goTo(page, null);
    const other = await context.newPage();
    await other.goto('/');
    await other.getByText('Sign out').click();
    await other.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await sees(page, /You have been signed out/);
  });

  /** Opens a page of the case by its navigation, as people do. */
  async function goTo(page: Page, tab: 'Positions' | 'Decision' | 'History' | 'Resolution' | null): Promise<void> {
    if (!page.url().includes(`/cases/${ref}`)) {
      await page.goto('/');
      await follow(page, ref);
    }
    await page
      .getByRole('navigation')
      .getByRole('link', { name: tab ?? 'Notes', exact: true })
      .click();
    await heading(page, tab ? new RegExp(tab) : 'Notes');
  }

  async function givePosition(page: Page, reason: string, harm: string, view: string): Promise<void> {
    await goTo(page, 'Positions');
    await follow(page, /(Give|Go on with) .* position/);
    await answer(page, /abused or neglected/, 'Met');
    await write(page, /reason for criterion 1/, reason);
    await answer(page, /died or been seriously harmed/, harm);
    await write(page, /reason for criterion 2/, reason);
    await answer(page, /Did it happen in this area/, 'Met');
    await write(page, /reason for criterion 3/, reason);
    await answer(page, 'Should the local authority notify?', view);
    await write(page, /reason for your overall view/, reason);
    await answer(page, /reputation/, 'No');
    await accessible(page, 'give a position');
    await press(page, 'Check and submit');
    await heading(page, /Check/);
    await press(page, 'Submit position');
    await heading(page, 'Positions');
  }
});

function editorOf(page: Page) {
  return page.getByRole('textbox', { name: /^Notes for/ });
}
