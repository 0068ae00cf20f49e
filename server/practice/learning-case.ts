/** A practice case that was not notified: the Chair asked for reasons, and what the partners learn from it is under way. */
import { addWorkingDays } from '#schema/calendar.ts';
import { allSay, decisionAs, holidays, position, workingDaysAgo, type Stage } from './stage.ts';

export async function learningCase({ on, cast, today }: Stage): Promise<void> {
  const raised = on(workingDaysAgo(today, 29));
  const room = await raised.open({
    awareOn: workingDaysAgo(today, 30),
    whatHappened: 'seriously-harmed',
    account: 'A child of seven was knocked down outside school and broke a leg and the pelvis.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'P.G.',
    age: 7,
    toldBy: 'Head teacher, Millbrook Primary',
    toldByDetail: '',
  });
  const content = position('not-met', 'met', 'met', 'do-not-notify', {
    'abuse-or-neglect': 'P.G. ran ahead of a grandparent. Nothing points to abuse or neglect.',
    'death-or-serious-harm': 'P.G. will not walk for months.',
    place: 'It happened in Northbeck.',
    overall: 'Without suspected abuse or neglect the duty does not arise.',
  });
  const partners = [cast.health, cast.socialCare, cast.police];
  const read = await allSay({ act: raised.act, room, partners }, content);
  const decided = on(workingDaysAgo(today, 27));
  const decision = await decided.act(room, cast.decides, {
    type: 'SignDecision',
    read,
    content: decisionAs(
      content,
      'All partners agree that this was an accident. Two earlier letters about that crossing deserve an answer all the same.',
      addWorkingDays(today, 15, holidays).due,
    ),
  });
  for (const by of [cast.health, cast.police, cast.chair])
    await decided.act(room, by, { type: 'ConfirmReceipt', decision });
  const request = await on(workingDaysAgo(today, 25)).act(room, cast.chair, {
    type: 'RequestRationale',
    grounds: 'Who received the two letters about the crossing, and was P.G. named in either?',
    due: workingDaysAgo(today, 20),
  });
  await on(workingDaysAgo(today, 22)).act(room, cast.decides, {
    type: 'AnswerRationaleRequest',
    request,
    answer: 'given',
    words: 'Our own highways team received both. Neither names a child. I have asked for an answer to be sent.',
  });
  const learning = on(workingDaysAgo(today, 18));
  await learning.act(room, cast.chair, {
    type: 'ChooseLearningRoute',
    route: 'single-agency-review',
    owner: cast.socialCare.actor.agency.id,
    reason: 'The letters came to the authority, and it is the authority that has something to find out.',
  });
  const first = await learning.act(room, cast.socialCare, {
    type: 'AddLearningAction',
    what: 'Find out what became of the two letters about the crossing',
    owner: cast.socialCare.actor.agency.id,
    due: workingDaysAgo(today, 8),
  });
  await learning.act(room, cast.socialCare, {
    type: 'AddLearningAction',
    what: 'Agree with schools whom they write to about danger on the way to school',
    owner: cast.police.actor.agency.id,
    due: addWorkingDays(today, 10, holidays).due,
  });
  const done = workingDaysAgo(today, 9);
  await on(done).act(room, cast.socialCare, {
    type: 'CompleteLearningAction',
    action: first,
    doneOn: done,
    how: 'Both were read and filed. Nobody was asked to answer. There is now one address, looked at each day.',
  });
}
