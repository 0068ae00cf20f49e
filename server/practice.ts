/** The practice partnership, Northbeck: invented people and cases that anyone can rehearse on. */
import { eq } from 'drizzle-orm';
import * as Y from 'yjs';
import type { Actor } from '#schema/actor.ts';
import { addWorkingDays, dayOf, holidaysByDay, plainDate, type Day } from '#schema/calendar.ts';
import { bankHolidays } from '#schema/bank-holidays.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import { roomCommand } from '#schema/command.ts';
import { newId, type RoomId } from '#schema/id.ts';
import { notesRoot } from '#schema/notes.ts';
import type { PartnershipSetUp } from '#schema/partnership.ts';
import type { PositionContent } from '#schema/position.ts';
import { isRefusal } from '#schema/refusal.ts';
import { agency, membership, partnership, person } from '#schema/tables/index.ts';
import type { Commands, Sender } from './command.ts';
import { databaseNow } from './ledger.ts';
import { setUpPartnership } from './set-up.ts';
import { peopleOf } from './auth/actor.ts';
import type { Database } from './store.ts';
import type { Rooms } from './sync/rooms.ts';

/** Everyone here is invented. One password for all: nothing behind it is real. */
export const practicePassword = 'northbeck practice only';

export const northbeck: PartnershipSetUp = {
  name: 'Northbeck Safeguarding Children Partnership',
  contact: {
    name: 'Northbeck business unit (practice)',
    phone: '01632 960 100',
    email: 'business.unit@northbeck.example',
  },
  agencies: [
    { kind: 'local-authority', name: 'Social care' },
    { kind: 'health', name: 'Health' },
    { kind: 'police', name: 'Police' },
    { kind: 'education', name: 'Education' },
    { kind: 'partnership', name: 'Partnership' },
  ],
  people: [
    {
      name: 'Amara Fenwick',
      email: 'amara.fenwick@health.northbeck.example',
      agency: 'Health',
      role: 'position-holder',
    },
    { name: 'Tomas Birch', email: 'tomas.birch@northbeck.example', agency: 'Social care', role: 'position-holder' },
    { name: 'Priya Lark', email: 'priya.lark@police.northbeck.example', agency: 'Police', role: 'position-holder' },
    {
      name: 'Wren Castle',
      email: 'wren.castle@education.northbeck.example',
      agency: 'Education',
      role: 'position-holder',
    },
    { name: 'Denis Marsh', email: 'denis.marsh@northbeck.example', agency: 'Social care', role: 'decision-maker' },
    { name: 'Joan Alder', email: 'joan.alder@northbeck.example', agency: 'Partnership', role: 'chair' },
  ],
};

const about: Record<string, string> = {
  'Amara Fenwick': 'Speaks for Health. Opened both practice cases.',
  'Tomas Birch': 'Speaks for Social care, the local authority.',
  'Priya Lark': 'Speaks for Police. Recorded disagreement on the decided case.',
  'Wren Castle': 'Speaks for Education. Is on neither practice case, and so sees neither.',
  'Denis Marsh': 'Decides for the local authority, and answers each disagreement.',
  'Joan Alder': 'Independent Chair. Told first, sees every case, leads resolution, gives no position.',
};

export type PracticePerson = Pick<Actor, 'person' | 'name' | 'agency' | 'role'> & { about: string };

/** The people a newcomer may become with one press. Never anyone of a real partnership. */
export async function practicePeople(db: Database): Promise<PracticePerson[]> {
  const rows = await db
    .select({
      person: person.id,
      name: person.name,
      agency: { id: agency.id, kind: agency.kind, name: agency.name },
      role: membership.role,
    })
    .from(membership)
    .innerJoin(person, eq(person.id, membership.person))
    .innerJoin(agency, eq(agency.id, membership.agency))
    .innerJoin(partnership, eq(partnership.id, membership.partnership))
    .where(eq(partnership.practice, true));
  const order = northbeck.people.map(({ name }) => name);
  return rows
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    .map((row) => ({ ...row, about: about[row.name] ?? '' }));
}

/** Types a paragraph under a heading of a room's notes, as that person. */
type Type = (room: RoomId, by: Actor, heading: string, words: string) => Promise<void>;
type World = { db: Database; commands: Commands; rooms: Rooms };

