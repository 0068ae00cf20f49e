/** A practice case in mid-discussion: notes begun, one position given and sealed. */
import { position, workingDaysAgo, type Stage } from './stage.ts';

export async function liveCase({ open, act, type, cast, today }: Stage): Promise<void> {
  const room = await open({
    awareOn: workingDaysAgo(today, 2),
    whatHappened: 'seriously-harmed',
    account: 'A two-year-old was brought to hospital with a broken arm. The explanation given does not fit the injury.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'J.M.',
    age: 2,
    toldBy: 'Children’s ward, Northbeck Infirmary',
    toldByDetail: '',
  });
  await type(
    room,
    cast.health.actor,
    'What happened',
    'The ambulance service was called at 7:40am. J.M. was seen in the emergency department at 8:25am with a spiral fracture of the left arm. Source: hospital record.',
  );
  await type(
    room,
    cast.police.actor,
    'What happened',
    'Our log has the call at 7:20am, not 7:40am. We are checking the recording. Source: police incident log.',
  );
  await type(
    room,
    cast.socialCare.actor,
    'The child now',
    'J.M. is on the ward. A social worker is with the family. An older sibling is staying with an aunt by agreement.',
  );
  await type(
    room,
    cast.health.actor,
    'What we do not know yet',
    'Whether there will be lasting loss of movement. The consultant will say after the second scan.',
  );
  const awareOn = workingDaysAgo(today, 2);
  const rows = [
    [cast.health, awareOn, '07:40', 'The ambulance service was called.', 'Hospital record'],
    [cast.health, awareOn, '08:25', 'J.M. was seen in the emergency department.', 'Hospital record'],
    [cast.police, awareOn, '07:20', 'The call reached our control room.', 'Police incident log'],
    [cast.socialCare, awareOn.slice(0, 4), '', 'First contact of the family with social care.', 'Case record'],
  ] as const;
  for (const [by, on, time, what, source] of rows) {
    await act(room, by, { type: 'AddToChronology', on, time, what, source });
  }
  await act(room, cast.health, {
    type: 'SubmitPosition',
    content: position(
      'met',
      'not-enough-information',
      'met',
      'cannot-say-yet',
      {
        'abuse-or-neglect': 'The explanation given does not fit a spiral fracture in a child of this age.',
        'death-or-serious-harm': 'The second scan will show whether movement is likely to be lost for good.',
        place: 'It happened at home, in Northbeck.',
        overall: 'We need the second scan before we can say that the harm is serious.',
      },
      {
        'death-or-serious-harm': {
          what: 'What the second scan shows about lasting loss of movement',
          from: cast.health.actor.agency.id,
          person: 'The consultant, Northbeck Infirmary',
          by: today,
        },
      },
    ),
  });
}
