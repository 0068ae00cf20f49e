/**
 * What is decided after deciding, by keyboard alone and through the doors that people use: a decision taken up
 * again before it is sent, one that stands when it is looked at again, no practice review, and a partner
 * for which nobody can speak.
 */
import { Temporal } from 'temporal-polyfill';
import type { Page } from '@playwright/test';
import { describe, test } from 'vitest';
import { sayDay, type Day } from '#schema/calendar.ts';
import { hasBrowser } from '../support/browser.ts';
import { choose, fill, go } from '../support/keyboard.ts';
import { todayHere } from '../support/past.ts';
import { heading, looksRight, sees } from '../support/screens.ts';
import { tellStory } from '../support/story.ts';

const today = todayHere();
const later = (by: Temporal.DurationLike): Day => Temporal.PlainDate.from(today).add(by).toString();

describe.skipIf(!hasBrowser())('after deciding', () => {
  const story = tellStory();

  test('[M29] the decision-maker takes up a decision to notify again before it is sent, on the same clock', async () => {
    const page = await opened('Denis Marsh', 'Decided: notify', 'Decision');
    await go(page, page.getByRole('link', { name: 'Decide again before it is sent' }));
    await heading(page, 'Decide again before it is sent');
    await sees(page, 'The time to notify does not stop and does not begin anew.');
    await looksRight(page, 'decide again');
    await fill(page, page.getByLabel(/What has come to light since you signed/), 'dunlin: a second opinion.');
    await go(page, page.getByRole('button', { name: 'Continue' }));
    await heading(page, 'Check before you take up the decision again');
    await go(page, page.getByRole('button', { name: 'Take up the decision again' }));
    await heading(page, 'Decision');
    await sees(page, /The decision is taken up again/);
    await sees(page, /dunlin/);
    await sees(page, 'Being decided again');
    await page.goto('/register');
    await page.getByRole('row', { name: /Not decided yet: being decided again/ }).waitFor();
  });

  test('[M30] [CK10] looks again at one not to notify: a day beyond a year is refused, and the words are kept', async () => {
    const page = await opened('Denis Marsh', 'Decided: do not notify', 'Decision');
    await go(page, page.getByRole('link', { name: 'Record that you looked at it again' }));
    await heading(page, 'Record that the decision stands');
    await fill(page, page.getByLabel(/why does the decision stand/), 'whinchat: K.T. was seen alone.');
    await choose(page, /did organisational reputation form any part/, 'No');
    const next = /When will it be looked at next/;
    await typeDay(page, next, later({ years: 1, days: 1 }));
    await go(page, page.getByRole('button', { name: 'Continue' }));
    await heading(page, 'Check before you record it');
    await go(page, page.getByRole('button', { name: 'Record that it stands' }));
    await page
      .getByRole('alert')
      .getByText(`Enter a date on or before ${sayDay(later({ years: 1 }))}`)
      .waitFor();
    await looksRight(page, 'looking again, refused');
    await typeDay(page, next, later({ months: 2 }));
    await go(page, page.getByRole('button', { name: 'Continue' }));
    await go(page, page.getByRole('button', { name: 'Record that it stands' }));
    await sees(page, 'Looked at again: it stands');
    await sees(page, `To be looked at next on ${sayDay(later({ months: 2 }))}.`);
    await looksRight(page, 'a decision that stands');
  });

  test('[M34] the Chair records that no practice review is held, and why it was decided without every view', async () => {
    const page = await opened('Joan Alder', 'Decided: do not notify', 'What happens next');
    await go(page, page.getByRole('link', { name: 'Local practice review' }));
    await heading(page, 'Local practice review');
    await go(page, page.getByRole('link', { name: 'Record what the partners decided' }));
    await heading(page, 'What the partners decided about a practice review');
    await go(page, page.getByRole('button', { name: 'Continue' }));
    await page.getByRole('alert').getByText('Select what the partners decided').waitFor();
    await choose(page, 'What did the partners decide?', 'Do not hold one');
    await typeDay(page, 'When did they decide?', today);
    await fill(page, page.getByLabel('Why is none held?'), 'godwit: what there is to learn is in the audit.');
    await looksRight(page, 'no practice review');
    await go(page, page.getByRole('button', { name: 'Continue' }));
    await heading(page, 'Check what the partners decided');
    await go(page, page.getByRole('button', { name: 'Record what was decided' }));
    await page
      .getByRole('alert')
      .getByText(/Say why this is decided without/)
      .waitFor();
    await fill(page, page.getByLabel(/^Why was it decided without the view of/), 'They said so at the meeting.');
    await go(page, page.getByRole('button', { name: 'Continue' }));
    await go(page, page.getByRole('button', { name: 'Record what was decided' }));
    await sees(page, 'The partners decided not to hold one.');
    await sees(page, /godwit/);
    await looksRight(page, 'no practice review is held');
  });

  test('[M6] nobody speaks for Police any more: the Chair is asked to see to it, and the page of positions says so', async () => {
    const unit = await enter('Beth Quill');
    await go(unit, unit.getByRole('navigation').getByRole('link', { name: 'The partnership' }));
    await go(unit, unit.getByRole('link', { name: 'People, agencies and acting cover' }));
    await go(unit, unit.getByRole('link', { name: 'End the role of Priya Lark' }));
    await choose(unit, 'When does it end?', 'At once');
    await fill(unit, unit.getByLabel('Why does it end?'), 'Moved to another force.');
    await go(unit, unit.getByRole('button', { name: 'End this role' }));
    await sees(unit, 'Police: nobody is set up to give a position.');
    await looksRight(unit, 'people, one partner missing');

    const chair = await enter('Joan Alder');
    await go(chair, chair.getByRole('link', { name: /^Police: nobody is set up to give a position/ }));
    await sees(chair, 'The local authority may decide without it, and the decision says so.');
    await looksRight(chair, 'positions, one partner missing');
  });

  async function enter(name: string): Promise<Page> {
    const { page } = await story.enter(name);
    return page;
  }

  /** A page of a practice case, by its row in the register. */
  async function opened(name: string, outcome: string, tab: string): Promise<Page> {
    const page = await enter(name);
    await go(page, page.getByRole('navigation').getByRole('link', { name: 'Register' }));
    await go(page, page.getByRole('row').filter({ hasText: outcome }).getByRole('link', { name: /^SI-/ }));
    await heading(page, 'Notes');
    await go(page, page.getByRole('navigation').getByRole('link', { name: tab, exact: true }));
    await heading(page, new RegExp(tab));
    return page;
  }

  async function typeDay(page: Page, question: string | RegExp, day: Day): Promise<void> {
    const boxes = page.getByRole('group', { name: question });
    const { year, month, day: ofMonth } = Temporal.PlainDate.from(day);
    for (const [box, number] of Object.entries({ Day: ofMonth, Month: month, Year: year }))
      await fill(page, boxes.getByLabel(box), String(number));
  }
});
