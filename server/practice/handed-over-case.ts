/** A practice case of another authority: it happened there, so it was handed over, and that authority has accepted. */
import { workingDaysAgo, type Stage } from './stage.ts';

export async function handedOverCase({ open, act, cast, today }: Stage): Promise<void> {
  const aware = workingDaysAgo(today, 1);
  const room = await open({
    awareOn: aware,
    whatHappened: 'seriously-harmed',
    account:
      'A boy of nine who lives in Northbeck was pulled from a canal in Southmoor, where he was staying with a relative.',
    incidentPlace: 'elsewhere-in-england',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'E.D.',
    age: 9,
    toldBy: 'School nurse, Northbeck',
    toldByDetail: '',
  });
  await act(room, cast.socialCare, {
    type: 'AnswerElement',
    content: {
      element: 'another-authority',
      answer: 'yes',
      evidence: 'The canal is in Southmoor, and Southmoor’s ambulance took him to hospital there.',
      source: 'Southmoor duty team, by telephone',
      missing: '',
      from: '',
    },
  });
  await act(room, cast.decides, {
    type: 'HandOver',
    authority: 'Southmoor Council',
    spokenTo: 'Ada Flint, duty manager',
    on: today,
    reference: 'Call of this morning',
  });
  await act(room, cast.decides, {
    type: 'RecordAcceptance',
    acceptedBy: 'Ada Flint, duty manager',
    on: today,
    reference: 'Her email of this morning',
  });
}
