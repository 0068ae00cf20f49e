/** A practice case decided against the view of one partner, whose disagreement stands beside the decision; the Chair asks for reasons. */
import { addWorkingDays } from '#schema/calendar.ts';
import { holidays, position, workingDaysAgo, type Stage } from './stage.ts';

export async function decidedCase({ open, act, type, cast, today }: Stage): Promise<void> {
  const room = await open({
    awareOn: workingDaysAgo(today, 4),
    whatHappened: 'seriously-harmed',
    account:
      'A young person of 15 was found unconscious after taking a relative’s tablets and was in intensive care for two nights.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'K.T.',
    age: 15,
    toldBy: 'Paediatric liaison nurse',
    toldByDetail: '',
  });
  await type(
    room,
    cast.health.actor,
    'What happened',
    'K.T. was found unconscious at home at about 6pm and taken to intensive care. K.T. left hospital after four days. Source: hospital record.',
  );
  await type(
    room,
    cast.police.actor,
    'Abuse or neglect',
    'Two earlier reports of K.T. missing from home. K.T. told an officer of being afraid to go back. Source: police reports.',
  );
  await type(
    room,
    cast.socialCare.actor,
    'Abuse or neglect',
    'An assessment was closed five weeks before, with no further action. Source: case file.',
  );
  const place = 'It happened at home, in Northbeck.';
  await act(room, cast.socialCare, {
    type: 'SubmitPosition',
    content: position('not-met', 'met', 'met', 'do-not-notify', {
      'abuse-or-neglect': 'We have no evidence of abuse or neglect that led to this. The assessment found none.',
      'death-or-serious-harm': 'Two nights in intensive care is serious harm, although K.T. is recovering.',
      place,
      overall: 'Without known or suspected abuse or neglect the duty does not arise.',
    }),
  });
  await act(room, cast.health, {
    type: 'SubmitPosition',
    content: position(
      'not-enough-information',
      'met',
      'met',
      'cannot-say-yet',
      {
        'abuse-or-neglect': 'The school nurse’s notes have been asked for and are not here yet.',
        'death-or-serious-harm': 'K.T. was in danger of dying on the first night.',
        place,
        overall: 'The school nurse’s notes may settle it.',
      },
      {
        'abuse-or-neglect': {
          what: 'The school nurse’s notes of this year',
          from: cast.health.actor.agency.id,
          person: 'The school nurse',
          by: today,
        },
      },
    ),
  });
  await act(room, cast.police, {
    type: 'SubmitPosition',
    content: position('met', 'met', 'met', 'notify', {
      'abuse-or-neglect':
        'K.T. said they were afraid to go home. That is reason to suspect neglect, and suspicion is enough.',
      'death-or-serious-harm': 'K.T. would have died without treatment.',
      place,
      overall: 'The criteria ask whether it is suspected, not whether it is proved.',
    }),
  });
  await act(room, cast.police, {
    type: 'RequestResolution',
    question: 'Whether what K.T. said to the officer is enough to suspect neglect.',
    tried: ['discussed-in-notes', 'spoke-directly'],
  });
  await act(room, cast.chair, { type: 'OpenResolution' });
  await act(room, cast.chair, {
    type: 'RecordOutcome',
    attendance: [cast.socialCare, cast.health, cast.police].map(({ actor }) => ({
      agency: actor.agency.id,
      who: 'attended',
    })),
    outcome: 'not-agreed',
    commonGround: 'K.T. was seriously harmed, in Northbeck.',
    pointsAtIssue: 'Whether neglect is suspected. Police say that it is. Social care say that it is not.',
  });
  const dissent = await act(room, cast.police, {
    type: 'RecordDissent',
    content: {
      about: ['abuse-or-neglect'],
      statement:
        'We disagree that neglect is not suspected. K.T. told an officer twice of being afraid to go home, and the assessment was closed without speaking to K.T. alone.',
      evidence: 'Police reports of two missing episodes; the officer’s notes.',
      whatWouldChangeIt: 'A record that K.T. was seen alone, and what K.T. said.',
    },
  });
  await act(room, cast.decides, {
    type: 'AnswerDissent',
    dissent,
    response:
      'I have read both reports. K.T. was seen by a social worker last week and spoke of an argument about school, not of neglect. If K.T. says otherwise to anyone, I will look at this again that day.',
  });
  const read = await act(room, cast.police, {
    type: 'ReviewDissent',
    dissent,
    standing: 'maintained',
    reason: 'K.T. was seen with a parent in the room. Our reason stands.',
  });
  await act(room, cast.decides, {
    type: 'SignDecision',
    read,
    content: {
      outcome: 'do-not-notify',
      answers: {
        'abuse-or-neglect': {
          finding: 'not-met',
          reason: 'On what is known today, abuse or neglect is neither known nor suspected.',
        },
        'death-or-serious-harm': { finding: 'met', reason: 'K.T. was in intensive care for two nights.' },
        place: { finding: 'met', reason: place },
      },
      rationale:
        'The duty arises only where abuse or neglect is known or suspected. I weighed the two missing episodes and what K.T. told the officer against the assessment and last week’s visit. I do not suspect neglect on this evidence. Police disagree, and their reasons stand beside mine.',
      weighed: ['each-criterion', 'each-partners-reasons'],
      reputation: { formedPart: 'no', explanation: '' },
      reviewOn: addWorkingDays(today, 20, holidays).due,
    },
  });
  await act(room, cast.chair, {
    type: 'RequestRationale',
    grounds: 'What did K.T. say to the social worker last week, who was in the room, and where is it recorded?',
    due: addWorkingDays(today, 5, holidays).due,
  });
  await act(room, cast.health, {
    type: 'AssessHarm',
    kinds: ['physical', 'mental-health', 'life-threatening'],
    longTerm: {
      physical: 'unlikely',
      'mental-health': 'possible',
      intellectual: '',
      emotional: '',
      social: '',
      behavioural: '',
      'life-threatening': 'unlikely',
      'serious-crime': '',
    },
    severity:
      'K.T. was in intensive care for two nights, went home after four days, and is seen by the mental health team.',
    source: 'Consultant, Northbeck Infirmary',
    recovered: 'not-known',
    revisitOn: addWorkingDays(today, 60, holidays).due,
    whyNotAgain: '',
  });
  await act(room, cast.chair, {
    type: 'AskOutsideAdvice',
    of: 'panel-chair',
    body: '',
    person: '',
    question: 'Would you expect a notification where one partner suspects neglect and the authority does not?',
    facts:
      'A young person of fifteen was in intensive care for two nights. Two earlier missing episodes; one partner was told of fear of going home. The authority has decided not to notify.',
    sentOn: today,
    replyBy: addWorkingDays(today, 5, holidays).due,
  });
}
