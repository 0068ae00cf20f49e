/** The screening log: cases an agency considered and did not present to the partnership, each with its reason. */
import { z } from 'zod';
import { holds, type Acting, type Actor, type Roles } from './actor.ts';
import type { Day } from './calendar.ts';
import { whatHappened } from './case.ts';
import { choice, day, optionalText, shortText, text } from './fields.ts';
import { caseRef, id } from './id.ts';
import { withChanged, withMore } from './lists.ts';
import { refuse, type Refusal } from './refusal.ts';

/** Which part of the test the agency found not met (Children Act 2004 s.16C(1)), or what else decided it. */
export const whyNotPresented = [
  'no-abuse-or-neglect',
  'no-serious-harm',
  'not-a-child',
  'elsewhere',
  'another-route',
  'other',
] as const;
export const whyNotWords: Record<(typeof whyNotPresented)[number], string> = {
  'no-abuse-or-neglect': 'Abuse or neglect was neither known nor suspected',
  'no-serious-harm': 'The child neither died nor was seriously harmed',
  'not-a-child': 'The person was 18 or over',
  elsewhere: 'Another area has it',
  'another-route': 'Another review or process has it',
  other: 'Another reason',
};

export const screeningContent = z.strictObject({
  consideredOn: day('Enter the date your agency considered it, like 27 3 2026'),
  whatHappened: choice(whatHappened, 'Select what happened'),
  account: text('Say briefly what happened'),
  consideredBy: text('Say who considered it, by role', shortText),
  whyNot: choice(whyNotPresented, 'Select why it was not presented'),
  reason: text('Give the reason in your own words'),
  /** What is done instead; may be empty. */
  instead: optionalText(),
});
export type ScreeningContent = z.infer<typeof screeningContent>;

export const sampleViews = ['agree', 'ask', 'present'] as const;
export type SampleView = (typeof sampleViews)[number];
export const sampleViewWords: Record<SampleView, string> = {
  agree: 'It was rightly not presented',
  ask: 'A question to the agency',
  present: 'It should be presented',
};

const entryNumber = z.int().positive().max(Number.MAX_SAFE_INTEGER);

export const logScreening = z.strictObject({ type: z.literal('LogScreening'), content: screeningContent });
/** A log that is empty because nothing was considered must say so: a blank tells nobody anything. */
export const logNone = z.strictObject({
  type: z.literal('LogNoneConsidered'),
  from: day('Enter the first day, like 1 10 2026'),
  to: day('Enter the last day, like 31 12 2026'),
});
export const sampleScreening = z.strictObject({
  type: z.literal('SampleScreening'),
  agency: id,
  screened: entryNumber,
  view: choice(sampleViews, 'Select your view'),
  note: text('Say what you found, or what you ask'),
});
export const answerSample = z.strictObject({
  type: z.literal('AnswerSample'),
  screened: entryNumber,
  answer: text('Give your answer'),
  /** The code of the case that was opened after all; empty where none was. */
  presentedAs: caseRef.or(z.literal('')).default(''),
});
export const screeningCommand = z.discriminatedUnion('type', [logScreening, logNone, sampleScreening, answerSample]);
export type ScreeningCommand = z.infer<typeof screeningCommand>;
export const screeningRequest = z.strictObject({ id, command: screeningCommand });
export type ScreeningRequest = z.infer<typeof screeningRequest>;

export const caseScreened = z.object({ type: z.literal('CaseScreened'), content: screeningContent });
export const noneConsidered = z.object({ type: z.literal('NoneConsidered'), from: z.string(), to: z.string() });
export const screeningSampled = z.object({
  type: z.literal('ScreeningSampled'),
  screened: z.number(),
  view: z.enum(sampleViews),
  note: z.string(),
});
export const sampleAnswered = z.object({
  type: z.literal('SampleAnswered'),
  screened: z.number(),
  answer: z.string(),
  presentedAs: z.string(),
});
export const screeningEvents = [caseScreened, noneConsidered, screeningSampled, sampleAnswered] as const;
export type ScreeningEvent = z.infer<(typeof screeningEvents)[number]>;

/** A case in the log, with what the Chair found on looking at it and what the agency answered, in order. */
export type Screened = {
  seq: number;
  at: string;
  by: Actor;
  content: ScreeningContent;
  samples: readonly { seq: number; at: string; by: Actor; view: SampleView; note: string }[];
  answers: readonly { seq: number; at: string; by: Actor; answer: string }[];
  /** The case it became after all; it then counts as presented. */
  presentedAs: string | null;
};
export type ScreeningState = {
  screened: readonly Screened[];
  none: readonly { seq: number; at: string; by: Actor; from: Day; to: Day }[];
};
export const noScreening: ScreeningState = { screened: [], none: [] };

/** `cases` are the codes of the cases the asker is on. */
export type ScreeningFacts = { today: Day; cases: readonly string[] };