/** Sets up Northbeck and plays two cases by the same road that people's own acts take. */
export async function setUpPractice({ db, commands, rooms }: World): Promise<void> {
  const { partnership: id } = await setUpPartnership(db, northbeck, { practice: true, password: practicePassword });
  const people = await peopleOf(db, id);
  const today = dayOf(await databaseNow(db));
  const named = (name: string): Sender => {
    const actor = people.find((each) => each.name === name);
    if (!actor) throw new Error(`${name} is not in the practice partnership`);
    return { actor, partnership: { id, name: northbeck.name } };
  };
  const cast = {
    health: named('Amara Fenwick'),
    socialCare: named('Tomas Birch'),
    police: named('Priya Lark'),
    decides: named('Denis Marsh'),
    chair: named('Joan Alder'),
  };

  const open = async (details: Parameters<Commands['openCase']>[0]['command']['details']): Promise<RoomId> => {
    const speakers = [cast.socialCare, cast.health, cast.police];
    const takingPart = speakers.map(({ actor }) => ({ agency: actor.agency.id, speaker: actor.person }));
    const opened = await commands.openCase(
      { id: newId(), command: { type: 'OpenCase', details, takingPart } },
      cast.health,
    );
    if (isRefusal(opened)) throw new Error(`The practice case was refused: ${opened.refused}`);
    return opened.room;
  };
  const act = async (room: RoomId, by: Sender, command: RoomCommandInput): Promise<number> => {
    const result = await commands.carryOut(room, { id: newId(), command: roomCommand.parse(command) }, by);
    if ('noRoom' in result || isRefusal(result))
      throw new Error(`${command.type} was refused: ${JSON.stringify(result)}`);
    return result.firstSeq;
  };

  const type = typist(db, rooms);
  await decidedCase({ open, act, type, cast, today });
  await liveCase({ open, act, type, cast, today });
}

type Stage = {
  open: (details: Parameters<Commands['openCase']>[0]['command']['details']) => Promise<RoomId>;
  act: (room: RoomId, by: Sender, command: RoomCommandInput) => Promise<number>;
  type: Type;
  cast: Record<'health' | 'socialCare' | 'police' | 'decides' | 'chair', Sender>;
  today: Day;
};

/** A case in mid-discussion: notes begun, one position given and sealed. */
async function liveCase({ open, act, type, cast, today }: Stage): Promise<void> {
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
  await act(room, cast.health, {
    type: 'SubmitPosition',
    content: position('met', 'not-enough-information', 'met', 'cannot-say-yet', {
      'abuse-or-neglect': 'The explanation given does not fit a spiral fracture in a child of this age.',
      'death-or-serious-harm': 'The second scan will show whether movement is likely to be lost for good.',
      place: 'It happened at home, in Northbeck.',
      overall: 'We need the second scan before we can say that the harm is serious.',
    }),
  });
}

/** A case decided against the view of one partner, whose disagreement stands beside the decision. */
async function decidedCase({ open, act, type, cast, today }: Stage): Promise<void> {
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
    content: position('not-enough-information', 'met', 'met', 'cannot-say-yet', {
      'abuse-or-neglect': 'The school nurse’s notes have been asked for and are not here yet.',
      'death-or-serious-harm': 'K.T. was in danger of dying on the first night.',
      place,
      overall: 'The school nurse’s notes may settle it.',
    }),
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
}

const holidays = holidaysByDay(bankHolidays);

type Finding = PositionContent['answers']['place']['finding'];

function position(
  abuse: Finding,
  harm: Finding,
  place: Finding,
  view: PositionContent['overall']['view'],
  reasons: Record<'abuse-or-neglect' | 'death-or-serious-harm' | 'place' | 'overall', string>,
): PositionContent {
  return {
    answers: {
      'abuse-or-neglect': { finding: abuse, reason: reasons['abuse-or-neglect'] },
      'death-or-serious-harm': { finding: harm, reason: reasons['death-or-serious-harm'] },
      place: { finding: place, reason: reasons.place },
    },
    overall: { view, reason: reasons.overall },
    reputation: { formedPart: 'no', explanation: '' },
  };
}

/** The working day `days` working days before `today`. */
function workingDaysAgo(today: Day, days: number): Day {
  let day = plainDate(today);
  if (!day) throw new RangeError(`Not a day: ${today}`);
  while (addWorkingDays(day.toString(), days, holidays).due > today || !isCounted(day.toString()))
    day = day.subtract({ days: 1 });
  return day.toString();
}

function isCounted(day: Day): boolean {
  const date = plainDate(day);
  return date !== null && date.dayOfWeek <= 5 && !holidays.has(day);
}

/** Typing by the road that everyone's typing takes: a leased clientID, the guard, the log. */
function typist(db: Database, rooms: Rooms): Type {
  return async (room, by, heading, words) => {
    const doc = new Y.Doc({ gc: false });
    Y.applyUpdate(doc, await rooms.updateOf(room));
    doc.clientID = await rooms.lease(db, room, by.person);
    const notes = doc.getXmlFragment(notesRoot);
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    doc.transact(() => {
      const at = notes.toArray().findIndex((node) => node instanceof Y.XmlElement && textIn(node) === heading);
      if (at < 0) throw new Error(`The notes have no heading "${heading}"`);
      const after = notes
        .toArray()
        .findIndex((node, index) => index > at && node instanceof Y.XmlElement && node.nodeName === 'heading');
      const empty = notes.get(at + 1);
      const place = after < 0 ? notes.length : after;
      if (empty instanceof Y.XmlElement && empty.length === 0 && place === at + 2) {
        empty.insert(0, [new Y.XmlText(words)]);
        return;
      }
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(words)]);
      notes.insert(place, [paragraph]);
    });
    for (const update of updates) await rooms.write(room, by, update);
  };
}

function textIn(node: Y.XmlElement): string {
  return node
    .toArray()
    .map((child) => (child instanceof Y.XmlText ? child.toString() : ''))
    .join('');
}
