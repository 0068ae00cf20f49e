/** A practice case that was notified: its rapid review is under way, with returns in and one still missing. */
import { allSay, decisionAs, position, workingDaysAgo, type Stage } from './stage.ts';

export async function notifiedCase({ on, act, cast, today }: Stage): Promise<void> {
  const aware = workingDaysAgo(today, 8);
  const first = on(workingDaysAgo(today, 7));
  const room = await first.open({
    awareOn: aware,
    whatHappened: 'seriously-harmed',
    account:
      'A baby of five months was brought to hospital with bleeding on the brain. The parents say that the baby rolled off a sofa.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'R.W.',
    age: 0,
    toldBy: 'Consultant paediatrician, Northbeck Infirmary',
    toldByDetail: '',
  });
  const reasons = {
    'abuse-or-neglect': 'The injury does not fit the account that was given. Abuse is suspected.',
    'death-or-serious-harm': 'Bleeding on the brain at five months is life-threatening.',
    place: 'It happened at home, in Northbeck.',
    overall: 'Every criterion is met.',
  };
  const content = position('met', 'met', 'met', 'notify', reasons);
  const partners = [cast.health, cast.socialCare, cast.police];
  const read = await allSay({ act: first.act, room, partners }, content);
  const decided = on(workingDaysAgo(today, 6));
  const decision = await decided.act(room, cast.decides, {
    type: 'SignDecision',
    read,
    content: decisionAs(
      content,
      'All three partners agree that the criteria are met, and so do I. It is enough that abuse is suspected.',
    ),
  });
  for (const by of [cast.health, cast.police]) await decided.act(room, by, { type: 'ConfirmReceipt', decision });
  await decided.act(room, cast.decides, {
    type: 'RecordNotification',
    sentOn: workingDaysAgo(today, 6),
    sentAt: '09:40',
    reference: 'CSI-PRACTICE-0001',
    sentBy: 'Denis Marsh',
  });
  const since = on(workingDaysAgo(today, 2));
  await since.act(room, cast.health, {
    type: 'GiveReturn',
    involvement:
      'Health visitor from birth; two visits were made and two were missed. Seen once in the emergency department at three months, with a bruise to the cheek.',
    keyPractice:
      'The bruise was seen in a baby too young to roll, and the bruising protocol was not followed. The department was at twice its usual numbers that night.',
    learning:
      'Any bruise in a baby who cannot roll goes to a consultant before the baby goes home. This is now in place.',
  });
  await since.act(room, cast.police, {
    type: 'GiveReturn',
    involvement: 'One call to the address, two months before, for shouting. Officers spoke to both parents.',
    keyPractice: 'The officers saw that there was a baby but did not tell children’s services.',
    learning: 'Officers ask who else lives at an address and pass it on the same day.',
  });
  await since.act(room, cast.health, {
    type: 'GiveSufficiency',
    view: 'enough-learning',
    reason: 'The bruising protocol is the heart of it, and what has to change is known.',
    national: 'no',
    nationalReason: 'It repeats what national reviews have found already.',
  });
  await act(room, cast.police, {
    type: 'GiveSufficiency',
    view: 'local-review',
    reason: 'Nobody has yet looked at why the missed visits did not lead to a conversation between agencies.',
    national: 'unsure',
    nationalReason: 'Bruising in babies who cannot move by themselves keeps coming back.',
  });
}
