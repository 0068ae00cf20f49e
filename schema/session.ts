/** The Chair's session: what may be asked of it and what its entries hold. Rules: `session-decide`; what is then true: `session-evolve`. */
import { z } from 'zod';
import { agency } from './agency.ts';
import { actor } from './actor.ts';
import { dayOf, plainDate } from './calendar.ts';
import { criterionId } from './criteria.ts';
import { choice, optionalText, shortText, text } from './fields.ts';
import { id } from './id.ts';
import { restsOn } from './notes.ts';
import {
  answersAskedAgain,
  answerWording,
  answersOpened,
  askAgain,
  answerToldByVoice,
  checkVoiceAnswer,
  enterAnswer,
  openAnswers,
  putWording,
  voiceAnswerChecked,
  wordingAnswered,
  wordingPut,
} from './wording.ts';

/** The steps of each item of the agenda, in order. */
export const steps = ['facts', 'round', 'test', 'record'] as const;
export type Step = (typeof steps)[number];
export const stepWords: Record<Step, string> = {
  facts: 'Facts in dispute',
  round: 'Round',
  test: 'Test a wording',
  record: 'Record',
};

/** Seconds without the person in the chair after which a session pauses, and after which the named deputy may take the chair. */
export const pauseAfter = 20;
export const deputyAfter = 120;
/** Working days in which the minutes may be corrected once a session has ended. */
export const correctWithin = 1;

export const itemOutcomes = ['agreed', 'not-agreed', 'noted'] as const;
export type ItemOutcome = (typeof itemOutcomes)[number];
export const itemOutcomeWords: Record<ItemOutcome, string> = {
  agreed: 'Agreed',
  'not-agreed': 'Not agreed',
  noted: 'Noted',
};
export const factStandings = ['agreed', 'not-agreed'] as const;
export type FactStanding = (typeof factStandings)[number];
export const factStandingWords: Record<FactStanding, string> = { agreed: 'Agreed', 'not-agreed': 'Not agreed' };
export const speakingWants = ['speak', 'legal-advice'] as const;
export type SpeakingWants = (typeof speakingWants)[number];

const moment = (error: string) => z.iso.datetime({ error, offset: false });
const optionalDay = (error: string) => z.string().refine((value) => value === '' || plainDate(value) !== null, error);
const seq = z.number().int().nonnegative();
/** Minutes for a step or a speaker; null for no timer. */
const minutes = z
  .number({ error: 'Enter minutes as a whole number, like 5' })
  .int('Enter minutes as a whole number, like 5')
  .min(1, 'Enter 1 minute or more')
  .max(120, 'Enter 120 minutes or fewer')
  .nullable();

const agendaItem = z.strictObject({
  about: z.union([criterionId, z.enum(['overall', 'question', 'next'])]),
  title: text('Enter what this item is about', shortText),
});
export type AgendaItem = z.infer<typeof agendaItem>;

