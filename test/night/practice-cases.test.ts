/**
 * Cases of the practice partnership, each taken a step further by the people whose it is: who the
 * children are, what the criteria are made of, the harm, the rapid review to the Panel and back, a
 * notification found not to meet the criteria, learning closed, and what an agency did not present.
 */
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { addWorkingDays, sayDay } from '#schema/calendar.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import { newId } from '#schema/id.ts';
import { adviserWords } from '#schema/outside-advice.ts';
import { caseStatusWords, type CaseStatus } from '#schema/status.ts';
import { holidays, workingDaysAgo } from '#server/practice/stage.ts';
import { hasBrowser } from '../support/browser.ts';
import { todayHere } from '../support/past.ts';
import { accessible, answer, connected, date, heading, press, sees, write, type Visitor } from '../support/screens.ts';
import { tellStory } from '../support/story.ts';

const today = todayHere();
/** What a newcomer finds, before anybody does anything. */
const stages: CaseStatus[] = [
  'in-discussion',
  'positions-sealed',
  'in-resolution',
  'handed-over',
  'not-notified',
  'notified',
  'rapid-review',
  'rapid-review-sent',
  'learning',
  'practice-review',
];

describe.skipIf(!hasBrowser())('in the practice partnership', () => {
  const story = tellStory();
  let health: Visitor;
  let socialCare: Visitor;
  let police: Visitor;
  let decides: Visitor;
  let chair: Visitor;
  /** The code of each case, by the child's initials. */
  const cases = new Map<string, { ref: string; room: string }>();

  beforeAll(async () => {
    [health, socialCare, police, decides, chair] = await Promise.all([
      story.enter('Amara Fenwick'),
      story.enter('Tomas Birch'),
      story.enter('Priya Lark'),
      story.enter('Denis Marsh'),
      story.enter('Joan Alder'),
    ]);
    const read = async (path: string) => (await chair.page.request.get(`/api${path}`)).json();
    for (const { ref } of (await read('/work')).cases) {
      const { room, entries } = await read(`/cases/${ref}`);
      cases.set(entries[0].body.details.initials, { ref, room });
    }
  }, 180_000);

  const at = (initials: string) => `/cases/${cases.get(initials)?.ref}`;
  /** Acts by the route, as the person's own screen would. */
  async function does({ page }: Visitor, initials: string, command: RoomCommandInput): Promise<void> {
    const reply = await page.request.post(`/api/rooms/${cases.get(initials)?.room}/commands`, {
      headers: { origin: story.address },
      data: { id: newId(), command },
    });
    expect(reply.status(), await reply.text()).toBe(201);
  }

  test('a newcomer finds a case at each stage', async () => {
    await chair.page.goto('/');
    for (const stage of stages) await sees(chair.page, caseStatusWords[stage]);
  });

  test('[M6] who the children are is kept apart, read for a reason that all see, and warns of the same child', async () => {
    const { page } = police;
    await page.goto(`${at('T.O.')}/raised`);
    await write(page, /^Why do you need to know/, 'To give the ward the right name.');
    await press(page, 'Record my reason and show');
    await press(page, 'Add to it or correct it');
    await whoIs(page, 'Tamsin Quillfeather', '2022-03-04');
    await write(page, /^What is new/, 'A neighbour told us.');
    await accessible(page, 'the vault, being added to');
    await press(page, 'Keep this in the vault');
    await sees(page, 'It is kept in the vault, and what you said is in the record.');
    await health.page.goto(`${at('T.O.')}/raised`);
    await health.page.getByText('Who has read it or added to it, and why').click();
    await sees(health.page, /To give the ward the right name\./);
    expect(await health.page.content()).not.toContain('Quillfeather');

    await page.goto('/cases/new');
    await date(page, 'When did the local authority become aware?', today);
    await answer(page, 'What happened?', 'The child was seriously harmed, or may have been');
    await write(page, 'Say briefly what happened', 'A child was taken to hospital after a fire.');
    await answer(page, 'Where did it happen?', 'In this area');
    await answer(page, 'Where does the child normally live?', 'In this area');
    await write(page, 'Initials', 'T.Q.');
    await write(page, 'Age in years', '4');
    await whoIs(page, 'Tamsin Quillfeather', '2022-03-04');
    await answer(page, 'Was the child looked after by a local authority?', 'No');
    await write(page, 'Who told your agency?', 'Ambulance service');
    await press(page, 'Continue');
    await sees(page, 'You are on a case that may be the same. Look at it before you open another.');
    await sees(page, new RegExp(`^${cases.get('T.O.')?.ref}`));
    await press(page, 'Open case');
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await accessible(page, 'the same child, warned of');
  });

  test('[M17] the Panel’s chair is asked on words that do not say who the child is, and the reply is read by all', async () => {
    const { page } = police;
    await page.goto(`${at('T.O.')}/decision/advice/ask`);
    await heading(page, 'Record that advice was asked for');
    await answer(page, 'Who was asked?', adviserWords['panel-chair']);
    await write(page, 'What was asked?', 'whinchat: is a fire that nobody set on purpose neglect?');
    await write(page, 'Which facts were sent?', 'Tamsin Quillfeather was left alone with a heater.');
    await date(page, 'When was it sent?', today);
    await connected(page);
    await press(page, 'Continue');
    await press(page, 'Record what was asked');
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await accessible(page, 'advice asked with a name in it');
    await write(page, 'Which facts were sent?', 'A child of four was left alone with a heater.');
    await submit(page, 'Record what was asked');
    await sees(page, 'What was asked is in the record.');
    await page.getByRole('link', { name: /^Record what they said/ }).click();
    await heading(page, 'Record what was advised');
    await write(page, 'Who replied?', 'The chair of the Panel');
    await date(page, 'When did they reply?', today);
    await write(page, 'What did they say?', 'stonechat: it is enough that neglect is suspected.');
    await submit(page, 'Record what was advised');
    await health.page.goto(`${at('T.O.')}/decision`);
    await sees(health.page, /whinchat: is a fire/);
    await sees(health.page, /stonechat: it is enough/);
    await accessible(health.page, 'a decision with advice from outside');
  });

  test('[M8] [M14] an element is answered with what shows it, or with what is missing; so is how the harm may last', async () => {
    const { page } = health;
    await page.goto(`${at('J.M.')}/criteria/known`);
    await connected(page);
    await answer(page, 'Health’s answer', 'Not known yet');
    await press(page, 'Record Health’s answer');
    await page.getByRole('alert').getByText('There is a problem').waitFor();
    await write(page, 'What is missing?', 'What the second scan shows.');
    await write(page, 'Who can tell us?', 'Health, the consultant on the ward');
    await press(page, 'Record Health’s answer');
    await sees(page, 'What the second scan shows.');
    await page.goto(`${at('J.M.')}/criteria/harm`);
    await page.getByLabel('Physical health').check();
    await page.getByLabel('How likely is it to last?').selectOption('Possible');
    await write(page, 'How severe is it now?', 'heron: the arm cannot be moved.');
    await write(page, 'Where does this come from?', 'The consultant’s letter of today');
    await answer(page, 'Has the child recovered since?', 'No');
    const again = addWorkingDays(today, 40, holidays).due;
    await date(page, 'When will Health look at it again?', again);
    await connected(page);
    await press(page, 'Record how we see the harm');
    await police.page.goto(`${at('J.M.')}/criteria`);
    await sees(police.page, /heron: the arm cannot be moved\./);
    await sees(police.page, new RegExp(sayDay(again)));
  });

  test('[M33] a rapid review is given, answered and signed by each partner, sent, and the Panel’s letter replied to', async () => {
    const { page } = socialCare;
    await page.goto(`${at('R.W.')}/after/rapid-review/return`);
    await write(page, 'How was your agency involved with the child and family?', 'Not at all before this.');
    await write(page, 'Which moments of practice mattered?', 'None of ours.');
    await write(page, 'What has your agency learned so far?', 'tern: to ask Health sooner.');
    await submit(page, 'Give return');
    await sees(page, /tern: to ask Health sooner\./);
    await page.goto(`${at('R.W.')}/after/rapid-review/learned`);
    await answer(page, 'What does your agency decide?', 'A local practice review should be held');
    await write(page, 'Why does your agency decide this?', 'Why visits were missed is not known.');
    await answer(page, 'May the case be complex or of national importance?', 'No');
    await write(page, 'Why may it be, or is it not?', 'It is local.');
    await submit(page, 'Record answer');
    await sees(page, /is in the record/);
    for (const partner of [health, police]) await does(partner, 'R.W.', { type: 'SignRapidReview', dissent: '' });
    await page.goto(`${at('R.W.')}/after/rapid-review/sign`);
    await submit(page, 'Sign off');
    await page.goto(`${at('R.W.')}/after/rapid-review/send`);
    await date(page, 'When was it sent?', today);
    await answer(page, 'What did the partners decide?', 'A local practice review');
    await write(
      page,
      'What is your answer to Health?',
      'knot: the protocol alone does not say why visits were missed.',
    );
    await submit(page, 'Record that it was sent');
    await sees(page, /knot: the protocol alone/);

    await page.goto(`${at('R.W.')}/after/notification/letter`);
    await date(page, 'When was it received?', today);
    await page.getByLabel('Gives learning points').check();
    await write(page, 'The points it raises', 'Bruising in babies who cannot roll.');
    await write(page, 'Who will see to it?', 'Denis Marsh');
    await date(page, 'When is the reply due? (optional)', addWorkingDays(today, 5, holidays).due);
    await submit(page, 'Record letter');
    await decides.page.goto('/');
    await decides.page
      .getByRole('link', { name: `Reply to the Panel (Denis Marsh) on ${cases.get('R.W.')?.ref}` })
      .waitFor();
    await page.getByRole('link', { name: /reply/i }).first().click();
    await date(page, 'When was it sent?', today);
    await submit(page, 'Record reply');
    await sees(page, 'The reply to the Panel is in the record.');
  });

  test('[M32] a notification found not to meet the criteria stops its review, and stays in the record', async () => {
    const { page } = decides;
    await page.goto(`${at('L.P.')}/after/notification/end`);
    await answer(page, 'What became of it?', 'It was found not to meet the criteria');
    await date(page, 'On which day?', today);
    await write(page, 'Why?', 'redshank: the messages were about another child.');
    await submit(page, 'Record it');
    await sees(page, /redshank/);
    await health.page.goto(`${at('L.P.')}/after/rapid-review/return`);
    await heading(health.page, 'You cannot do this now');
    await chair.page.goto('/register');
    await chair.page
      .getByRole('row')
      .filter({ hasText: cases.get('L.P.')?.ref ?? '' })
      .getByText('Found not to meet the criteria')
      .waitFor();
  });

  test('[M35] learning is closed once each action is done, with what was learned', async () => {
    const { page } = police;
    await page.goto(`${at('P.G.')}/after/learning`);
    await page.getByRole('link', { name: 'Record that it is done' }).click();
    await date(page, 'When was it done?', today);
    await write(page, 'What was done, and how do you know?', 'Each school has the address, and has said so.');
    await submit(page, 'Record that it is done');
    await chair.page.goto(`${at('P.G.')}/after/learning/close`);
    await write(chair.page, 'What was learned, and what has changed?', 'sanderling: a letter is answered now.');
    await submit(chair.page, 'Close learning');
    await sees(chair.page, /sanderling/);
  });

  test('[M9] a case that was not presented is logged with its reason, looked into by the Chair, and answered', async () => {
    const { page } = health;
    await page.goto('/screening/add');
    await date(page, 'When was it considered?', workingDaysAgo(today, 1));
    await answer(page, 'What happened?', 'The child was seriously harmed, or may have been');
    await write(page, 'Say briefly what happened', 'whimbrel: a fall from a swing.');
    await write(page, 'Who considered it?', 'The named nurse');
    await answer(page, 'Why is it not presented?', 'Abuse or neglect was neither known nor suspected');
    await write(page, 'The reason, in your own words', 'Three people saw it.');
    await press(page, 'Record this case');
    await sees(page, 'The case is in your agency’s screening log.');

    await chair.page.goto('/screening');
    await chair.page
      .getByRole('link', { name: /^Health \d+$/ })
      .first()
      .click();
    await sees(chair.page, /whimbrel/);
    await answer(chair.page, 'Your view', 'A question to the agency');
    await write(chair.page, 'What you found, or what you ask', 'Who were the three?');
    await press(chair.page, 'Record what I found');
    await page.goto(new URL(chair.page.url()).pathname);
    await write(page, 'Your answer', 'Two teachers and a parent.');
    await press(page, 'Record our answer');
    await sees(page, /Two teachers and a parent\./);
  });
});

/** Answers checked, and then recorded. */
async function submit(page: Page, button: string): Promise<void> {
  await connected(page);
  await press(page, 'Continue');
  await press(page, button);
  await page.getByRole('button', { name: button, exact: true }).waitFor({ state: 'detached' });
}

/** The first child's name and day of birth. */
async function whoIs(page: Page, name: string, bornOn: string): Promise<void> {
  await page.getByLabel('Name (optional)').first().fill(name);
  const [year = '', month = '', day = ''] = bornOn.split('-');
  const born = page.getByRole('group', { name: 'Date of birth (optional)' }).first();
  await born.getByLabel('Day').fill(day);
  await born.getByLabel('Month').fill(month);
  await born.getByLabel('Year').fill(year);
}
