/** A practice case whose rapid review was sent, one partner disagreeing in part, and on which the Panel has written. */
import { addWorkingDays } from '#schema/calendar.ts';
import { allSay, decisionAs, holidays, position, workingDaysAgo, type Stage } from './stage.ts';

export async function sentReviewCase({ on, act, cast, today }: Stage): Promise<void> {
  const raised = on(workingDaysAgo(today, 24));
  const room = await raised.open({
    awareOn: workingDaysAgo(today, 25),
    whatHappened: 'died',
    account:
      'A child of one died in the night. The child had been sleeping on a sofa with an adult who had been drinking.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'E.S.',
    age: 1,
    toldBy: 'Child death review nurse, Northbeck Infirmary',
    toldByDetail: '',
  });
  const content = position('met', 'met', 'met', 'notify', {
    'abuse-or-neglect': 'The family had been told of the danger more than once. Neglect is suspected.',
    'death-or-serious-harm': 'E.S. died.',
    place: 'It happened at home, in Northbeck.',
    overall: 'Every criterion is met.',
  });
  const partners = [cast.health, cast.socialCare, cast.police];
  const read = await allSay({ act: raised.act, room, partners }, content);
  const sentOn = workingDaysAgo(today, 22);
  const decided = on(sentOn);
  const decision = await decided.act(room, cast.decides, {
    type: 'SignDecision',
    read,
    content: decisionAs(content, 'All partners suspect neglect, and so do I. The death may have other causes too.'),
  });
  await decided.act(room, cast.decides, {
    type: 'RecordNotification',
    sentOn,
    sentAt: '09:10',
    reference: 'CSI-PRACTICE-0003',
    sentBy: 'Denis Marsh',
  });
  for (const by of [cast.health, cast.police, cast.chair])
    await decided.act(room, by, { type: 'ConfirmReceipt', decision });

  const reviewed = on(workingDaysAgo(today, 13));
  for (const { by, involvement, keyPractice, learning, reason } of accounts(cast)) {
    await reviewed.act(room, by, { type: 'GiveReturn', involvement, keyPractice, learning });
    await reviewed.act(room, by, {
      type: 'GiveSufficiency',
      view: 'enough-learning',
      reason,
      national: 'no',
      nationalReason: 'National guidance on safer sleep is clear. How we give it is ours to mend.',
    });
  }
  const signed = on(workingDaysAgo(today, 10));
  for (const by of [cast.health, cast.socialCare]) await signed.act(room, by, { type: 'SignRapidReview', dissent: '' });
  await signed.act(room, cast.police, {
    type: 'SignRapidReview',
    dissent: 'That the calls to the address could not have been put together before. They could.',
  });
  const toPanel = workingDaysAgo(today, 8);
  await on(toPanel).act(room, cast.chair, {
    type: 'SendRapidReview',
    sentOn: toPanel,
    outcome: 'no-local-review',
    answers: {
      [cast.police.actor.agency.id]:
        'Police are right that it could be done by hand. The review now says so, and asks for a way to do it each week.',
    },
  });
  await act(room, cast.chair, {
    type: 'RecordPanelLetter',
    receivedOn: workingDaysAgo(today, 1),
    says: ['agrees', 'more-information'],
    points:
      'The Panel agrees that no local review is needed. It asks how families who drink are told of safer sleep, and who checks that they were.',
    owner: 'Denis Marsh',
    replyBy: addWorkingDays(today, 7, holidays).due,
  });
}

/** What each partner told the review, and why it has learned enough. */
function accounts({ health, socialCare, police }: Stage['cast']) {
  return [
    {
      by: health,
      involvement: 'Midwife and health visitor from the birth. Safer sleep was talked about at three visits.',
      keyPractice: 'It was talked about with one parent only. Who else looked after E.S. at night was not asked.',
      learning: 'Whoever looks after a baby at night is told, each of them, and it is written down who was.',
      reason: 'What has to change in visits is known, and has begun.',
    },
    {
      by: socialCare,
      involvement: 'One assessment in the year before, closed with advice about drinking.',
      keyPractice: 'The advice was given by letter. Nobody saw where E.S. slept.',
      learning: 'An assessment of a home with a baby in it includes where the baby sleeps.',
      reason: 'The gap is plain, and we have changed the form.',
    },
    {
      by: police,
      involvement: 'Four calls to the address in ten months, each for noise.',
      keyPractice: 'Each call was closed by itself. A baby was seen at two of them.',
      learning: 'Calls to an address where there is a baby are looked at together.',
      reason: 'We know what we would do otherwise, and have begun to.',
    },
  ];
}
