/** Rules tested as sentences: given what has happened, when someone acts, then these facts or this refusal. */
import { expect } from 'vitest';
import type { z } from 'zod';
import type { Actor } from '#schema/actor.ts';
import type { Agency, Role } from '#schema/agency.ts';
import { firstArrangements, type Arrangements } from '#schema/arrangements.ts';
import { bankHolidays } from '#schema/bank-holidays.ts';
import { dayOf, holidaysByDay, type Instant } from '#schema/calendar.ts';
import { capabilityOf, type CaseDetails, type PersonOnCase } from '#schema/case.ts';
import { command as commandParser, type Command } from '#schema/command.ts';
import type { Finding, View } from '#schema/criteria.ts';
import type { DecisionContent } from '#schema/decision.ts';
import type { DissentContent, Standing } from '#schema/dissent.ts';
import { event as eventParser, type Event } from '#schema/event.ts';
import type { Facts } from '#schema/facts.ts';
import { chain, firstPrev, hashText, type Entry } from '#schema/ledger.ts';
import type { FrozenNotes } from '#schema/notes.ts';
import type { Outcome as Outcomes } from '#schema/outcome.ts';
import { nothingNeeded, theLead, type Answers, type PositionContent, type PositionEvent } from '#schema/position.ts';
import { isRefusal, type RefusalFacts, type RefusalName } from '#schema/refusal.ts';
import { decide, fold, type RoomState } from '#schema/room.ts';
import { bindsTheSame } from './signed.ts';

// Who there is: the practice partnership, and people who must be kept out of its case.

const idOf = (n: number) => n.toString(16).padStart(32, '0');

export const socialCare: Agency = { id: idOf(0xa1), kind: 'local-authority', name: 'Social care' };
export const health: Agency = { id: idOf(0xa2), kind: 'health', name: 'Health' };
export const police: Agency = { id: idOf(0xa3), kind: 'police', name: 'Police' };
export const education: Agency = { id: idOf(0xa4), kind: 'education', name: 'Education' };
export const northbeck: Agency = { id: idOf(0xa5), kind: 'partnership', name: 'Northbeck' };

const person = (n: number, name: string, agency: Agency, role: Role): Actor => ({
  person: idOf(n),
  name,
  agency,
  role,
});
/** Speaks for Health; raises the case. */
export const amara = person(1, 'Amara Fenwick', health, 'position-holder');
/** Speaks for social care, which is the local authority. */
export const tomas = person(2, 'Tomas Birch', socialCare, 'position-holder');
/** Speaks for Police. */
export const priya = person(3, 'Priya Lark', police, 'position-holder');
/** Speaks for Education, which is not a statutory partner. */
export const wren = person(4, 'Wren Castle', education, 'position-holder');
/** Decides for the local authority. */
export const denis = person(5, 'Denis Marsh', socialCare, 'decision-maker');
/** The independent Chair. */
export const joan = person(6, 'Joan Alder', northbeck, 'chair');
/** Writes notes for Health. */
export const idris = person(7, 'Idris Vale', health, 'contributor');
/** Advises, holds no position. */
export const mina = person(8, 'Mina Frost', socialCare, 'legal-adviser');
/** Speaks for Police, but was not chosen for this case. */
export const otto = person(9, 'Otto Reed', police, 'position-holder');
/** Decides for the local authority after Denis; on no case until then. */
export const selma = person(14, 'Selma Hythe', socialCare, 'decision-maker');
/** Looks after the partnership. */
export const beth = person(10, 'Beth Quill', northbeck, 'business-unit');

/** Lead partners: heads of the three statutory partners, on no case until a disagreement reaches them. */
export const leadCare = person(11, 'Cass Orme', socialCare, 'lead-partner');
export const leadHealth = person(12, 'Hal Winter', health, 'lead-partner');
export const leadPolice = person(13, 'Rae Stone', police, 'lead-partner');
export const leads = [leadCare, leadHealth, leadPolice] as const;

export const partnership = [amara, tomas, priya, wren, denis, joan, idris, mina, otto, beth, ...leads] as const;
/** Everybody whom the case in `opened()` admits. */
export const admitted = [joan, amara, tomas, priya, wren, denis] as const;

// What they say.

export const today = '2026-11-23';
export const holidays = holidaysByDay(bankHolidays);
export const room = idOf(0xc0);
export const ref = 'SI-2026-7KQ4';

export const details: CaseDetails = {
  awareOn: '2026-11-20',
  whatHappened: 'seriously-harmed',
  account: 'A child was taken to hospital with a broken arm.',
  incidentPlace: 'this-area',
  homePlace: 'this-area',
  lookedAfter: 'no',
  initials: 'J.D.',
  age: 2,
  toldBy: 'The hospital',
  toldByDetail: '',
};

export const takingPart = [amara, tomas, priya, wren].map(({ agency, person }) => ({
  agency: agency.id,
  speaker: person,
}));

export const openCase = { type: 'OpenCase', details, takingPart } as const;