/** Whoever works on cases or decides for an agency writes its log. */
export function mayLogScreening(by: Acting): boolean {
  const writers = ['position-holder', 'contributor', 'decision-maker'] as const;
  return by.agency.kind !== 'partnership' && writers.some((role) => holds(by, role));
}

/** The Chair sees every case considered and samples those not presented (the framework of 2021). */
export function maySampleScreening(by: Roles): boolean {
  return holds(by, 'chair');
}

/** What the Chair has asked and the agency has not answered since. */
export function isUnanswered({ samples, answers }: Pick<Screened, 'samples' | 'answers'>): boolean {
  const asked = samples.findLast(({ view }) => view !== 'agree');
  return asked !== undefined && !answers.some(({ seq }) => seq > asked.seq);
}

export function decideScreening(
  command: ScreeningCommand,
  state: ScreeningState,
  by: Actor,
  { today, cases }: ScreeningFacts,
): ScreeningEvent[] | Refusal {
  switch (command.type) {
    case 'LogScreening':
      if (!mayLogScreening(by)) return refuse('NotYourRole', { role: by.role });
      if (command.content.consideredOn > today) return refuse('DateInTheFuture', { field: 'content.consideredOn' });
      return [{ type: 'CaseScreened', content: command.content }];
    case 'LogNoneConsidered': {
      const { from, to } = command;
      if (!mayLogScreening(by)) return refuse('NotYourRole', { role: by.role });
      if (to > today) return refuse('DateInTheFuture', { field: 'to' });
      if (to < from) return refuse('EndsBeforeItBegins', { field: 'to' });
      const logged = state.screened.some(
        ({ content: { consideredOn }, presentedAs }) => !presentedAs && consideredOn >= from && consideredOn <= to,
      );
      if (logged) return refuse('SomeWereConsidered');
      return [{ type: 'NoneConsidered', from, to }];
    }
    case 'SampleScreening': {
      const { screened, view, note } = command;
      if (!maySampleScreening(by)) return refuse('OnlyTheChair');
      if (!state.screened.some(({ seq }) => seq === screened)) return refuse('NoSuchScreening');
      return [{ type: 'ScreeningSampled', screened, view, note }];
    }
    case 'AnswerSample': {
      const { screened, answer, presentedAs } = command;
      if (!mayLogScreening(by)) return refuse('NotYourRole', { role: by.role });
      const found = state.screened.find(({ seq }) => seq === screened);
      if (!found) return refuse('NoSuchScreening');
      if (!isUnanswered(found)) return refuse('NothingAsked');
      if (presentedAs && !cases.includes(presentedAs)) return refuse('NotOnTheCaseNamed', { field: 'presentedAs' });
      return [{ type: 'SampleAnswered', screened, answer, presentedAs }];
    }
  }
}

const types: ReadonlySet<string> = new Set(screeningEvents.map(({ shape }) => shape.type.value));
export function isScreeningEvent(event: { type: string }): event is ScreeningEvent {
  return types.has(event.type);
}

export function evolveScreening(
  state: ScreeningState,
  event: ScreeningEvent,
  seq: number,
  at: string,
  by: Actor,
): ScreeningState {
  switch (event.type) {
    case 'CaseScreened': {
      const { content } = event;
      const screened = { seq, at, by, content, samples: [], answers: [], presentedAs: null };
      return { ...state, screened: withMore(state.screened, screened) };
    }
    case 'NoneConsidered':
      return { ...state, none: withMore(state.none, { seq, at, by, from: event.from, to: event.to }) };
    case 'ScreeningSampled': {
      const { view, note } = event;
      return changed(state, event.screened, (one) => ({
        ...one,
        samples: [...one.samples, { seq, at, by, view, note }],
      }));
    }
    case 'SampleAnswered': {
      const { answer, presentedAs } = event;
      return changed(state, event.screened, (one) => ({
        ...one,
        answers: [...one.answers, { seq, at, by, answer }],
        presentedAs: presentedAs || one.presentedAs,
      }));
    }
  }
}

function changed(state: ScreeningState, seq: number, change: (one: Screened) => Screened): ScreeningState {
  return { ...state, screened: withChanged(state.screened, seq, change) };
}

/**
 * One agency's part of "every case considered": how many its log holds that were not presented, and
 * the last day its log speaks of. Null: it has never said anything, which is not the same as none.
 */
export type NotPresented = { notPresented: number; upTo: Day | null; unanswered: number };

export function notPresented({ screened, none }: ScreeningState): NotPresented {
  const kept = screened.filter(({ presentedAs }) => presentedAs === null);
  const days = [...screened.map(({ content }) => content.consideredOn), ...none.map(({ to }) => to)].sort();
  return { notPresented: kept.length, upTo: days.at(-1) ?? null, unanswered: screened.filter(isUnanswered).length };
}
