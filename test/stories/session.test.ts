/**
 * The Chair's session in a real browser: prepared, led through one item by the Chair with two members at
 * screens and one answer given by voice, the Chair's connection lost and found, two tabs, and the minutes.
 */
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { differingCaseAt } from '../support/chaired.ts';
import { accessible, answer, heading, looksRight, press, sees, write, type Visitor } from '../support/screens.ts';
import { tellStory } from '../support/story.ts';

/** Where the keyboard is, by its words. */
const at = (page: Page) => expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.trim()));

describe.skipIf(!hasBrowser())('the Chair and two members', () => {
  const story = tellStory();
  let chair: Visitor;
  let health: Visitor;
  let police: Visitor;
  let url: string;

  beforeAll(async () => {
    [chair, health, police] = (await Promise.all(
      ['Joan Alder', 'Amara Fenwick', 'Priya Lark'].map((name) => story.enter(name)),
    )) as [Visitor, Visitor, Visitor];
    url = `/cases/${(await differingCaseAt(story.address)).ref}/session`;
  }, 180_000);

  test('[M26] the Chair prepares: a partner is not left out silently, and the agenda moves by buttons', async () => {
    const { page } = chair;
    await page.goto(url);
    await page.getByRole('link', { name: 'Prepare the session' }).click();
    await heading(page, 'Prepare the session');
    await page.getByLabel('Who speaks for Health').selectOption({ label: 'Nobody can attend' });
    await write(page, 'Where do people talk?', 'Room 2');
    await press(page, 'Invite and set the time');
    await page.getByRole('alert').getByText('Health has no one named to attend').waitFor();
    await accessible(page, 'prepare, with an error');
    await page.getByLabel('Who speaks for Health').selectOption({ label: 'Amara Fenwick' });
    await page
      .getByLabel('Who takes the chair if you lose connection?')
      .selectOption({ label: 'Wren Castle, Education' });
    await page.getByRole('button', { name: 'Move down item 1' }).click();
    expect(await page.getByLabel('Item 2').inputValue()).toBe('Criterion 2: death or serious harm');
    await page.getByRole('button', { name: 'Move up item 2' }).click();
    await looksRight(page, 'prepare');
    await press(page, 'Invite and set the time');
    await sees(page, 'The Chair has not started the session.');
  });

  test('[M26] members join, the Chair starts, facts are noted and a member is called to speak', async () => {
    for (const { page } of [health, police]) {
      await page.goto(url);
      await press(page, 'Join the session');
      await sees(page, 'You have joined.');
    }
    await at(health.page).toMatch(/^You have joined/);
    await looksRight(health.page, 'before it starts');
    await press(chair.page, 'Start the session');
    for (const { page } of [chair, health]) await at(page).toMatch(/^Step 1 of 4/);
    await press(health.page, 'Say Health is ready for the next step');
    await at(health.page).toMatch(/^You have said that Health is ready/);
    await write(chair.page, 'Note a fact', 'Time of the call: 7:20am or 7:40am');
    await press(chair.page, 'Note this fact');
    await sees(health.page, 'Not agreed: Time of the call: 7:20am or 7:40am');
    await press(health.page, 'Ask to speak');
    await at(health.page).toMatch(/^You have asked to speak/);
    await police.page.getByRole('button', { name: 'Ask to speak' }).focus();
    await press(chair.page, 'Start the next step: Round');
    await sees(police.page, 'The Chair moved to item 1, Round.');
    await at(police.page).toBe('Ask to speak');
    await police.page.getByRole('link', { name: 'Go to it' }).click();
    expect(await police.page.evaluate(() => document.activeElement?.id)).toBe('step-heading');
    await write(chair.page, 'Minutes for each speaker, if they are timed', '4');
    await press(chair.page, 'Call Amara Fenwick');
    await sees(health.page, 'It is your turn to speak.');
    await sees(health.page, /\d:\d\d left/);
    await looksRight(health.page, 'round');
    await looksRight(chair.page, 'the Chair’s strip');
  });

  test('[M26, T12] answers are sealed until all are in; one given by voice is entered by the Chair', async () => {
    await press(chair.page, 'Start the next step: Test a wording');
    await write(chair.page, 'Wording to test', 'The child has been seriously harmed.');
    await press(chair.page, 'Put the wording');
    await press(health.page, 'Submit answer');
    await health.page.getByRole('alert').getByText('Select your answer').waitFor();
    await answer(health.page, 'Your answer for Health', 'Agree with reservations');
    await write(health.page, 'What are your reservations?', 'godwit: until the scan is back');
    await press(chair.page, 'Pause');
    await sees(health.page, 'The session is paused. You can go on writing your answer.');
    const field = () => health.page.evaluate(() => (document.activeElement as HTMLTextAreaElement).value);
    expect(await field(), 'the focus and the words stay').toBe('godwit: until the scan is back');
    await press(chair.page, 'Go on');
    await health.context.setOffline(true);
    await health.page.locator('[data-connection=offline]').waitFor();
    await press(health.page, 'Submit answer');
    await sees(health.page, 'Your answer is held in this tab and not counted yet.');
    await press(health.page, 'Do not send it yet');
    await press(health.page, 'Submit answer');
    expect(await health.page.getByText('has lost connection').count()).toBe(0);
    await health.context.setOffline(false);
    await sees(police.page, 'Answered: Health. Not yet: Social care and Police.');
    for (const { page } of [chair, police]) expect(await page.content()).not.toContain('godwit');
    await chair.page.getByText('Enter an answer given by voice', { exact: true }).click();
    await chair.page.getByLabel('Whose answer is it?').selectOption({ label: 'Social care' });
    await answer(chair.page, 'What it said', 'Agree');
    await press(chair.page, 'Enter this answer');
    await answer(police.page, 'Your answer for Police', 'Agree');
    await press(police.page, 'Submit answer');
    await sees(chair.page, /godwit: until the scan is back/);
    await sees(police.page, /Given by voice, entered by the Chair; not yet confirmed by Social care/);
    await looksRight(police.page, 'open answers');
  });

  test('[M26] the next wording begins with no answer chosen, and words are kept when the Chair opens before them', async () => {
    await write(chair.page, 'Change the wording and test again', 'The child may have been seriously harmed.');
    await press(chair.page, 'Test this wording');
    await health.page.getByRole('group', { name: 'Your answer for Health' }).waitFor();
    expect(await health.page.getByRole('radio', { checked: true }).count()).toBe(0);
    await answer(health.page, 'Your answer for Health', 'Disagree');
    await write(health.page, 'Why do you disagree?', 'dunlin: the scan says otherwise');
    await chair.page.getByText('Enter an answer given by voice', { exact: true }).click();
    await chair.page.getByLabel('Whose answer is it?').selectOption({ label: 'Social care' });
    await answer(chair.page, 'What it said', 'Agree');
    await press(chair.page, 'Enter this answer');
    await chair.page.getByText('Open the answers before all have answered').click();
    await write(chair.page, 'Reason', 'Out of time.');
    await press(chair.page, 'Open the answers');
    await sees(health.page, 'The answers were opened before yours was sent. It is not in the record.');
    expect(await health.page.evaluate(() => (document.activeElement as HTMLTextAreaElement).value)).toBe(
      'dunlin: the scan says otherwise',
    );
    await looksRight(health.page, 'an answer that came too late');
    await press(health.page, 'Clear what I wrote');
  });

  test('[M26] a partner that answered by voice confirms each of its answers by itself', async () => {
    const { context, page } = await story.enter('Tomas Birch');
    await page.goto(url);
    await press(page, 'Join the session');
    const forms = page.locator('form').filter({ hasText: 'Is this what Social care said?' });
    await forms.nth(1).waitFor();
    await accessible(page, 'two answers given by voice');
    await forms.nth(0).getByLabel('No', { exact: true }).check();
    expect(await forms.nth(1).getByLabel('No', { exact: true }).isChecked()).toBe(false);
    await forms.nth(0).getByLabel('What did Social care say?').fill('We agreed with reservations.');
    await forms.nth(0).getByRole('button', { name: 'Confirm' }).click();
    await expect.poll(() => forms.count()).toBe(1);
    await forms.nth(0).getByLabel('Yes', { exact: true }).check();
    await forms.nth(0).getByRole('button', { name: 'Confirm' }).click();
    await expect.poll(() => forms.count()).toBe(0);
    await press(page, 'Leave the session');
    await context.close();
  });

  test('[M26] the Chair’s lost connection pauses it for all; the Chair goes on, and leads from one tab only', async () => {
    await write(chair.page, 'Common ground', 'The arm was broken.');
    await chair.context.setOffline(true);
    await health.page.getByText('Paused. The Chair has lost connection.').first().waitFor({ timeout: 60_000 });
    await accessible(health.page, 'paused');
    expect(await chair.page.getByText('Health has lost connection').count()).toBe(0);
    await chair.context.setOffline(false);
    await chair.page.locator('[data-connection=saved]').waitFor({ timeout: 30_000 });
    await press(chair.page, 'Go on');
    expect(await chair.page.getByLabel('Common ground').inputValue(), 'what the Chair typed stays').toBe(
      'The arm was broken.',
    );
    await health.page.getByText('Paused. The Chair has lost connection.').first().waitFor({ state: 'hidden' });
    const second = await chair.context.newPage();
    await second.goto(url);
    await sees(second, 'You are leading this session in another tab.');
    await press(second, 'Use this tab instead');
    await sees(chair.page, 'You are leading this session in another tab.');
    await chair.page.close();
    chair.page = second;
  });

  test('[M27] nothing is recorded without the absent partner’s reason; the minutes write themselves', async () => {
    const { page } = chair;
    await answer(page, 'What came of this item?', 'Not agreed');
    await press(page, 'Add a resolution');
    await write(page, 'What was resolved', 'That Health asks the hospital for its report.');
    await page.getByLabel('Who does it').selectOption({ label: 'Health' });
    await press(page, 'Record this item');
    await page.getByRole('alert').getByText('You cannot record an outcome without Social care present.').waitFor();
    await write(page, /Social care is not present/, 'They answered by telephone.');
    await press(page, 'Record this item');
    await sees(health.page, 'This item is recorded.');
    await page.getByText('End before every item is recorded').click();
    await write(page, 'Which items are left over, and why?', 'Out of time.');
    await page.getByRole('button', { name: 'End the session' }).last().click();
    await heading(health.page, 'Minutes of the session');
    await at(page).toBe('Minutes of the session');
    await health.page
      .locator('[aria-live=assertive]')
      .getByText('The session has ended. The minutes are on this page.')
      .waitFor({ state: 'attached' });
    await sees(health.page, 'RESOLVED');
    await sees(health.page, 'That Health asks the hospital for its report.');
    await write(health.page, 'What should be corrected?', 'The call was at 7:40am.');
    await press(health.page, 'Add this correction');
    await sees(police.page, 'The call was at 7:40am.');
    await looksRight(health.page, 'minutes');
    expect(health.problems.filter((words) => !words.includes('409') && !words.includes('400'))).toEqual([]);
  });
});
