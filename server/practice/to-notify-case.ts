/** A practice case decided but not sent: the authority has signed to notify, and the last day to notify is near. */
import { allSay, decisionAs, position, workingDaysAgo, type Stage } from './stage.ts';

export async function toNotifyCase({ on, cast, today }: Stage): Promise<void> {
  const raised = on(workingDaysAgo(today, 2));
  const room = await raised.open({
    awareOn: workingDaysAgo(today, 3),
    whatHappened: 'seriously-harmed',
    account:
      'A child of three was found by a neighbour in a locked flat, dehydrated and unconscious. Nobody had been there for two days.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'N.H.',
    age: 3,
    toldBy: 'Emergency department, Northbeck Infirmary',
    toldByDetail: '',
  });
  const content = position('met', 'met', 'met', 'notify', {
    'abuse-or-neglect': 'A child of three was left alone for two days. That is neglect.',
    'death-or-serious-harm': 'N.H. was unconscious, and the kidneys are damaged.',
    place: 'It happened at home, in Northbeck.',
    overall: 'Every criterion is met.',
  });
  const partners = [cast.police, cast.health, cast.socialCare];
  const read = await allSay({ act: raised.act, room, partners }, content);
  const decided = on(workingDaysAgo(today, 1));
  const decision = await decided.act(room, cast.decides, {
    type: 'SignDecision',
    read,
    content: decisionAs(content, 'All three partners find every criterion met, and so do I.'),
  });
  await decided.act(room, cast.health, { type: 'ConfirmReceipt', decision });
}
