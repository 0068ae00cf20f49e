/** A practice case that stands with the lead partners: the step did not agree, and one of them has given a view. */
import { position, workingDaysAgo, type Stage } from './stage.ts';

export async function leadPartnersCase({ open, act, type, cast, today }: Stage): Promise<void> {
  const room = await open({
    awareOn: workingDaysAgo(today, 1),
    whatHappened: 'seriously-harmed',
    account: 'A baby of five months was found to have two healing rib fractures when seen for a cough.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'R.S.',
    age: 0,
    toldBy: 'Radiology, Northbeck Infirmary',
    toldByDetail: '',
  });
  await type(
    room,
    cast.health.actor,
    'Harm',
    'Two healing fractures, ribs four and five, thought to be two to three weeks old. Source: radiology report.',
  );
  const reasons = {
    'abuse-or-neglect': 'Nobody has explained fractures that a baby of this age cannot cause.',
    'death-or-serious-harm': 'Rib fractures at five months are serious, and more may be found.',
    place: 'The family has lived in Northbeck since the birth.',
    overall: 'Suspicion is enough, and there is suspicion.',
  };
  await act(room, cast.health, {
    type: 'SubmitPosition',
    content: position('met', 'met', 'met', 'notify', reasons),
  });
  await act(room, cast.police, {
    type: 'SubmitPosition',
    content: position('met', 'met', 'met', 'notify', reasons),
  });
  await act(room, cast.socialCare, {
    type: 'SubmitPosition',
    content: position('met', 'not-met', 'met', 'do-not-notify', {
      ...reasons,
      'death-or-serious-harm': 'The fractures are healing and R.S. is feeding and growing well.',
      overall: 'Without serious harm the duty does not arise.',
    }),
  });
  await act(room, cast.health, {
    type: 'RequestResolution',
    question: 'Whether fractures that are healing are serious harm.',
    tried: ['spoke-directly'],
  });
  await act(room, cast.chair, { type: 'OpenResolution' });
  await act(room, cast.chair, {
    type: 'RecordOutcome',
    attendance: [
      { agency: cast.socialCare.actor.agency.id, who: 'attended' },
      { agency: cast.health.actor.agency.id, who: 'attended' },
      { agency: cast.police.actor.agency.id, who: 'deputy', deputy: 'Inspector Nell Gray' },
    ],
    outcome: 'to-lead-partners',
    commonGround: 'Abuse is suspected, and it happened in Northbeck.',
    pointsAtIssue: 'Whether fractures that are healing are serious harm. Health and Police say so; Social care do not.',
    actions: [{ what: 'Share the full radiology report', owner: cast.health.actor.agency.id, by: today }],
  });
  await act(room, cast.leadHealth, {
    type: 'GiveLeadView',
    view: 'notify',
    reason: 'The guidance says that serious harm may have occurred even if the child recovers.',
  });
  await act(room, cast.decides, {
    type: 'LetColleagueIn',
    person: cast.legal.actor.person,
    why: 'To advise the local authority on what “serious harm” means here.',
  });
}
