/** A practice case that was not notified and is reviewed all the same: the partners hold a local practice review. */
import { addWorkingDays } from '#schema/calendar.ts';
import { allSay, decisionAs, holidays, position, workingDaysAgo, type Stage } from './stage.ts';

export async function reviewedCase({ on, cast, today }: Stage): Promise<void> {
  const aware = workingDaysAgo(today, 40);
  const first = on(workingDaysAgo(today, 39));
  const room = await first.open({
    awareOn: aware,
    whatHappened: 'seriously-harmed',
    account: 'A young person of fifteen was badly hurt by other young people after months of going missing.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'D.A.',
    age: 15,
    toldBy: 'Northbeck Infirmary',
    toldByDetail: '',
  });
  const reasons = {
    'abuse-or-neglect': 'It was done by strangers. Nothing points to abuse or neglect by anybody who cared for D.A.',
    'death-or-serious-harm': 'D.A. needed two operations.',
    place: 'It happened in the centre of Northbeck.',
    overall: 'Without suspected abuse or neglect the duty does not arise. There is much to learn all the same.',
  };
  const content = position('not-met', 'met', 'met', 'do-not-notify', reasons);
  const partners = [cast.health, cast.socialCare, cast.police];
  const read = await allSay({ act: first.act, room, partners }, content);
  const decided = on(workingDaysAgo(today, 37));
  const decision = await decided.act(room, cast.decides, {
    type: 'SignDecision',
    read,
    content: decisionAs(
      content,
      'All partners agree, and so do I. That we learn from it does not wait for a duty to notify.',
      addWorkingDays(today, 20, holidays).due,
    ),
  });
  for (const by of [cast.health, cast.police, cast.chair])
    await decided.act(room, by, { type: 'ConfirmReceipt', decision });
  const considered = on(workingDaysAgo(today, 30));
  for (const { by, L1, L2, L3, reason } of views(cast)) {
    const matrix = {
      L1: yes(L1),
      L2: yes(L2),
      L3: yes(L3),
      L4: { answer: 'no' as const, reason: 'The Panel has not been asked.' },
    };
    await considered.act(room, by, { type: 'GiveReviewView', matrix, view: 'hold', reason });
  }
  const begun = workingDaysAgo(today, 28);
  await on(begun).act(room, cast.chair, {
    type: 'BeginPracticeReview',
    decidedOn: begun,
    scope: 'What each agency knew of the days on which D.A. was missing, and what was done with it.',
    without: '',
  });
}

const yes = (reason: string) => ({ answer: 'yes' as const, reason });

/** What each partner takes into account, in its own words (regulation 11). */
function views({ health, socialCare, police }: Stage['cast']) {
  return [
    {
      by: health,
      L1: 'The emergency department saw D.A. twice and did not know of the missing days.',
      L2: 'It is the third young person hurt in this way whom we have seen in two years.',
      L3: 'What was said in return interviews never came to us.',
      reason: 'A review can say what would have helped sooner.',
    },
    {
      by: socialCare,
      L1: 'Each of us had part of it. Nobody put the parts side by side.',
      L2: 'Our own audit of missing episodes found the same last year.',
      L3: 'Return interviews were done and not passed on to the school or to Health.',
      reason: 'The audit’s advice was not followed, and we need to know why.',
    },
    {
      by: police,
      L1: 'Reports of missing days were closed one by one, not looked at together.',
      L2: 'Two other young people were missing with the same group.',
      L3: 'We did not ask what others knew before we closed a report.',
      reason: 'The young people who were missing with D.A. may still be at risk.',
    },
  ];
}
