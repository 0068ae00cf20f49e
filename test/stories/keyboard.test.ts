/** The main job by keyboard alone: no mouse, no touch, from signing in to a signed decision. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { choose, fill, focused, go, reach, toggle } from '../support/keyboard.ts';
import { heading, sees } from '../support/screens.ts';
import { tellStory } from '../support/story.ts';

describe.skipIf(!hasBrowser())('by keyboard alone', () => {
  const story = tellStory();

  test('police sign in, write in the notes, leave them, and give a position; it opens with the others', async () => {
    const police = await enter('Priya Lark');
    await openLiveCase(police, 'Positions sealed');
    await reach(police, police.getByRole('textbox', { name: /^Notes for/ }));
    await police.keyboard.press('Control+End');
    await police.keyboard.type(' The recording says 7:20am.');
    await sees(police, 'The recording says 7:20am.');
    await police.keyboard.press('Alt+F10');
    expect(await focused(police).getAttribute('aria-pressed'), 'Alt+F10 goes to the formatting buttons').not.toBeNull();
    await police.keyboard.press('Escape');
    await reach(police, police.getByRole('textbox', { name: /^Notes for/ }));
    await police.keyboard.press('Escape');
    expect(await focused(police).textContent(), 'Escape leaves the notes').toBe('Add a comment');
    const parts: (string | null)[] = [];
    for (const keys of ['Control+F6', 'Control+F6', 'Control+F6', 'Control+Shift+F6']) {
      await police.keyboard.press(keys);
      parts.push(await focused(police).evaluate((node) => node.getAttribute('role') ?? node.textContent));
    }
    expect(parts.map((part) => part?.trim())).toEqual(['Activity', 'textbox', 'Comments', 'textbox']);
    await tab(police, 'Positions');
    await givePosition(police, 'Met', 'Notify');
    const socialCare = await enter('Tomas Birch');
    await openLiveCase(socialCare, 'Positions sealed');
    await tab(socialCare, 'Positions');
    await givePosition(socialCare, 'Not met', 'Do not notify');
    await sees(socialCare, /Views differ/);
  });

  test('police record disagreement', async () => {
    const page = await enter('Priya Lark');
    await openLiveCase(page, 'Views differ');
    await tab(page, 'Decision');
    await go(page, page.getByRole('link', { name: 'Record that we disagree' }));
    await heading(page, /disagree/);
    await toggle(page, page.getByLabel('2. Death or serious harm'));
    await fill(page, page.getByLabel(/What do you disagree with/), 'The arm may never be straight again.');
    await go(page, page.getByRole('button', { name: 'Check and record' }));
    await heading(page, /Check/);
    await go(page, page.getByRole('button', { name: 'Record disagreement' }));
    await sees(page, 'The arm may never be straight again.');
  });

  test('Health asks for resolution; the Chair opens the step and records its outcome', async () => {
    const health = await enter('Amara Fenwick');
    await openLiveCase(health, 'Views differ');
    await tab(health, 'Positions');
    await go(health, health.getByRole('link', { name: 'Ask for resolution' }));
    await heading(health, /Ask for resolution/);
    await fill(health, health.getByLabel(/What should the (step|session) settle/), 'Whether the harm is serious.');
    await toggle(health, health.getByLabel('Discussed in the notes'));
    await go(health, health.getByRole('button', { name: 'Check and ask' }));
    await go(health, health.getByRole('button', { name: 'Ask for resolution' }));
    const chair = await enter('Joan Alder');
    await openLiveCase(chair, 'In resolution');
    await tab(chair, 'Resolution');
    await go(chair, chair.getByRole('button', { name: 'Open the resolution step' }));
    await go(chair, chair.getByRole('link', { name: 'Record the outcome' }));
    for (const agency of ['Social care', 'Health', 'Police'])
      await choose(chair, `Who took part for ${agency}?`, 'Took part');
    await choose(chair, /Did the partners agree/, 'Not agreed: the local authority decides');
    await fill(chair, chair.getByLabel('What is common ground?'), 'The arm was broken at home.');
    await fill(chair, chair.getByLabel('What is still at issue?'), 'Whether the harm is serious.');
    await go(chair, chair.getByRole('button', { name: 'Check and record' }));
    await go(chair, chair.getByRole('button', { name: 'Record the outcome' }));
    await heading(chair, 'Resolution');
  });

  test('the authority answers the dissent, signs, and the record is checked', async () => {
    const page = await enter('Denis Marsh');
    await openLiveCase(page, 'Views differ');
    await tab(page, 'Decision');
    await fill(page, page.getByLabel('Your response to Police'), 'The consultant expects a full recovery.');
    await go(page, page.getByRole('button', { name: 'Check response to Police' }));
    await go(page, page.getByRole('button', { name: 'Record response to Police' }));
    await sees(page, /has not said yet whether it still disagrees/);
    await choose(page, 'What does the local authority decide?', 'Notify');
    for (const [number, question] of [
      /abused or neglected/,
      /died or been seriously harmed/,
      /Did it happen in this area/,
    ].entries()) {
      await choose(page, question, 'Met');
      await fill(
        page,
        page.getByLabel(new RegExp(`reason for criterion ${number + 1}`)),
        'On the evidence in the notes.',
      );
    }
    await fill(page, page.getByLabel('Written rationale'), 'All three criteria are met on suspicion.');
    await toggle(page, page.getByLabel('I have weighed each criterion'));
    await toggle(page, page.getByLabel("I have weighed each partner's reasons"));
    await choose(page, /reputation/, 'No');
    await go(page, page.getByRole('button', { name: 'Check and sign' }));
    await heading(page, /Check and sign/);
    for (const box of await page.getByRole('checkbox').all()) await toggle(page, box);
    await go(page, page.getByRole('button', { name: 'Sign decision' }));
    await heading(page, /Decision/);
    await sees(page, 'All three criteria are met on suspicion.');
    await tab(page, 'History');
    await go(page, page.getByRole('button', { name: 'Check this record' }));
    await sees(page, /This record is whole/);
  });

  async function enter(name: string): Promise<Page> {
    const context = await story.browser.newContext({ baseURL: story.address, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto('/sign-in');
    await page.getByRole('button', { name: `Sign in as ${name}` }).waitFor();
    await go(page, page.getByRole('button', { name: `Sign in as ${name}` }));
    await heading(page, 'My work');
    return page;
  }

  /** The undecided practice case, from the list of one's cases. */
  /** The code of the case that is being lived; other practice cases may stand where it stands. */
  let ref = '';
  async function openLiveCase(page: Page, status: string): Promise<void> {
    const row = page.getByRole('row').filter({ hasText: status }).filter({ hasText: ref });
    await row.waitFor();
    const link = row.getByRole('link', { name: /^SI-/ });
    ref ||= (await link.textContent()) ?? '';
    await go(page, link);
    await heading(page, 'Notes');
  }

  async function tab(page: Page, name: string): Promise<void> {
    await go(page, page.getByRole('navigation').getByRole('link', { name, exact: true }));
    await heading(page, new RegExp(name));
  }

  async function givePosition(page: Page, harm: string, view: string): Promise<void> {
    await go(page, page.getByRole('link', { name: /(Give|Go on with) .* position/ }));
    await heading(page, /position/);
    await choose(page, /abused or neglected/, 'Met');
    await fill(page, page.getByLabel(/reason for criterion 1/), 'The explanation does not fit.');
    await choose(page, /died or been seriously harmed/, harm);
    await fill(page, page.getByLabel(/reason for criterion 2/), 'What the consultant said.');
    await choose(page, /Did it happen in this area/, 'Met');
    await fill(page, page.getByLabel(/reason for criterion 3/), 'At home.');
    await choose(page, 'Should the local authority notify?', view);
    await fill(page, page.getByLabel(/reason for your overall view/), 'As above.');
    await choose(page, /reputation/, 'No');
    await go(page, page.getByRole('button', { name: 'Check and submit' }));
    await heading(page, /Check/);
    await go(page, page.getByRole('button', { name: 'Submit position' }));
    await heading(page, 'Positions');
  }
});