/** Called, and called again while it has not begun: the newest plan stands. */
export const callSession = z.strictObject({
  type: z.literal('CallSession'),
  startsAt: moment('Select or enter when it starts'),
  meeting: text('Say where people talk: a room, or a link to your video meeting', 500),
  attending: z
    .array(z.strictObject({ agency: id, speaker: id, deputy: id.nullable().default(null) }))
    .max(20, 'Select 20 agencies or fewer'),
  without: z
    .array(z.strictObject({ agency: id, reason: text('Say why you will go on without this agency', shortText) }))
    .default([]),
  /** Who takes the chair if the Chair cannot go on; nobody else ever is asked. */
  deputyChair: id.nullable().default(null),
  agenda: z.array(agendaItem).min(1, 'Put at least one item on the agenda').max(12, 'Put 12 items or fewer'),
  papers: z.array(text('Enter the name of the paper', shortText)).max(20, 'Name 20 papers or fewer').default([]),
  groundRules: optionalText(),
  /** Asked when it would start after the last day to notify. */
  reason: optionalText(),
});
export const startSession = z.strictObject({ type: z.literal('StartSession') });
export const joinSession = z.strictObject({ type: z.literal('JoinSession') });
export const leaveSession = z.strictObject({ type: z.literal('LeaveSession') });
/** Somebody in the room who has no screen of their own. */
export const recordPresent = z.strictObject({ type: z.literal('RecordPresent'), person: id });
export const openStep = z.strictObject({
  type: z.literal('OpenStep'),
  item: z.number().int().positive(),
  step: z.enum(steps),
  minutes: minutes.default(null),
  /** The entry that opened the step now open, as this screen knows it: nobody moves a session on that has moved already. */
  after: seq,
});
export const sayReady = z.strictObject({ type: z.literal('SayReady'), after: seq });
export const noteFact = z.strictObject({
  type: z.literal('NoteFact'),
  standing: choice(factStandings, 'Select whether this is agreed'),
  text: text('Enter the fact', 500),
});
export const askToSpeak = z.strictObject({
  type: z.literal('AskToSpeak'),
  wants: z.enum(speakingWants).default('speak'),
});
export const withdrawFromSpeaking = z.strictObject({ type: z.literal('WithdrawFromSpeaking') });
export const callSpeaker = z.strictObject({
  type: z.literal('CallSpeaker'),
  person: id,
  minutes: minutes.default(null),
});
export const finishSpeaking = z.strictObject({ type: z.literal('FinishSpeaking') });
export const recordItem = z.strictObject({
  type: z.literal('RecordItem'),
  item: z.number().int().positive(),
  outcome: choice(itemOutcomes, 'Select what came of this item'),
  commonGround: optionalText(),
  pointsAtIssue: optionalText(),
  /** What was resolved, as the minutes will list it under a), b), c). */
  resolved: z
    .array(
      z.strictObject({
        text: text('Enter what was resolved'),
        owner: id,
        due: optionalDay('Enter the date it is due, like 27 3 2026').default(''),
      }),
    )
    .max(26, 'Record 26 resolutions or fewer')
    .default([]),
  /** Asked when a partner who should answer is not present. */
  goingOn: optionalText(),
});
export const pauseSession = z.strictObject({ type: z.literal('PauseSession') });
export const resumeSession = z.strictObject({ type: z.literal('ResumeSession') });
/** The named deputy takes the chair, or the Chair takes it back. */
export const takeChair = z.strictObject({ type: z.literal('TakeChair') });
export const adjournSession = z.strictObject({
  type: z.literal('AdjournSession'),
  until: moment('Enter when it goes on'),
  reason: optionalText(),
});
export const endSession = z.strictObject({ type: z.literal('EndSession'), leftOver: optionalText() });
export const correctMinutes = z.strictObject({
  type: z.literal('CorrectMinutes'),
  text: text('Say what should be corrected'),
});
export const reportResolved = z.strictObject({
  type: z.literal('ReportResolved'),
  session: seq,
  /** Counted from 1: 1 is a), 2 is b). */
  number: z.number().int().positive(),
  says: text('Say what was done'),
});
/** From the service's clock, never from a person: the one in the chair has had no connection for `pauseAfter` seconds. */
export const pauseForLostChair = z.strictObject({ type: z.literal('PauseForLostChair') });

export const sessionCommands = [
  callSession,
  startSession,
  joinSession,
  leaveSession,
  recordPresent,
  openStep,
  sayReady,
  noteFact,
  askToSpeak,
  withdrawFromSpeaking,
  callSpeaker,
  finishSpeaking,
  putWording,
  answerWording,
  enterAnswer,
  openAnswers,
  askAgain,
  checkVoiceAnswer,
  recordItem,
  pauseSession,
  resumeSession,
  takeChair,
  adjournSession,
  endSession,
  correctMinutes,
  reportResolved,
] as const;
const anySessionCommand = z.discriminatedUnion('type', [...sessionCommands, pauseForLostChair]);
export type SessionCommand = z.infer<typeof anySessionCommand>;

const namedPerson = z.object({ person: id, name: z.string() });

