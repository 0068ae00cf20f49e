/** Positions: each statutory partner's answer to each criterion, sealed until all are in. */
import { z } from 'zod';
import { agencyKindWords, statutoryKinds, type Agency } from './agency.ts';
import { mayGivePosition, type Actor, holds, type Roles } from './actor.ts';
import type { CaseState } from './case.ts';
import { partnersOf } from './case.ts';
import {
  criterionIds,
  findings,
  findingWords,
  views,
  viewWords,
  type CriteriaSet,
  type CriterionId,
} from './criteria.ts';
import { choice, optionalText, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import type { AgencyId } from './id.ts';
import { notNow, type Lived } from './life.ts';
import { withMore } from './lists.ts';
import { cite, freeze, restsOn, type NotesEvent, type NotesState, type RestsOn } from './notes.ts';
import { inWords } from './in-words.ts';
import { needed, neededRefused, questionsFrom, type QuestionEvent, type QuestionsState } from './question.ts';
import { refuse, type Refusal } from './refusal.ts';

const answer = (n: number) =>
  z.strictObject({
    finding: choice(findings, `Select an answer to criterion ${n}`),
    reason: text(`Give a reason for criterion ${n}`),
  });

/** An answer to each criterion, by its id. */
export const answers = z.strictObject({
  'abuse-or-neglect': answer(1),
  'death-or-serious-harm': answer(2),
  place: answer(3),
});
export type Answers = z.infer<typeof answers>;

/** The question the minutes leave open, answered with every position and decision (feature M23). */
export const reputation = z
  .strictObject({
    formedPart: choice(['no', 'yes'], 'Select whether organisational reputation formed any part of this'),
    explanation: optionalText(),
  })
  .refine(({ formedPart, explanation }) => formedPart === 'no' || explanation !== '', {
    error: 'Explain what part organisational reputation played',
    path: ['explanation'],
  });
export type Reputation = z.infer<typeof reputation>;

export const changeReasons = ['new-evidence', 'discussion', 'correction'] as const;
export const changeReasonWords: Record<(typeof changeReasons)[number], string> = {
  'new-evidence': 'New evidence',
  discussion: 'Discussion with partners',
  correction: 'Correction',
};

/** Who speaks: the agency's authorised lead, or somebody else, then by whose authority. */
export const speaker = z
  .strictObject({
    who: choice(['lead', 'other'], 'Select who is speaking'),
    name: optionalText(shortText),
    authority: optionalText(shortText),
  })
  .superRefine(({ who, name, authority }, context) => {
    const ask = (path: string, message: string) => context.addIssue({ code: 'custom', message, path: [path] });
    if (who === 'other' && name === '') ask('name', 'Enter the name of the person speaking');
    if (who === 'other' && authority === '') ask('authority', 'Say who authorised them to speak');
  });
export type Speaker = z.infer<typeof speaker>;
/** The authorised lead, who submits in person. */
export const theLead: Speaker = { who: 'lead', name: '', authority: '' };

/** What is needed where there is not enough information yet, by criterion. */
const neededByCriterion = z.strictObject({
  'abuse-or-neglect': needed.nullable().default(null),
  'death-or-serious-harm': needed.nullable().default(null),
  place: needed.nullable().default(null),
});
export const nothingNeeded = { 'abuse-or-neglect': null, 'death-or-serious-harm': null, place: null } as const;

export const positionContent = z.strictObject({
  answers,
  needed: neededByCriterion.default(nothingNeeded),
  speaker: speaker.default(theLead),
  overall: z.strictObject({
    view: choice(views, 'Select your overall view'),
    reason: text('Give a reason for your overall view'),
  }),
  reputation,
});
export type PositionContent = z.infer<typeof positionContent>;

export const submitPosition = z.strictObject({
  type: z.literal('SubmitPosition'),
  /** Each "not enough information yet" says what is needed, from whom and by when. */
  content: positionContent.superRefine((content, context) => {
    for (const [index, id] of criterionIds.entries()) {
      if (content.answers[id].finding !== 'not-enough-information' || content.needed[id]) continue;
      const message = `Say what information is needed for criterion ${index + 1}`;
      context.addIssue({ code: 'custom', message, path: ['needed', id, 'what'] });
    }
  }),
  /** Asked when the agency has given a position before. */
  whatChanged: choice(changeReasons, 'Select what changed').nullable().default(null),
  /** The entry of the agency's position that the form was filled in over; null for its first. Left out, it is not compared. */
  replaces: z.int().positive().nullable().optional(),
});
export const openPositions = z.strictObject({
  type: z.literal('OpenPositions'),
  reason: text('Give a reason for opening before all partners have answered'),
});
export type PositionCommand = z.infer<typeof submitPosition> | z.infer<typeof openPositions>;

/** Its body is withheld from other agencies while sealed; the commitment in the entry binds it all the same. */
export const positionSubmitted = z.object({
  type: z.literal('PositionSubmitted'),
  content: positionContent,
  whatChanged: z.enum(changeReasons).nullable(),
  restsOn,
});
export const openedBecause = ['all-in', 'chair', 'decision'] as const;
export const positionsOpened = z.object({
  type: z.literal('PositionsOpened'),
  because: z.enum(openedBecause),
  reason: z.string(),
});
export type PositionEvent = z.infer<typeof positionSubmitted> | z.infer<typeof positionsOpened>;

/** One agency's position; `content` is null for those from whom it is sealed. */
export type Position = {
  seq: number;
  at: string;
  by: Actor;
  content: PositionContent | null;
  whatChanged: (typeof changeReasons)[number] | null;
  restsOn: RestsOn;
};
export type PositionsState = {
  opened: { at: string; because: (typeof openedBecause)[number]; reason: string } | null;
  /** Newest last; none is ever edited. */
  byAgency: Readonly<Record<AgencyId, readonly Position[]>>;
};
export const noPositions: PositionsState = { opened: null, byAgency: {} };

export { mayGivePosition };

type Known = Lived & {
  case: CaseState;
  positions: PositionsState;
  questions: QuestionsState;
  notes: NotesState;
  /** The last entry: what is decided now follows it. */
  seq: number;
};
type Events = (PositionEvent | NotesEvent | QuestionEvent)[];

export function decidePosition(command: PositionCommand, state: Known, by: Actor, facts: Facts): Events | Refusal {
  return command.type === 'SubmitPosition' ? submit(command, state, by, facts) : openEarly(command, state, by);
}

function submit(command: z.infer<typeof submitPosition>, state: Known, by: Actor, facts: Facts): Events | Refusal {
  if (!mayGivePosition(by)) return refuse('NoPositionToGive');
  const tooLate = notNow('PositionSubmitted', state);
  if (tooLate) return tooLate;
  const before = currentPosition(state.positions, by.agency.id);
  const { content, whatChanged, replaces } = command;
  if (replaces !== undefined && replaces !== (before?.seq ?? null)) {
    return refuse('PositionGivenMeanwhile', before ? { by: before.by.name, at: before.at } : {});
  }
  if (before && !whatChanged) return refuse('WhatChangedMissing');
  if (!before && whatChanged) return refuse('NotAReplacement', { field: 'whatChanged' });
  for (const id of criterionIds) {
    const asked = content.needed[id];
    const wrong = asked && neededRefused(asked, `content.needed.${id}`, state.case, facts);
    if (wrong) return wrong;
  }
  const frozen = freeze(state.notes, facts.notes);
  const submitted: PositionEvent = { type: 'PositionSubmitted', content, whatChanged, restsOn: cite(facts.notes) };
  const seq = state.seq + frozen.length + 1;
  const waitingFor = partnersOf(state.case).filter(({ id }) => id !== by.agency.id && !state.positions.byAgency[id]);
  if (!state.positions.opened && waitingFor.length > 0) return [...frozen, submitted];
  const position: Position = { seq, at: facts.now, by, content, whatChanged, restsOn: cite(facts.notes) };
  if (state.positions.opened) return [...frozen, submitted, ...asking([position], state)];
  const others = Object.values(state.positions.byAgency).filter((given) => given.at(-1)?.by.agency.id !== by.agency.id);
  const all = [...others.flatMap((given) => given.at(-1) ?? []), position];
  return [...frozen, submitted, { type: 'PositionsOpened', because: 'all-in', reason: '' }, ...asking(all, state)];
}

/** The Chair may open the first round early, with a reason that stands in the record. */
export function mayOpenPositions(by: Roles): boolean {
  return holds(by, 'chair');
}

function openEarly(command: z.infer<typeof openPositions>, state: Known, by: Actor): Events | Refusal {
  if (!mayOpenPositions(by)) return refuse('OnlyTheChair');
  const already = notNow('PositionsOpened', state);
  if (already) return already;
  const given = Object.values(state.positions.byAgency).flatMap((each) => each.at(-1) ?? []);
  if (given.length === 0) return refuse('NothingToOpen');
  return [{ type: 'PositionsOpened', because: 'chair', reason: command.reason }, ...asking(given, state)];
}

/**
 * The questions that open positions come to, criterion by criterion. While positions are sealed none
 * is asked: that an agency asks about a criterion tells what it has answered to it.
 */
function asking(positions: readonly Position[], state: Known): QuestionEvent[] {
  const open = positions.flatMap(({ seq, by, content }) =>
    criterionIds.flatMap((about) => {
      const needed = content?.answers[about].finding === 'not-enough-information' ? content.needed[about] : null;
      return needed ? [{ asker: by, position: seq, about, needed }] : [];
    }),
  );
  return questionsFrom(open, state);
}

/** `event.content` is absent where the entry's body was withheld from this reader. */
export function evolvePositions(
  state: PositionsState,
  event: PositionEvent | { type: 'PositionSubmitted'; content: null },
  seq: number,
  at: string,
  by: Actor,
): PositionsState {
  if (event.type === 'PositionsOpened')
    return { ...state, opened: { at, because: event.because, reason: event.reason } };
  const position: Position =
    event.content === null
      ? { seq, at, by, content: null, whatChanged: null, restsOn: null }
      : { seq, at, by, content: wholeOf(event.content), whatChanged: event.whatChanged, restsOn: event.restsOn };
  const earlier = state.byAgency[by.agency.id] ?? [];
  return { ...state, byAgency: { ...state.byAgency, [by.agency.id]: withMore(earlier, position) } };
}

/** Positions given before they named a speaker or what was needed hold neither. */
function wholeOf(content: Omit<PositionContent, 'needed' | 'speaker'> & Partial<PositionContent>): PositionContent {
  return { ...content, needed: content.needed ?? nothingNeeded, speaker: content.speaker ?? theLead };
}

/**
 * Whether this position's words may be read by `reader`: its own agency's people always, all
 * others only once positions are open. Asked for every channel on which an entry could leave.
 */
export function mayReadPosition(state: PositionsState, owner: AgencyId, reader: Pick<Actor, 'agency'>): boolean {
  return state.opened !== null || reader.agency.id === owner;
}

export function currentPosition(state: PositionsState, agency: AgencyId): Position | null {
  return state.byAgency[agency]?.at(-1) ?? null;
}

/**
 * Statutory partners for which nobody can give a position, by name, or by kind where none takes part:
 * shown wherever positions count, and no bar to anything. One that has given its position has spoken.
 */
export function unspokenFor({ case: opened, positions }: { case: CaseState; positions: PositionsState }): string[] {
  const partners = partnersOf(opened);
  const isSpokenFor = ({ id }: Agency) =>
    currentPosition(positions, id) !== null ||
    opened.people.some((person) => person.agency.id === id && mayGivePosition(person));
  return statutoryKinds.flatMap((kind) => {
    const ofKind = partners.filter((partner) => partner.kind === kind);
    if (ofKind.length === 0) return [agencyKindWords[kind]];
    return ofKind.filter((partner) => !isSpokenFor(partner)).map(({ name }) => name);
  });
}

/** "Police: nobody is set up to give a position." */
export function sayUnspoken(name: string): string {
  return `${name}: nobody is set up to give a position.`;
}

/** Where open positions differ: each criterion, or the overall view, with every agency's answer in words. */
export type Difference = { about: CriterionId | 'overall'; answers: { agency: Agency; says: string }[] };

export function differences(state: { case: CaseState; positions: PositionsState }): Difference[] {
  if (!state.positions.opened) return [];
  const given = partnersOf(state.case).flatMap((agency) => {
    const content = currentPosition(state.positions, agency.id)?.content;
    return content ? [{ agency, content }] : [];
  });
  const about: Difference[] = [
    ...criterionIds.map((id) => ({
      about: id,
      answers: given.map(({ agency, content }) => ({ agency, says: findingWords[content.answers[id].finding] })),
    })),
    {
      about: 'overall',
      answers: given.map(({ agency, content }) => ({ agency, says: viewWords[content.overall.view] })),
    },
  ];
  return about.filter(({ answers }) => new Set(answers.map(({ says }) => says)).size > 1);
}

/** Partners whose open position is that the authority should notify, by name. */
export function sayingNotify(state: { case: CaseState; positions: PositionsState }): string[] {
  if (!state.positions.opened) return [];
  return partnersOf(state.case)
    .filter(({ id }) => currentPosition(state.positions, id)?.content?.overall.view === 'notify')
    .map(({ name }) => name);
}

/**
 * The differences in one sentence: "Views differ on criterion 2 (death or serious harm) and
 * whether to notify." Empty when they do not. Never a tally.
 */
export function sayDifferences(state: { case: CaseState; positions: PositionsState }): string {
  const found = differences(state);
  if (found.length === 0) return '';
  const { criteria } = state.case.criteriaSet;
  const parts = found.map(({ about }) => {
    const criterion = criteria.find(({ id }) => id === about);
    return criterion ? `criterion ${criterion.number} (${criterion.name.toLowerCase()})` : 'whether to notify';
  });
  return `Views differ on ${inWords(parts)}.`;
}

/**
 * A warning, never a block: the overall view does not follow from the criteria. All three met
 * asks the authority to notify; any not met means the duty does not arise.
 */
export function conflictWarning(content: Pick<PositionContent, 'answers' | 'overall'>): string {
  const given = criterionIds.map((id, index) => ({ number: index + 1, finding: content.answers[id].finding }));
  const notMet = given.find(({ finding }) => finding === 'not-met');
  if (content.overall.view === 'notify' && notMet) {
    return `Criterion ${notMet.number} is 'Not met' but the overall view is 'Notify'. Change one, or explain in the overall reason.`;
  }
  if (content.overall.view === 'do-not-notify' && given.every(({ finding }) => finding === 'met')) {
    return "Every criterion is 'Met' but the overall view is 'Do not notify'. Change one, or explain in the overall reason.";
  }
  return '';
}

/** "criterion 2 (death or serious harm)", for each, in order, and then "whether to notify". */
export function sayCriteria(ids: readonly Difference['about'][], set: CriteriaSet): string {
  const named = set.criteria.filter(({ id }) => ids.includes(id));
  const criteria = named.map(({ number, name }) => `criterion ${number} (${name.toLowerCase()})`);
  return inWords(ids.includes('overall') ? [...criteria, 'whether to notify'] : criteria);
}
