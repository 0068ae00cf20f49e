/**
 * Five ways in which a case goes, each in a real browser by the people whose it is: agreed and
 * notified; silent until the lead partners have it; another authority's; reviewed without a
 * notification; and notified two years after it was not. The sixth, disputed, is a story of its own.
 */
import { Temporal } from 'temporal-polyfill';
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { addWorkingDays, sayDay, type Day } from '#schema/calendar.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import { holidays, workingDaysAgo } from '#server/practice/stage.ts';
import { hasBrowser } from '../support/browser.ts';
import { todayHere, type Past } from '../support/past.ts';
import {
  accessible,
  answer,
  connected,
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
import { details, positionOf } from '../support/world.ts';

const words = 'Because of what is known.';
const today = todayHere();

describe.skipIf(!hasBrowser())('a case that', () => {
  let health: Visitor;
  let decides: Visitor;
  let chair: Visitor;
  let lead: Visitor;
  const refs = { agreed: '', silent: '', elsewhere: '', notNotified: '', twoYearsAgo: '' };
  let spoilt = 0;
  const story = tellStory({
    before: async (past) => {
      refs.agreed = await agreedCase(past, (room) =>
        past.spoilNotes(room, 'Amara Fenwick').then((row) => (spoilt = row)),
      );
      refs.silent = await silentCase(past);
      refs.elsewhere = await elsewhereCase(past);
      refs.notNotified = await notNotifiedCase(past);
      refs.twoYearsAgo = await oldCase(past);
    },
  });

  beforeAll(async () => {
    [health, decides, chair, lead] = (await Promise.all(
      ['Amara Fenwick', 'Denis Marsh', 'Joan Alder', 'Hal Winter'].map((name) => story.enter(name)),
    )) as [Visitor, Visitor, Visitor, Visitor];
  }, 180_000);

  test('has notes that cannot be read whole: the business unit is told which row and what to do, not which case it is not on', async () => {
    const { page } = await story.enter('Beth Quill');
    await page.goto('/admin/notes');
    await heading(page, 'Notes that cannot be read whole');
    // Nobody has opened the case yet.
    await sees(page, /^No notes have been found/);
    await health.page.goto(`/cases/${refs.agreed}`);
    await connected(health.page);
    const row = page.getByRole('row', { name: /^Notes of a case that you are not on/ });
    await expect
      .poll(async () => {
        await page.reload();
        await heading(page, 'Notes that cannot be read whole');
        return row.count();
      })
      .toBe(1);
    await row.getByRole('cell', { name: String(spoilt), exact: true }).waitFor();
    await sees(page, /^Give the place and the row to whoever runs this service/);
    expect(await page.getByText(refs.agreed).count()).toBe(0);
    await accessible(page, 'notes that cannot be read whole');
    await page.setViewportSize({ width: 375, height: 800 });
    await fits(page, 'notes that cannot be read whole');
  });

  test('[M3] is read under a charter: anyone reads what each role may do, and the business unit’s words of it, by their day', async () => {
    const { page } = await story.enter('Beth Quill');
    await page.goto('/admin/arrangements/charter');
    await heading(page, 'Charter of roles');
    const limits = page.getByLabel('Where it ends').first();
    await limits.fill('');
    await write(page, 'Why does this change?', 'Agreed by the partners.');
    await press(page, /^Record this as version/);
    await page.getByRole('link', { name: 'Say where the role ends' }).waitFor();
    await limits.fill('Holds the rank of a superintendent, or above.');
    await press(page, /^Record this as version/);
    await sees(page, 'Charter of roles: the change is in the record.');

    await health.page.goto(`/cases/${refs.agreed}/raised`);
    await follow(health.page, 'Everyone on the case now');
    await heading(health.page, 'People on the case');
    await follow(health.page, 'What each role may do, and where it ends');
    await heading(health.page, 'Who may do what');
    const holder = health.page.getByRole('region', { name: 'Position-holder' });
    await holder.getByText('Holds the rank of a superintendent, or above.').waitFor();
    await holder.getByText('record that their agency disagrees (health and police only)').waitFor();
    await accessible(health.page, 'the charter');
    await fits(health.page, 'the charter');
    await follow(health.page, /^From Sunday 1 September 2019/);
    await sees(health.page, /^This is an earlier wording/);
    expect(await holder.getByText('superintendent').count()).toBe(0);
  });

  test('[M24] [M29] [M30] [M32] is agreed: signed by the authority, received by a partner, notified with day and reference', async () => {
    const at = `/cases/${refs.agreed}`;
    await sign(decides.page, at, 'Notify', 'plover: each partner finds every criterion met, and so do I.');
    await health.page.goto(`${at}/decision`);
    await sees(health.page, /plover/);
    await sees(health.page, /^Signed by Denis Marsh.*Attested by the service\. Entry/s);
    await press(health.page, 'Confirm that Health has it');
    await sees(health.page, /Confirmed by Amara Fenwick/);
    await accessible(health.page, 'decision, received');

    const { page } = decides;
    await page.goto(`${at}/after`);
    await heading(page, 'What happens next');
    await accessible(page, 'what happens next');
    await follow(page, 'Notification');
    await sees(page, /Not sent yet\. The last day is/);
    await accessible(page, 'notification, not sent');
    await follow(page, 'Open the notification pack');
    await heading(page, /pack/i);
    await accessible(page, 'notification pack');
    await page.goBack();
    await follow(page, 'Record that it was sent');
    await date(page, 'When was it sent?', addWorkingDays(today, 1, holidays).due);
    await write(page, 'At what time?', 'noon');
    await press(page, 'Continue');
    await page.getByRole('alert').getByText('Enter the time it was sent, like 4:40pm or 16:40').waitFor();
    await accessible(page, 'record the notification, with errors');
    await write(page, 'At what time?', '00:00');
    await write(page, 'Reference in the national system', 'CSI-77120');
    await press(page, 'Continue');
    await heading(page, 'Check what was sent');
    await press(page, 'Record notification');
    // A day that has not come is refused by name, and nothing that was typed is lost.
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await accessible(page, 'record the notification, refused');
    await date(page, 'When was it sent?', today);
    await press(page, 'Continue');
    await sees(page, 'CSI-77120');
    await press(page, 'Record notification');
    await sees(page, 'The notification is in the record, and the rapid review has begun.');
    await sees(page, `${sayDay(today)}, midnight`);
    await sees(page, 'CSI-77120');

    await health.page.goto('/');
    await health.page
      .getByRole('link', { name: `Give Health's return for the rapid review on ${refs.agreed}` })
      .waitFor();
    await chair.page.goto('/register');
    await rowOf(chair.page, refs.agreed).getByText('Notified: rapid review').waitFor();
  });

  test('[M25] [M28] nobody resolves in time goes by itself to the lead partners, who give their views', async () => {
    const at = `/cases/${refs.silent}`;
    await lead.page.getByRole('link', { name: `Give Health's view as lead partner on ${refs.silent}` }).click();
    const { page } = lead;
    await heading(page, 'Resolution');
    await sees(page, 'The stage before it ended without an outcome, so the service passed it on.');
    await sees(page, 'The step was not opened in time.');
    await accessible(page, 'resolution, passed on');
    await follow(page, "Give Health's view");
    await answer(page, 'Should the local authority notify?', 'Notify');
    await write(page, 'Why?', 'bittern: that the child may recover does not make the harm less serious.');
    await accessible(page, 'a lead partner’s view');
    await connected(page);
    await press(page, 'Check and give');
    await press(page, "Give Health's view");
    await heading(page, 'Resolution');

    await chair.page.goto(`${at}/resolution`);
    await sees(chair.page, /bittern/);
    await press(chair.page, 'Open the resolution step');
    await follow(chair.page, 'Record the outcome');
    for (const agency of ['Social care', 'Health', 'Police'])
      await answer(chair.page, `Who took part for ${agency}?`, 'Took part');
    await answer(chair.page, 'Did the partners agree?', 'Agreed: notify');
    await write(chair.page, 'What is common ground?', words);
    await write(chair.page, 'What is still at issue?', 'None');
    await press(chair.page, 'Check and record');
    await press(chair.page, 'Record the outcome');
    await sees(chair.page, /Stage 4, .* ended .*Agreed: notify/);

    await decides.page.goto(`${at}/history`);
    await sees(decides.page, 'Health asked for resolution');
    const told = await decides.page
      .getByText(
        /^(Health asked for resolution|Stage 3, .* ended without an outcome|Passed on to stage 4, .*|The lead partners were told)$/,
      )
      .allTextContents();
    expect(told.reverse().map((title) => title.replace(/,.*?(?= ended|$)/, ''))).toEqual([
      'Health asked for resolution',
      'Stage 3 ended without an outcome',
      'Passed on to stage 4',
      'The lead partners were told',
    ]);
    await accessible(decides.page, 'history, passed on by silence');
  });

  test('[M8] happened in another authority’s area is handed over, and is ours until that authority accepts it', async () => {
    const { page } = decides;
    await page.goto(`/cases/${refs.elsewhere}/criteria`);
    await sees(page, 'Another authority notifies. Tell it, and hand the case over.');
    await accessible(page, 'criteria, another authority');
    await follow(page, 'Hand over to another authority');
    await press(page, 'Check and hand over');
    await page.getByRole('alert').getByText('Enter the name of the other authority').waitFor();
    await accessible(page, 'hand over, with errors');
    await write(page, 'Which authority?', 'Southmoor Council');
    await write(page, 'Whom did you speak to?', 'Ada Flint, duty manager');
    await date(page, 'When did you speak to them?', today);
    await press(page, 'Check and hand over');
    await heading(page, 'Check the hand-over');
    await accessible(page, 'check the hand-over');
    await press(page, 'Hand over to Southmoor Council');
    await sees(page, /Southmoor Council, which has not accepted it yet\. The time to notify is ours\./);

    await health.page.goto('/');
    const asked = health.page.getByRole('link', { name: `Give Health's position on ${refs.elsewhere}` });
    await asked.waitFor();
    await follow(page, 'Record that it has accepted');
    await write(page, 'Who accepted?', 'Ada Flint, duty manager');
    await date(page, 'When did they accept?', today);
    await write(page, 'Where can their acceptance be found?', 'Her email of this morning');
    await accessible(page, 'record acceptance');
    await press(page, 'Record that Southmoor Council has accepted');
    await sees(page, /The time to notify is its own\./);
    // Nothing more is asked of anybody here.
    await asked.waitFor({ state: 'detached' });
    await chair.page.goto('/register');
    await rowOf(chair.page, refs.elsewhere).getByText('Not decided yet: handed over').waitFor();
  });

  test('[M34] is not notified can be reviewed all the same, and the review published', async () => {
    const { page } = health;
    await page.goto(`/cases/${refs.notNotified}/after`);
    await follow(page, 'Local practice review');
    await accessible(page, 'practice review, none yet');
    await follow(page, "Give Health's view");
    for (const letter of ['a', 'b', 'c', 'd']) await write(page, `Why, on (${letter})?`, words);
    for (const question of [/improvements that are needed/, /themes that keep recurring/, /work together\?/])
      await answer(page, question, 'Yes');
    await answer(page, /Has the Panel considered it/, 'No');
    await answer(page, 'Taking them together, what should be done?', 'Hold a local practice review');
    await press(page, 'Continue');
    await page.getByRole('alert').getByText('Give a reason for your view').waitFor();
    await accessible(page, 'a view on regulation 11, with errors');
    await write(page, 'Why, overall?', 'ruff: the agencies did not talk to each other.');
    await press(page, 'Continue');
    await press(page, 'Record view');
    await sees(page, /ruff/);

    await follow(page, 'Record what the partners decided');
    await sees(page, 'No notification stands on this case. A review can be held without one; the record says so.');
    await answer(page, 'What did the partners decide?', 'Hold a local practice review');
    await date(page, 'When did they decide?', today);
    await write(page, 'What will it look at?', 'How the agencies shared what each of them knew.');
    await accessible(page, 'what the partners decided');
    await press(page, 'Continue');
    await press(page, 'Record what was decided');
    await sees(page, 'No notification stood on this case when the review began.');
    await sees(page, sayDay(Temporal.PlainDate.from(today).add({ months: 6 }).toString()));

    await follow(page, 'Plan the publication');
    await date(page, 'When will it be published?', addWorkingDays(today, 10, holidays).due);
    await press(page, 'Continue');
    await press(page, 'Record the day');
    await follow(page, 'Record that the report was sent');
    await date(page, 'When was it sent to the Panel and the Secretary of State?', today);
    await press(page, 'Continue');
    await press(page, 'Record that it was sent');
    await follow(page, 'Record the publication');
    await date(page, 'When was it published?', today);
    await answer(page, 'What was published?', 'The report');
    await write(page, 'Where can it be read?', 'The partnership’s website');
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await accessible(page, 'record the publication');
    await press(page, 'Continue');
    await press(page, 'Record publication');
    // Sooner than seven working days after it was sent: why, or not at all.
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await changeOf(page, 'the reason');
    await write(page, /^The reason, if/, 'The inquest asked for it to be published now.');
    await press(page, 'Continue');
    await press(page, 'Record publication');
    await sees(page, 'Stays public until');
    await accessible(page, 'practice review, published');
    await chair.page.goto('/register');
    await rowOf(chair.page, refs.notNotified).getByText('Practice review published').waitFor();
  });

  test('[M36] was not notified is reopened after two years, notified, and listed as retrospective', async () => {
    const at = `/cases/${refs.twoYearsAgo}`;
    const { page } = health;
    await page.goto(`${at}/decision`);
    await sees(page, /knot: an accident/);
    await follow(page, 'Reopen with new information');
    await write(page, 'What is new?', 'dotterel: a second scan shows older fractures.');
    await date(page, 'When did it become known?', today);
    await write(page, 'Who did it become known to?', 'The hospital');
    await date(page, 'When did the local authority become aware of it?', addWorkingDays(today, 1, holidays).due);
    await accessible(page, 'reopen with new information');
    await press(page, 'Continue');
    await heading(page, 'Check before you reopen the case');
    await press(page, 'Reopen the case');
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await date(page, 'When did the local authority become aware of it?', today);
    await press(page, 'Continue');
    await press(page, 'Reopen the case');
    await sees(page, 'The case is reopened. Positions are asked for again.');
    await sees(page, `Notify by ${sayDay(addWorkingDays(today, 5, holidays).due)}`);

    await follow(page, 'Read the decision before this one');
    await sees(page, /knot: an accident/);
    await accessible(page, 'earlier decisions');
    await sign(decides.page, at, 'Notify', 'whimbrel: what is known now meets every criterion.');
    await follow(decides.page, 'See each step, and where it stands');
    await follow(decides.page, 'Notification');
    await follow(decides.page, 'Record that it was sent');
    await date(decides.page, 'When was it sent?', today);
    await write(decides.page, 'At what time?', '00:00');
    await write(decides.page, 'Reference in the national system', 'CSI-77121');
    await press(decides.page, 'Continue');
    await press(decides.page, 'Record notification');
    await sees(decides.page, 'CSI-77121');
    await chair.page.goto('/register');
    await rowOf(chair.page, refs.twoYearsAgo).getByText('Notified: rapid review').waitFor();
    await chair.page.goto('/review-group');
    await rowOf(chair.page, refs.twoYearsAgo).getByText('Yes: notified on new information').waitFor();
    await accessible(chair.page, 'the review and advisory group’s list');
    await chair.page.goto(`${at}/history`);
    await press(chair.page, 'Check this record');
    await sees(chair.page, /This record is whole/);
  });

  test('fits a window of 320 px on every screen, and no page complained or asked for anything elsewhere', async () => {
    await chair.page.setViewportSize({ width: 320, height: 700 });
    for (const [ref, screen] of [
      [refs.agreed, 'after'],
      [refs.agreed, 'after/notification'],
      [refs.agreed, 'after/notification/pack'],
      [refs.agreed, 'after/rapid-review'],
      [refs.silent, 'resolution'],
      [refs.elsewhere, 'criteria'],
      [refs.notNotified, 'after/practice-review'],
      [refs.twoYearsAgo, 'earlier'],
    ]) {
      await chair.page.goto(`/cases/${ref}/${screen}`);
      await chair.page.getByRole('heading', { level: 1 }).waitFor();
      await fits(chair.page, `${screen}`);
    }
    // A refusal is answered 409 or 400, of which a browser writes a line.
    for (const { name, problems } of [health, decides, chair, lead]) {
      expect(
        problems.filter((line) => !/40[09]/.test(line)),
        name,
      ).toEqual([]);
    }
  });
});

// What came before.

async function positions(past: Past, room: string, views: readonly ('notify' | 'do-not-notify')[]): Promise<number> {
  let last = 0;
  for (const [index, name] of ['Amara Fenwick', 'Priya Lark', 'Tomas Birch'].entries()) {
    const view = views[index] ?? 'notify';
    const content = positionOf('known:', view === 'notify' ? 'met' : 'not-met', view);
    last = await past.act(room, name, { type: 'SubmitPosition', content });
  }
  return last;
}

const notToNotify = (read: number, rationale: string, reviewOn: Day): RoomCommandInput => ({
  type: 'SignDecision',
  read,
  content: {
    outcome: 'do-not-notify',
    answers: positionOf('weighed:', 'not-met').answers,
    rationale,
    weighed: ['each-criterion', 'each-partners-reasons'],
    reputation: { formedPart: 'no', explanation: '' },
    reviewOn,
  },
});

async function agreedCase(past: Past, also: (room: string) => Promise<unknown>): Promise<string> {
  past.at(null);
  const { ref, room } = await past.open({ ...details, awareOn: today });
  await also(room);
  await positions(past, room, ['notify', 'notify', 'notify']);
  return ref;
}

/** Four working days old: the Chair's stage ended yesterday with nothing done. */
async function silentCase(past: Past): Promise<string> {
  past.at(workingDaysAgo(today, 4));
  const { ref, room } = await past.open({ ...details, awareOn: workingDaysAgo(today, 4) });
  past.at(workingDaysAgo(today, 3));
  await positions(past, room, ['notify', 'notify', 'do-not-notify']);
  await past.act(room, 'Amara Fenwick', { type: 'RequestResolution', question: words, tried: ['spoke-directly'] });
  return ref;
}

async function elsewhereCase(past: Past): Promise<string> {
  past.at(null);
  return (await past.open({ ...details, awareOn: today, incidentPlace: 'elsewhere-in-england' })).ref;
}

async function notNotifiedCase(past: Past): Promise<string> {
  past.at(null);
  const { ref, room } = await past.open({ ...details, awareOn: today });
  const read = await positions(past, room, ['do-not-notify', 'do-not-notify', 'do-not-notify']);
  await past.act(room, 'Denis Marsh', notToNotify(read, words, addWorkingDays(today, 20, holidays).due));
  const yes = { answer: 'yes', reason: words } as const;
  for (const name of ['Priya Lark', 'Tomas Birch']) {
    await past.act(room, name, {
      type: 'GiveReviewView',
      matrix: { L1: yes, L2: yes, L3: yes, L4: yes },
      view: 'hold',
      reason: words,
    });
  }
  return ref;
}

async function oldCase(past: Past): Promise<string> {
  const then = workingDaysAgo(Temporal.PlainDate.from(today).subtract({ years: 2 }).toString(), 0);
  past.at(then);
  const { ref, room } = await past.open({ ...details, awareOn: then });
  const read = await positions(past, room, ['do-not-notify', 'do-not-notify', 'do-not-notify']);
  const decision = notToNotify(read, 'knot: an accident, as far as is known.', addWorkingDays(then, 20, holidays).due);
  await past.act(room, 'Denis Marsh', decision);
  return ref;
}

// What people do.

/** The decision-maker signs, beginning from the authority's own position where it gave one. */
async function sign(page: Page, at: string, outcome: string, rationale: string): Promise<void> {
  await page.goto(`${at}/decision`);
  await heading(page, 'Decision');
  await answer(page, 'What does the local authority decide?', outcome);
  for (const [number, question] of [
    /abused or neglected/,
    /died or been seriously harmed/,
    /Did it happen in this area/,
  ].entries()) {
    await answer(page, question, 'Met');
    await write(page, new RegExp(`reason for criterion ${number + 1}`, 'i'), words);
  }
  await write(page, /Written rationale/i, rationale);
  await page.getByLabel('I have weighed each criterion').check();
  await page.getByLabel("I have weighed each partner's reasons").check();
  await answer(page, /reputation/, 'No');
  await press(page, 'Check and sign');
  await heading(page, 'Check and sign the decision');
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await press(page, 'Sign decision');
  await sees(page, /^The decision is signed and in the record/);
}

/** Goes back from the answers to check to one question. */
async function changeOf(page: Page, question: string): Promise<void> {
  await page.getByRole('link', { name: new RegExp(`^Change ${question.replace('?', '\\?')}`) }).click();
}

function rowOf(page: Page, ref: string) {
  return page.getByRole('row').filter({ hasText: ref });
}
