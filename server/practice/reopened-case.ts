/** A practice case that was not notified, reopened two years later on new evidence, and then notified. */
import { Temporal } from 'temporal-polyfill';
import { addWorkingDays } from '#schema/calendar.ts';
import { allSay, decisionAs, holidays, position, workingDaysAgo, type Stage } from './stage.ts';

export async function reopenedCase({ on, cast, today }: Stage): Promise<void> {
  const then = workingDaysAgo(Temporal.PlainDate.from(today).subtract({ years: 2 }).toString(), 0);
  const first = on(addWorkingDays(then, 1, holidays).due);
  const room = await first.open({
    awareOn: then,
    whatHappened: 'seriously-harmed',
    account: 'A child of four was treated for a scald to the leg. It was thought to have been an accident in the bath.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'L.P.',
    age: 4,
    toldBy: 'Burns unit, Northbeck Infirmary',
    toldByDetail: '',
  });
  const place = 'It happened at home, in Northbeck.';
  const accident = {
    'abuse-or-neglect': 'The scald fits the account that was given. Nothing points to abuse or neglect.',
    'death-or-serious-harm': 'It needed a skin graft.',
    place,
    overall: 'Without suspected abuse or neglect the duty does not arise.',
  };
  const partners = [cast.health, cast.socialCare, cast.police];
  const thought = position('not-met', 'met', 'met', 'do-not-notify', accident);
  const readThen = await allSay({ act: first.act, room, partners }, thought);
  const decided = on(addWorkingDays(then, 3, holidays).due);
  const before = await decided.act(room, cast.decides, {
    type: 'SignDecision',
    read: readThen,
    content: decisionAs(
      thought,
      'All partners agree that this was an accident. If anything else comes to be known, I will look again.',
      addWorkingDays(then, 60, holidays).due,
    ),
  });
  for (const by of [cast.health, cast.police, cast.chair]) {
    await decided.act(room, by, { type: 'ConfirmReceipt', decision: before });
  }

  const known = workingDaysAgo(today, 3);
  const again = on(workingDaysAgo(today, 2));
  await again.act(room, cast.police, {
    type: 'ReopenCase',
    evidence:
      'A relative has told officers that L.P. was held in the water as a punishment, and has shown messages from that week that say so.',
    knownOn: known,
    knownBy: 'Police',
    awareOn: known,
  });
  const held = {
    'abuse-or-neglect': 'The messages say what was done, and they were sent that week.',
    'death-or-serious-harm': 'It needed a skin graft, and the scar will need more operations.',
    place,
    overall: 'What is now known meets every criterion.',
  };
  const found = position('met', 'met', 'met', 'notify', held);
  const readNow = await allSay({ act: again.act, room, partners }, found);
  const last = on(workingDaysAgo(today, 1));
  await last.act(room, cast.decides, {
    type: 'SignDecision',
    read: readNow,
    content: decisionAs(
      found,
      'The first decision rested on an account that is no longer believed. On what is known now the criteria are met.',
    ),
  });
  await last.act(room, cast.decides, {
    type: 'RecordNotification',
    sentOn: workingDaysAgo(today, 1),
    sentAt: '09:45',
    reference: 'CSI-PRACTICE-0002',
    sentBy: 'Denis Marsh',
  });
}