export function answersOf(finding: Finding, other: Partial<Record<keyof Answers, Finding>> = {}): Answers {
  const answer = (id: keyof Answers) => ({ finding: other[id] ?? finding, reason: `Why ${id} is as we say.` });
  return {
    'abuse-or-neglect': answer('abuse-or-neglect'),
    'death-or-serious-harm': answer('death-or-serious-harm'),
    place: answer('place'),
  };
}

export function positionFor(view: View, harm: Finding = view === 'do-not-notify' ? 'not-met' : 'met'): PositionContent {
  return {
    answers: answersOf('met', { 'death-or-serious-harm': harm }),
    overall: { view, reason: 'The facts so far lead here.' },
    needed: nothingNeeded,
    speaker: theLead,
    reputation: { formedPart: 'no', explanation: '' },
  };
}

export const disagreement: DissentContent = {
  about: ['death-or-serious-harm'],
  statement: 'The injury may last; that is serious harm.',
  evidence: '',
  whatWouldChangeIt: 'A second medical opinion.',
};

export const decisionFor = (outcome: 'notify' | 'do-not-notify'): DecisionContent => ({
  outcome,
  answers: answersOf('met'),
  rationale: 'Each criterion and each reason was weighed.',
  weighed: ['each-criterion', 'each-partners-reasons'],
  reputation: { formedPart: 'no', explanation: '' },
  reviewOn: outcome === 'notify' ? null : '2026-12-14',
});

export const notesSaying = (version: number, text: string): FrozenNotes => ({ version, text, hash: hashText(text) });

// What has happened: each builder gives what the record would hold.

export type Happened = { by: Actor; event: Event; at?: Instant };
type History = Happened | readonly Happened[];

export function onCase(actor: Actor): PersonOnCase {
  return { ...actor, capability: capabilityOf(actor) };
}

/** A case raised by Health in which `people` take part; the Chair is told first. */
export function opened(people: readonly Actor[] = [amara, tomas, priya, wren, denis]): Happened[] {
  const { awareOn } = details;
  return [
    {
      by: amara,
      event: {
        type: 'CaseOpened',
        ref,
        details: { ...details, awareOn },
        arrangements: firstArrangements,
        notifyBy: '2026-11-27',
      },
    },
    { by: amara, event: { type: 'ChairTold', people: [onCase(joan)] } },
    { by: amara, event: { type: 'PartnersTold', people: people.map(onCase) } },
  ];
}

/** The same case, opened under what another partnership has agreed. */
export function underArrangements(agreed: Arrangements): Happened[] {
  return opened().map((happened) =>
    happened.event.type === 'CaseOpened'
      ? { ...happened, event: { ...happened.event, arrangements: agreed } }
      : happened,
  );
}

export function positionGiven(by: Actor, content: PositionContent = positionFor('notify')): Happened {
  return { by, event: { type: 'PositionSubmitted', content, whatChanged: null, restsOn: null } };
}

export function positionsOpened(
  because: Extract<PositionEvent, { type: 'PositionsOpened' }>['because'] = 'all-in',
  by: Actor = priya,
): Happened {
  return { by, event: { type: 'PositionsOpened', because, reason: because === 'chair' ? 'The clock is short.' : '' } };
}

/** Health and social care say notify, Police do not; all three are open. Entries 4 to 7. */
export function positionsDiffer(): Happened[] {
  return [
    positionGiven(amara),
    positionGiven(tomas),
    positionGiven(priya, positionFor('do-not-notify')),
    positionsOpened(),
  ];
}

/** All three say notify; open. Entries 4 to 7. */
export function positionsAgree(): Happened[] {
  return [positionGiven(amara), positionGiven(tomas), positionGiven(priya), positionsOpened()];
}

export function dissentRecorded(by: Actor, content: DissentContent = disagreement): Happened {
  return { by, event: { type: 'DissentRecorded', content } };
}

export function dissentAnswered(dissent: number, by: Actor = denis): Happened {
  return { by, event: { type: 'DissentAnswered', dissent, response: 'We weighed this and say why.' } };
}

export function dissentReviewed(by: Actor, dissent: number, standing: Standing): Happened {
  return { by, event: { type: 'DissentReviewed', dissent, standing, reason: 'Having read the answer.' } };
}

export function resolutionAsked(by: Actor = wren): Happened {
  const question = 'Whether the child was seriously harmed';
  return {
    by,
    event: {
      type: 'ResolutionRequested',
      question,
      tried: ['discussed-in-notes'],
      stage: 3,
      limit: '2026-11-25',
      urgentReason: '',
    },
  };
}

export const resolutionOpened: Happened = { by: joan, event: { type: 'ResolutionOpened' } };

export function outcomeRecorded(outcome: Outcomes = 'not-agreed'): Happened {
  const said = { commonGround: 'The facts of the injury.', pointsAtIssue: 'How long it will last.' };
  const rest = { stage: null, detail: '', due: null, attendance: [], wentOnBecause: '', actions: [] };
  return { by: joan, event: { type: 'OutcomeRecorded', outcome, ...said, ...rest } };
}

