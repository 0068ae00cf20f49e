/** A thread, the Chair's session and one that a partner leads, by keyboard alone: no mouse, no touch, and the focus where it is expected after each step. */
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { addTo, differingCaseAt, runningSessionAt } from '../support/chaired.ts';
import { practicePlace, type Place } from '../support/database.ts';
import { choose, fill, focused, go, pick, reach, toggle } from '../support/keyboard.ts';
import { heading, looksRight, sees, visit } from '../support/screens.ts';
import { liveCaseAt, signInAt, startService, type RunningService } from '../support/service.ts';

describe.skipIf(!hasBrowser())('by keyboard alone', () => {
  let place: Place;
  let service: RunningService;
  let browser: Browser;

  beforeAll(async () => {
    place = await practicePlace('pglite');
    service = await startService(place);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.kill();
    await place?.remove();
  });

  const enter = async (name: string) => (await visit(browser, service.address, name)).page;

  test(
    '[M12] a question is asked about some words, found in My work, replied to, and closed',
    { timeout: 180_000 },
    async () => {
      const { ref } = await liveCaseAt(service.address, await signInAt(service.address, 'Priya Lark'));
      const police = await enter('Priya Lark');
      await police.goto(`/cases/${ref}`);
      const notes = police.getByRole('textbox', { name: /^Notes for/ });
      await reach(police, notes);
      await police.keyboard.press('Control+Home');
      await police.keyboard.press('ArrowDown');
      await police.keyboard.press('Home');
      for (let words = 0; words < 3; words += 1) await police.keyboard.press('Control+Shift+ArrowRight');
      await police.keyboard.press('Control+Alt+m');
      await police.getByRole('form', { name: 'Add a comment' }).waitFor();
      expect(await focused(police).getAttribute('id'), 'the box has the focus').toBe('text');
      await police.keyboard.type('Which ambulance service?');
      await toggle(police, police.getByLabel('Ask an agency to answer'));
      const agencies = police.getByLabel('Which agency?');
      await reach(police, agencies);
      await police.keyboard.type('Health');
      expect(await agencies.locator('option:checked').textContent()).toBe('Health');
      await go(police, police.getByRole('button', { name: 'Add comment' }));
      await sees(police, 'Which ambulance service?');

      const health = await enter('Amara Fenwick');
      await go(health, health.getByRole('link', { name: new RegExp(`question from Police.*${ref}`, 'i') }));
      await sees(health, 'Which ambulance service?');
      await expect.poll(() => focused(health).evaluate((node) => node.tagName)).toBe('H3');
      await go(health, health.getByRole('button', { name: /^Reply/ }));
      await health.keyboard.type('The regional one.');
      await go(health, health.getByRole('button', { name: 'Post reply' }));
      await sees(health, 'The regional one.');
      expect(await focused(health).evaluate((node) => node.tagName), 'back on the thread').toBe('H3');
      await health.locator('[aria-live=polite]').getByText('Reply posted').waitFor({ state: 'attached' });

      await sees(police, 'The regional one.');
      await go(police, police.getByRole('button', { name: /^Go to text/ }));
      await expect.poll(() => police.evaluate(() => getSelection()?.toString())).not.toBe('');
      await police.keyboard.press('Escape');
      expect(await focused(police).evaluate((node) => node.tagName), 'Escape comes back to the thread').toBe('H3');
      await go(police, police.getByRole('button', { name: /^Close / }));
      await choose(police, 'How was this settled?', 'Answered');
      await go(police, police.getByRole('button', { name: 'Close comment' }));
      await sees(police, /Closed \(1\)/);
    },
  );

  test('[M26] the Chair leads an item and a partner answers a wording', { timeout: 180_000 }, async () => {
    const { ref } = await runningSessionAt(service.address, { deputy: 'Wren Castle' });
    const [chair, health] = [await enter('Joan Alder'), await enter('Amara Fenwick')];
    for (const page of [chair, health]) await page.goto(`/cases/${ref}/session`);
    await go(health, health.getByRole('button', { name: 'Join the session' }));
    await fill(chair, chair.getByLabel('Note a fact'), 'The call was at 7:40am.');
    await go(chair, chair.getByRole('button', { name: 'Note this fact' }));
    await sees(health, 'Not agreed: The call was at 7:40am.');
    await go(chair, chair.getByRole('button', { name: 'Start the next step: Round' }));
    await go(health, health.getByRole('link', { name: 'Go to it' }));
    expect(await focused(health).getAttribute('id')).toBe('step-heading');
    await go(health, health.getByRole('button', { name: 'Ask to speak' }));
    await go(chair, chair.getByRole('button', { name: 'Call Amara Fenwick', exact: true }));
    await health.locator('[aria-live=assertive]').getByText('your turn to speak').waitFor({ state: 'attached' });
    await go(health, health.getByRole('button', { name: 'I have finished' }));
    await go(chair, chair.getByRole('button', { name: 'Start the next step: Test a wording' }));
    await fill(chair, chair.getByLabel('Wording to test'), 'The child has been seriously harmed.');
    await go(chair, chair.getByRole('button', { name: 'Put the wording' }));
    await choose(health, 'Your answer for Health', 'Agree');
    await go(health, health.getByRole('button', { name: 'Submit answer' }));
    await go(chair, chair.locator('summary').filter({ hasText: 'Open the answers before all have answered' }));
    await fill(chair, chair.getByLabel('Reason', { exact: true }), 'Two partners are not here.');
    await go(chair, chair.getByRole('button', { name: 'Open the answers' }));
    await sees(health, /Agree/);
    await go(chair, chair.getByRole('button', { name: 'Pause' }));
    await health
      .locator('[aria-live=assertive]')
      .getByText(/paused/i)
      .waitFor({ state: 'attached' });
    await go(chair, chair.getByRole('button', { name: 'Go on' }));
  });

  test(
    '[M3] the office gives Police the turn; its officer leads by keyboard, and a colleague answers for it',
    { timeout: 180_000 },
    async () => {
      const office = await enter('Beth Quill');
      await addTo(service.address, { name: 'Otto Reed', like: 'Priya Lark', role: 'position-holder' });
      const { ref } = await differingCaseAt(service.address);
      await office.goto('/admin/people/add');
      await pick(office, 'Who is it?', 'Denis Marsh');
      await pick(office, 'Agency', 'Social care');
      await pick(office, 'Role', 'chairs in rotation');
      await sees(office, 'One person at a time, of a statutory partner.');
      await fill(office, office.getByLabel('Why? Who asked for it'), 'Agreed by the partners.');
      await go(office, office.getByRole('button', { name: 'Give this role' }));
      await office
        .getByRole('alert')
        .getByText(/Nobody decides for the local authority and chairs/)
        .waitFor();
      await looksRight(office, 'a turn, refused');
      await pick(office, 'Who is it?', 'Priya Lark');
      await pick(office, 'Agency', 'Police');
      await go(office, office.getByRole('button', { name: 'Give this role' }));
      await sees(office, 'The role is in the record.');

      const page = await enter('Priya Lark');
      await page.goto(`/cases/${ref}/session`);
      await go(page, page.getByRole('link', { name: 'Prepare the session' }));
      await sees(page, 'You lead this session, so somebody else speaks for Police in it.');
      await pick(page, 'Who speaks for Police', 'Otto Reed');
      await fill(page, page.getByLabel('Where do people talk?'), 'Room 2');
      await looksRight(page, 'prepare, by a partner');
      await go(page, page.getByRole('button', { name: 'Invite and set the time' }));
      await go(page, page.getByRole('button', { name: 'Start the session' }));
      for (const step of ['Round', 'Test a wording'])
        await go(page, page.getByRole('button', { name: `Start the next step: ${step}` }));
      await fill(page, page.getByLabel('Wording to test'), 'The child has been seriously harmed.');
      await go(page, page.getByRole('button', { name: 'Put the wording' }));

      const otto = await enter('Otto Reed');
      await go(otto, otto.getByRole('link', { name: 'Answer the wording for Police' }));
      await sees(otto, 'The wording waits for the answer of Police.');
      await looksRight(otto, 'an answer is asked of somebody who has not joined');
      await go(otto, otto.getByRole('button', { name: 'Join the session' }));
      await otto.getByRole('group', { name: 'Your answer for Police' }).waitFor();
      await expect.poll(() => focused(otto).getAttribute('name')).toContain('answer');
      await choose(otto, 'Your answer for Police', 'Agree');
      await go(otto, otto.getByRole('button', { name: 'Submit answer' }));
      await sees(otto, /Police has answered: agree/);
      await go(page, page.locator('summary', { hasText: 'Open the answers before all have answered' }));
      await fill(page, page.getByLabel('Reason', { exact: true }), 'Social care and Health are called away.');
      await go(page, page.getByRole('button', { name: 'Open the answers' }));
      await choose(page, 'What came of this item?', 'Not agreed');
      await fill(page, page.getByLabel(/are not present\. Why are you going on/), 'They answer in writing.');
      await go(page, page.getByRole('button', { name: 'Record this item' }));
      await go(page, page.locator('summary', { hasText: 'End before every item is recorded' }));
      await fill(page, page.getByLabel('Which items are left over, and why?'), 'Out of time.');
      await looksRight(page, 'the strip of a partner in the chair');
      await go(page, page.locator('form').getByRole('button', { name: 'End the session' }));
      await go(page, page.getByRole('link', { name: 'Record the outcome' }));
      await choose(page, /Did the partners agree/, 'Not agreed: the local authority decides');
      await fill(page, page.getByLabel('What is common ground?'), 'The arm was broken at home.');
      await fill(page, page.getByLabel('What is still at issue?'), 'Whether the harm is serious.');
      await go(page, page.getByRole('button', { name: 'Check and record' }));
      await go(page, page.getByRole('button', { name: 'Record the outcome' }));
      await heading(page, 'Resolution');
      await sees(otto, 'Minutes of the session');
    },
  );
});
