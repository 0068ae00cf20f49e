/** The notification to the national Panel: when it was sent, under which reference, and what became of it. */
import { z } from 'zod';
import { holds, mayDecide, type Acting, type Actor } from './actor.ts';
import type { Day } from './calendar.ts';
import { timeAsTyped, type ChronologyState } from './chronology.ts';
import type { CommentsState } from './comment.ts';
import type { DocumentsState } from './document.ts';
import type { CaseState } from './case.ts';
import { choice, day, optionalText, shortText, text } from './fields.ts';
import type { Disagreed } from './generated.ts';
import type { Facts } from './facts.ts';
import { notNow, type Lived } from './life.ts';
import type { QuestionsState } from './question.ts';
import { packOf, packSection, type PackSection } from './pack.ts';
import { startRapidReview, type RapidReviewEvent } from './rapid-review.ts';
import { refuse, type Refusal } from './refusal.ts';

const enterTime = 'Enter the time it was sent, like 4:40pm or 16:40';

export const recordNotification = z.strictObject({
  type: z.literal('RecordNotification'),
  sentOn: day('Enter the date it was sent, like 27 3 2026'),
  /** On the 24-hour clock in London, `16:40`. */
  sentAt: z
    .string({ error: enterTime })
    .refine((typed) => timeAsTyped(typed) !== null, enterTime)
    .transform((typed) => timeAsTyped(typed) ?? ''),
  reference: text('Enter the reference that the national system gave', shortText),
  sentBy: text('Enter who sent it', shortText),
});
export const notificationEndings = ['withdrawn', 'criteria-not-met', 'transferred'] as const;
export const notificationEndingWords: Record<(typeof notificationEndings)[number], string> = {
  withdrawn: 'The local authority withdrew it',
  'criteria-not-met': 'It was found not to meet the criteria',
  transferred: 'It was transferred to another local authority',
};
export const endNotification = z
  .strictObject({
    type: z.literal('EndNotification'),
    how: choice(notificationEndings, 'Select what became of the notification'),
    on: day('Enter the date, like 27 3 2026'),
    reason: text('Give the reason'),
    to: optionalText(shortText),
  })
  .refine(({ how, to }) => how !== 'transferred' || to !== '', {
    error: 'Enter the local authority it was transferred to',
    path: ['to'],
  });
export type NotificationCommand = z.infer<typeof recordNotification> | z.infer<typeof endNotification>;

export const notificationRecorded = z.object({
  type: z.literal('NotificationRecorded'),
  sentOn: z.string(),
  sentAt: z.string(),
  reference: z.string(),
  sentBy: z.string(),
  /** What the case held then: the copy that is kept. */
  pack: z.array(packSection),
});
export const notificationEnded = z.object({
  type: z.literal('NotificationEnded'),
  how: z.enum(notificationEndings),
  on: z.string(),
  reason: z.string(),
  to: z.string(),
});
export type NotificationEvent = z.infer<typeof notificationRecorded> | z.infer<typeof notificationEnded>;

export type Notification = {
  seq: number;
  at: string;
  by: Actor;
  sentOn: Day;
  sentAt: string;
  reference: string;
  sentBy: string;
  pack: readonly PackSection[];
  ended: {
    seq: number;
    at: string;
    by: Actor;
    how: (typeof notificationEndings)[number];
    on: Day;
    reason: string;
    to: string;
  } | null;
};
export type NotificationState = Notification | null;

type Known = Lived &
  Disagreed & {
    questions: QuestionsState;
    comments: CommentsState;
    chronology: ChronologyState;
    documents: DocumentsState;
  };

/** Children Act 2004 s.16C: the local authority notifies, and nobody else does. */
export function mayNotify(by: Acting): boolean {
  return by.agency.kind === 'local-authority' && (holds(by, 'decision-maker') || holds(by, 'position-holder'));
}

/** To end a notification is to undo a signed decision, and stops the rapid review: for whoever may sign one. */
export function mayEndNotification(by: Acting): boolean {
  return mayDecide(by);
}

/**
 * A notification starts the rapid review at once (Working Together 2023, chapter 5): there is no
 * rapid review without one, and none is skipped unless the criteria are later found not to be met.
 */
export function decideNotification(
  command: NotificationCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): (NotificationEvent | RapidReviewEvent)[] | Refusal {
  if (!mayNotify(by)) return refuse('OnlyTheAuthorityNotifies');
  if (command.type === 'EndNotification' && !mayEndNotification(by)) return refuse('OnlyTheAuthorityDecides');
  return command.type === 'RecordNotification'
    ? recordSent(command, state, facts)
    : recordEnding(command, state, facts);
}

function recordSent(
  { type, ...sent }: z.infer<typeof recordNotification>,
  state: Known,
  facts: Facts,
): (NotificationEvent | RapidReviewEvent)[] | Refusal {
  const not = notNow('NotificationRecorded', state);
  if (not) return not;
  if (sent.sentOn > facts.today) return refuse('DateInTheFuture', { field: 'sentOn' });
  if (sent.sentOn === facts.today && sent.sentAt > timeInLondon(facts.now)) {
    return refuse('DateInTheFuture', { field: 'sentAt' });
  }
  const { awareOn } = state.case.details;
  if (sent.sentOn < awareOn) return refuse('BeforeItCouldBe', { field: 'sentOn', from: awareOn });
  return [
    { type: 'NotificationRecorded', ...sent, pack: packOf(state, sent) },
    startRapidReview(sent.sentOn, state, facts),
  ];
}

function recordEnding(
  { type, ...ending }: z.infer<typeof endNotification>,
  state: Known,
  facts: Facts,
): NotificationEvent[] | Refusal {
  const not = notNow('NotificationEnded', state);
  if (not) return not;
  if (ending.on > facts.today) return refuse('DateInTheFuture', { field: 'on' });
  const { notification } = state;
  if (notification && ending.on < notification.sentOn)
    return refuse('BeforeItCouldBe', { field: 'on', from: notification.sentOn });
  return [{ type: 'NotificationEnded', ...ending }];
}

const londonTime = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'Europe/London',
});
function timeInLondon(now: string): string {
  return londonTime.format(new Date(now));
}

export function evolveNotification(
  state: NotificationState,
  event: NotificationEvent,
  seq: number,
  at: string,
  by: Actor,
): NotificationState {
  if (event.type === 'NotificationRecorded') {
    const { type, ...sent } = event;
    return { ...sent, seq, at, by, ended: null };
  }
  const { type, ...ending } = event;
  return state && { ...state, ended: { ...ending, seq, at, by } };
}

/** Whether it was sent after the last day to notify: shown, never hidden, and no bar to recording it. */
export function isLate({ sentOn }: Pick<Notification, 'sentOn'>, { notifyBy }: Pick<CaseState, 'notifyBy'>): boolean {
  return sentOn > notifyBy;
}