export const sessionCalled = z.object({
  type: z.literal('SessionCalled'),
  /** The resolution step it belongs to, by the sequence of the entry that asked for it. */
  resolution: z.number(),
  startsAt: z.string(),
  meeting: z.string(),
  attending: z.array(z.object({ agency, speaker: namedPerson, deputy: namedPerson.nullable() })),
  without: z.array(z.object({ agency, reason: z.string() })),
  deputyChair: namedPerson.nullable(),
  agenda: z.array(agendaItem),
  papers: z.array(z.string()),
  notes: restsOn,
  groundRules: z.string(),
  reason: z.string(),
});
export type Plan = Omit<z.infer<typeof sessionCalled>, 'type' | 'resolution'>;
export const sessionStarted = z.object({ type: z.literal('SessionStarted') });
export const sessionJoined = z.object({ type: z.literal('SessionJoined'), who: actor });
export const sessionLeft = z.object({ type: z.literal('SessionLeft') });
export const stepOpened = z.object({
  type: z.literal('StepOpened'),
  item: z.number(),
  step: z.enum(steps),
  seconds: z.number().nullable(),
});
export const readySaid = z.object({ type: z.literal('ReadySaid') });
export const factNoted = z.object({
  type: z.literal('FactNoted'),
  item: z.number(),
  standing: z.enum(factStandings),
  text: z.string(),
});
export const speakingAsked = z.object({ type: z.literal('SpeakingAsked'), wants: z.enum(speakingWants) });
export const speakingWithdrawn = z.object({ type: z.literal('SpeakingWithdrawn') });
export const speakerCalled = z.object({
  type: z.literal('SpeakerCalled'),
  who: actor,
  seconds: z.number().nullable(),
});
export const speakerFinished = z.object({ type: z.literal('SpeakerFinished') });
const resolved = z.object({ text: z.string(), owner: agency, due: z.string() });
export const itemRecorded = z.object({
  type: z.literal('ItemRecorded'),
  item: z.number(),
  outcome: z.enum(itemOutcomes),
  /** The wording the outcome rests on, where one was tested. */
  wording: z.number().nullable(),
  commonGround: z.string(),
  pointsAtIssue: z.string(),
  resolved: z.array(resolved),
  /** Partners who should have answered and were not present, and why the session went on. */
  absent: z.array(agency),
  goingOn: z.string(),
});
export const pausedBecause = ['chair', 'chair-lost'] as const;
export const sessionPaused = z.object({ type: z.literal('SessionPaused'), because: z.enum(pausedBecause) });
export const sessionResumed = z.object({ type: z.literal('SessionResumed') });
export const chairTaken = z.object({ type: z.literal('ChairTaken'), back: z.boolean() });
export const sessionAdjourned = z.object({
  type: z.literal('SessionAdjourned'),
  until: z.string(),
  reason: z.string(),
});
export const sessionEnded = z.object({
  type: z.literal('SessionEnded'),
  leftOver: z.string(),
  /** Last day on which the minutes may be corrected. */
  correctionsBy: z.string(),
});
export const minutesCorrected = z.object({ type: z.literal('MinutesCorrected'), text: z.string() });
export const resolvedReported = z.object({
  type: z.literal('ResolvedReported'),
  session: z.number(),
  number: z.number(),
  says: z.string(),
});

export const sessionEvents = [
  sessionCalled,
  sessionStarted,
  sessionJoined,
  sessionLeft,
  stepOpened,
  readySaid,
  factNoted,
  speakingAsked,
  speakingWithdrawn,
  speakerCalled,
  speakerFinished,
  wordingPut,
  wordingAnswered,
  answerToldByVoice,
  answersOpened,
  answersAskedAgain,
  voiceAnswerChecked,
  itemRecorded,
  sessionPaused,
  sessionResumed,
  chairTaken,
  sessionAdjourned,
  sessionEnded,
  minutesCorrected,
  resolvedReported,
] as const;
const anySessionEvent = z.discriminatedUnion('type', sessionEvents);
export type SessionEvent = z.infer<typeof anySessionEvent>;
const sessionEventTypes: ReadonlySet<string> = new Set(sessionEvents.map((each) => each.shape.type.value));

export function isSessionEvent(event: { type: string }): event is SessionEvent {
  return sessionEventTypes.has(event.type);
}

const sessionCommandTypes: ReadonlySet<string> = new Set(
  [...sessionCommands, pauseForLostChair].map((each) => each.shape.type.value),
);

export function isSessionCommand(command: { type: string }): command is SessionCommand {
  return sessionCommandTypes.has(command.type);
}

/** Whether a moment falls after the last day to notify. */
export function isPastTheClock(at: string, notifyBy: string): boolean {
  return dayOf(at) > notifyBy;
}
