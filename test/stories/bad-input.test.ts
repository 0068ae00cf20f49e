/**
 * What people do wrong, or too late: each is told so in words they can act on, what they typed is
 * kept, and the record holds nothing of it.
 */
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { addWorkingDays } from '#schema/calendar.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import { newId } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import { holidays } from '#server/practice/stage.ts';
import { hasBrowser } from '../support/browser.ts';
import { todayHere, type Past } from '../support/past.ts';
import { disagreement } from '../support/rules.ts';
import { accessible, answer, connected, date, heading, press, sees, write, type Visitor } from '../support/screens.ts';
import { signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';
import { details, positionOf } from '../support/world.ts';

const today = todayHere();

describe.skipIf(!hasBrowser())('somebody who', () => {
  let health: Visitor;
  let police: Visitor;
  let decides: Visitor;
  const cookies = new Map<string, string>();
  const cases = { signed: { ref: '', room: '' }, stated: { ref: '', room: '' } };

  const story = tellStory({
    before: async (past) => {
      cases.signed = await past.open({ ...details, awareOn: today });
      cases.stated = await past.open({ ...details, awareOn: today });
      for (const name of ['Amara Fenwick', 'Tomas Birch', 'Priya Lark']) await states(past, name);
    },
  });

  beforeAll(async () => {
    for (const name of ['Priya Lark', 'Hal Winter', 'Beth Quill'])
      cookies.set(name, await signInAt(story.address, name));
    [health, police, decides] = await Promise.all([
      story.enter('Amara Fenwick'),
      story.enter('Priya Lark'),
      story.enter('Denis Marsh'),
    ]);
  }, 180_000);

  const states = (past: Past, name: string) =>
    past.act(cases.signed.room, name, { type: 'SubmitPosition', content: positionOf('Known:') });

  /** Asks the service itself, as another person's screen would. */
  async function ask(name: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const headers = { cookie: cookies.get(name) ?? '', origin: story.address, 'content-type': 'application/json' };
    const sent = body ? { method: 'POST', body: JSON.stringify({ id: newId(), ...body }) } : {};
    const reply = await fetch(`${story.address}/api${path}`, { headers, ...sent });
    expect(reply.ok, `${name} at ${path}`).toBe(true);
    return (await reply.json()) as Record<string, unknown>;
  }
  const does = (name: string, room: string, command: RoomCommandInput) =>
    ask(name, `/rooms/${room}/commands`, { command });
  async function recorded(room: string, type: Entry['type']): Promise<Entry[]> {
    const { entries } = await ask('Priya Lark', `/rooms/${room}/entries`);
    return (entries as Entry[]).filter((entry) => entry.type === type);
  }

  test('[M29] signs while a disagreement comes in is refused by it, and signs once it is read and answered', async () => {
    const { page } = decides;
    await page.goto(`/cases/${cases.signed.ref}/decision`);
    await connected(page);
    await answer(page, 'What does the local authority decide?', 'Notify');
    await press(page, "Start from Social care's position");
    await write(page, /Written rationale/i, 'godwit: each criterion is met.');
    await page.getByLabel('I have weighed each criterion').check();
    await page.getByLabel("I have weighed each partner's reasons").check();
    await answer(page, /reputation/, 'No');
    await press(page, 'Check and sign');
    await heading(page, 'Check and sign the decision');
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await meanwhile(page, () =>
      does('Priya Lark', cases.signed.room, { type: 'RecordDissent', content: { ...disagreement, about: ['place'] } }),
    );
    await press(page, 'Sign decision');
    await page.getByRole('alert').getByText('A position or a disagreement was added while you were reading.').waitFor();
    await accessible(page, 'signing, refused');
    await sees(page, 'godwit: each criterion is met.');
    expect(await recorded(cases.signed.room, 'DecisionSigned')).toEqual([]);

    // It stands there to be read; until it is, and is answered, nothing is sent again.
    await press(page, 'Sign decision');
    await page
      .getByRole('alert')
      .getByText(/Read it before you sign/)
      .waitFor();
    await page.getByRole('alert').getByText("Respond to Police's disagreement").waitFor();
    await accessible(page, 'signing, back at the form');
    await page.locator('summary').filter({ hasText: 'Read it' }).click();
    expect(await page.getByRole('textbox', { name: /Written rationale/i }).inputValue()).toContain('godwit');
    await write(page, /Your response to Police/, 'It happened at home, in this area.');
    await press(page, 'Check response to Police');
    await press(page, 'Record response to Police');
    await sees(page, 'Police has not said yet whether it still disagrees.');
    await press(page, 'Check and sign');
    await heading(page, 'Check and sign the decision');
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await press(page, 'Sign decision');
    await sees(page, /^The decision is signed and in the record/);
    expect(await recorded(cases.signed.room, 'DecisionSigned')).toHaveLength(1);
  });

  test('[M20] gives a position that a colleague has given meanwhile is told who did and when, and keeps their words', async () => {
    await coverForAmara();
    const { page } = health;
    const at = `/cases/${cases.stated.ref}/positions/give`;
    await givePosition(page, at, 'curlew: the injury does not fit.');
    await meanwhile(page, () =>
      does('Hal Winter', cases.stated.room, { type: 'SubmitPosition', content: positionOf('Known:'), replaces: null }),
    );
    await press(page, 'Submit position');
    await page
      .getByRole('alert')
      .getByText(/^Hal Winter gave your agency's position .*, after you opened this form\. Your words are kept\./)
      .waitFor();
    await accessible(page, 'position, given meanwhile');
    await page.getByRole('link', { name: 'Change 1. ' }).first().click();
    expect(await page.getByRole('textbox', { name: /reason for criterion 1/ }).inputValue()).toContain('curlew');
    const given = await recorded(cases.stated.room, 'PositionSubmitted');
    expect(given.map(({ actor }) => actor.name)).toEqual(['Hal Winter']);
  });

  test('[M20] presses twice submits once', async () => {
    const { page } = police;
    await givePosition(page, `/cases/${cases.stated.ref}/positions/give`, 'lapwing: it may last for years.');
    await page.getByRole('button', { name: 'Submit position' }).dblclick();
    await sees(page, "Police's position is submitted and in the record.");
    const given = await recorded(cases.stated.room, 'PositionSubmitted');
    expect(given.filter(({ actor }) => actor.name === 'Priya Lark')).toHaveLength(1);
  });

  test('[M6] gives a day that has not come is told which question it is, and keeps the account', async () => {
    const { page } = police;
    await page.goto('/cases/new');
    await date(page, 'When did the local authority become aware?', addWorkingDays(today, 1, holidays).due);
    await answer(page, 'What happened?', 'The child was seriously harmed, or may have been');
    await write(page, 'Say briefly what happened', 'plover: a child of two with a broken arm.');
    await answer(page, 'Where did it happen?', 'In this area');
    await answer(page, 'Where does the child normally live?', 'In this area');
    await write(page, 'Initials', 'B.W.');
    await write(page, 'Age in years', '2');
    await answer(page, 'Was the child looked after by a local authority?', 'No');
    await write(page, 'Who told your agency?', 'Emergency department');
    await press(page, 'Continue');
    await page
      .getByRole('alert')
      .getByText(/must be today or in the past/)
      .waitFor();
    await accessible(page, 'open a case, with a day that has not come');
    expect(await page.getByLabel('Say briefly what happened').inputValue()).toContain('plover');
  });

  /** Hal Winter heads Health, and speaks for it today in Amara Fenwick's place. */
  async function coverForAmara(): Promise<void> {
    const { members } = (await ask('Beth Quill', '/admin')) as {
      members: { name: string; person: string; membership: string }[];
    };
    const of = (name: string) => members.find((each) => each.name === name);
    await ask('Beth Quill', '/admin/commands', {
      command: {
        type: 'GiveCover',
        person: of('Hal Winter')?.person,
        membership: of('Amara Fenwick')?.membership,
        from: today,
        until: today,
        authorisedBy: 'Dana Holt, chief executive',
        why: 'Leave.',
      },
    });
  }
});

/** Lets something happen after this person's next command has left their screen and before it reaches the service. */
async function meanwhile(page: Page, happens: () => Promise<unknown>): Promise<void> {
  await page.route(
    '**/commands',
    async (route) => {
      await happens();
      await route.continue();
    },
    { times: 1 },
  );
}

/** Fills a position in and has it checked. */
async function givePosition(page: Page, at: string, reason: string): Promise<void> {
  await page.goto(at);
  await connected(page);
  for (const [number, question] of [
    /abused or neglected/,
    /died or been seriously harmed/,
    /Did it happen in this area/,
  ].entries()) {
    await answer(page, question, 'Met');
    await write(page, new RegExp(`reason for criterion ${number + 1}`), reason);
  }
  await answer(page, 'Should the local authority notify?', 'Notify');
  await write(page, /reason for your overall view/, reason);
  await answer(page, /reputation/, 'No');
  await press(page, 'Check and submit');
  await heading(page, /^Check/);
}