/** Each statutory partner took part. */
export const allAttended = [socialCare, health, police].map(({ id }) => ({ agency: id, who: 'attended' as const }));

export function decisionSigned(dissents: number[] = [], outcome: 'notify' | 'do-not-notify' = 'notify'): Happened {
  return { by: denis, event: { type: 'DecisionSigned', content: decisionFor(outcome), dissents, restsOn: null } };
}

/** What follows a signature at once: served on everyone beside the authority. */
export function decisionServed(): Happened {
  const on = [northbeck, health, police, education];
  return { by: denis, event: { type: 'RationaleServed', on, receiptBy: '2026-11-25' } };
}

/** Decided to notify, served, and sent on `today`: entries 4 to 7. */
export function notified(sentOn = today, rapidReviewBy = '2026-12-14'): Happened[] {
  const asked = [health, socialCare, police, education];
  const counted = { from: 'notified', start: sentOn, due: rapidReviewBy } as const;
  return [
    decisionSigned(),
    decisionServed(),
    {
      by: denis,
      event: { type: 'NotificationRecorded', sentOn, sentAt: '09:30', reference: 'SIN-1', sentBy: 'Denis', pack: [] },
    },
    { by: denis, event: { type: 'RapidReviewStarted', ...counted, asked, returnsBy: '2026-11-30' } },
  ];
}

/** New evidence, known and told to the authority on `awareOn`; `decision` is the entry it reopens. */
export function caseReopened(decision: number, awareOn = '2028-11-20', notifyBy = '2028-11-27'): Happened {
  const said = { evidence: 'A second scan shows older injuries.', knownOn: awareOn, knownBy: 'The hospital' };
  return {
    by: amara,
    at: `${awareOn}T10:00:00.000Z`,
    event: { type: 'CaseReopened', ...said, awareOn, notifyBy, decision },
  };
}

export function notesFrozen(notes: FrozenNotes, by: Actor = amara): Happened {
  return { by, event: { type: 'NotesFrozen', notes } };
}

/** The same, at a stated moment. */
export function at(moment: Instant, happened: Happened): Happened {
  return { ...happened, at: moment };
}

/** A salt that is the same in every run; the service's are random. */
export const saltOf = (seq: number) => hashText(`salt ${seq}`);

/** One second after another on the morning of `today`. */
export const momentOf = (seq: number) => new Date(Date.parse(`${today}T09:00:00Z`) + seq * 1000).toISOString();

/** The record of what happened, continued from `entries`. */
export function record(history: readonly Happened[], entries: readonly Entry[] = [], inRoom = room): Entry[] {
  const all = [...entries];
  for (const { by, event, at } of history) {
    const seq = all.length + 1;
    const prev = all.at(-1)?.hash ?? firstPrev;
    const header = { room: inRoom, seq, at: at ?? momentOf(seq), actor: by, command: idOf(0xd000 + seq), prev };
    all.push(chain(header, event, saltOf(seq)));
  }
  return all;
}

export function factsWith(other: Partial<Facts> = {}): Facts {
  const now = other.now ?? `${other.today ?? today}T12:00:00.000000Z`;
  return {
    now,
    today: dayOf(now),
    holidays,
    partnership: { name: 'Northbeck', people: partnership, arrangements: firstArrangements },
    newCase: { id: idOf(0xcc), room, ref },
    ...other,
  };
}

// The sentence.

type Outcome = {
  /** Then exactly these events follow, in this order. */
  gives(...events: Event[]): void;
  /** Then events of these types follow, in this order. */
  givesTypes(...types: Event['type'][]): void;
  /** Then it is refused by this name, with at least these facts. */
  isRefused(name: RefusalName, facts?: RefusalFacts): void;
  /** The situation once what followed is on the record. */
  recorded(): Situation;
};
type Situation = {
  entries: readonly Entry[];
  state: RoomState;
  when(command: z.input<typeof commandParser>, by: Actor, facts?: Partial<Facts>): Outcome;
};

/** Given that this has happened, in this order. */
export function given(...history: History[]): Situation {
  return situation(record(history.flat()));
}

function situation(entries: readonly Entry[]): Situation {
  const state = fold(entries);
  return {
    entries,
    state,
    when(input, by, facts = {}) {
      const told = factsWith(facts);
      const command: Command = commandParser.parse(input);
      const result = decide(command, state, by, told);
      const events = () => {
        if (isRefusal(result)) throw new Error(`Refused: ${result.refused} ${JSON.stringify(result.facts)}`);
        for (const each of result) expect(eventParser.parse(JSON.parse(JSON.stringify(each)))).toEqual(each);
        bindsTheSame(command, result);
        return result;
      };
      return {
        gives: (...expected) => expect(events()).toEqual(expected),
        givesTypes: (...types) => expect(events().map(({ type }) => type)).toEqual(types),
        isRefused: (name, because = {}) => expect(result).toMatchObject({ refused: name, facts: because }),
        recorded: () =>
          situation(
            record(
              events().map((event) => ({ by, event, at: told.now })),
              entries,
            ),
          ),
      };
    },
  };
}
