/** The local practice review: each partner's view of the criteria, its six months, and how it is published. */
import { z } from 'zod';
import { mayGivePosition, type Actor, holds, type Acting } from './actor.ts';
import type { Agency } from './agency.ts';
import type { Day } from './calendar.ts';
import { partnersOf, type CaseState } from './case.ts';
import { choice, day, optionalText, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { notNow, type Lived } from './life.ts';
import { refuse, type Refusal } from './refusal.ts';
import { availableUntil, practiceReviewBy, sendReportBy } from './clock.ts';

export const reviewAnswers = ['yes', 'no', 'unsure'] as const;
export const reviewAnswerWords: Record<(typeof reviewAnswers)[number], string> = {
  yes: 'Yes',
  no: 'No',
  unsure: 'Not sure',
};
export const reviewViews = ['hold', 'do-not-hold'] as const;
export const reviewViewWords: Record<(typeof reviewViews)[number], string> = {
  hold: 'Hold a local practice review',
  'do-not-hold': 'Do not hold one',
};

const answer = (letter: string) =>
  z.strictObject({
    answer: choice(reviewAnswers, `Select an answer to (${letter})`),
    reason: text(`Give a reason for (${letter})`),
  });
const matrix = z.strictObject({ L1: answer('a'), L2: answer('b'), L3: answer('c'), L4: answer('d') });
export type ReviewMatrix = z.infer<typeof matrix>;

export const giveReviewView = z.strictObject({
  type: z.literal('GiveReviewView'),
  matrix,
  view: choice(reviewViews, 'Select whether a local practice review should be held'),
  reason: text('Give a reason for your view'),
});
export const beginPracticeReview = z.strictObject({
  type: z.literal('BeginPracticeReview'),
  decidedOn: day('Enter the date the partners decided to begin it, like 27 3 2026'),
  scope: text('Say what the review will look at'),
  /** Why it begins without the view of a statutory partner; empty if each has given one. */
  without: optionalText(),
  /** The answer to each partner whose view is not to hold one; empty if none is of that view. */
  against: optionalText(),
});
export const recordReviewDelay = z.strictObject({
  type: z.literal('RecordReviewDelay'),
  until: day('Enter the date you now expect to publish, like 27 3 2026'),
  reason: text('Give the reason for the delay'),
  panelToldOn: day('Enter the date the Panel and the Secretary of State were told, like 27 3 2026').nullable(),
});
export const planPublication = z.strictObject({
  type: z.literal('PlanPublication'),
  publishOn: day('Enter the date it will be published, like 27 3 2026'),
});
export const recordReportSent = z.strictObject({
  type: z.literal('RecordReportSent'),
  sentOn: day('Enter the date it was sent, like 27 3 2026'),
});
export const publicationChecks = ['anonymised', 'restrictions', 'family', 'learning'] as const;
export const publicationCheckWords: Record<(typeof publicationChecks)[number], string> = {
  anonymised: 'Nobody can be recognised from it: no name, date of birth, place, exact date or rare combination',
  restrictions: 'Court orders and reporting restrictions have been checked',
  family: 'The family knows when it is published, and has been offered a conversation',
  learning: 'It says what will be done, by whom and by when',
};
export const published = ['report', 'improvements'] as const;
export const publishedWords: Record<(typeof published)[number], string> = {
  report: 'The report',
  improvements: 'Information about improvements, because publishing the report would not be right',
};
export const recordPublication = z.strictObject({
  type: z.literal('RecordPublication'),
  publishedOn: day('Enter the date it was published, like 27 3 2026'),
  what: choice(published, 'Select what was published'),
  where: text('Enter where it can be read', shortText),
  checks: z
    .array(z.enum(publicationChecks))
    .refine((given) => publicationChecks.every((each) => given.includes(each)), 'Confirm each check'),
  /** Why it was published when it was not sent seven working days before, or why the report itself was not; or empty. */
  reason: optionalText(),
});
export type PracticeReviewCommand =
  | z.infer<typeof giveReviewView>
  | z.infer<typeof beginPracticeReview>
  | z.infer<typeof recordReviewDelay>
  | z.infer<typeof planPublication>
  | z.infer<typeof recordReportSent>
  | z.infer<typeof recordPublication>;

export const reviewViewGiven = z.object({
  type: z.literal('ReviewViewGiven'),
  matrix,
  view: z.enum(reviewViews),
  reason: z.string(),
});
export const practiceReviewBegun = z.object({
  type: z.literal('PracticeReviewBegun'),
  decidedOn: z.string(),
  scope: z.string(),
  without: z.string(),
  against: z.string().optional(),
  due: z.string(),
  /** No notification of this incident stood when it began. */
  withoutNotification: z.boolean(),
});
export const reviewDelayRecorded = z.object({
  type: z.literal('ReviewDelayRecorded'),
  until: z.string(),
  reason: z.string(),
  panelToldOn: z.string().nullable(),
});
export const publicationPlanned = z.object({
  type: z.literal('PublicationPlanned'),
  publishOn: z.string(),
  sendBy: z.string(),
});
export const reportSent = z.object({ type: z.literal('ReportSent'), sentOn: z.string() });
export const reviewPublished = z.object({
  type: z.literal('ReviewPublished'),
  publishedOn: z.string(),
  what: z.enum(published),
  where: z.string(),
  checks: z.array(z.enum(publicationChecks)),
  reason: z.string(),
  /** The report stays public until this day at least. */
  keepUntil: z.string(),
});
export type PracticeReviewEvent =
  | z.infer<typeof reviewViewGiven>
  | z.infer<typeof practiceReviewBegun>
  | z.infer<typeof reviewDelayRecorded>
  | z.infer<typeof publicationPlanned>
  | z.infer<typeof reportSent>
  | z.infer<typeof reviewPublished>;

type Made = { seq: number; at: string; by: Actor };
type As<Event> = Made & Omit<Event, 'type'>;
export type ReviewView = As<z.infer<typeof reviewViewGiven>>;
export type PracticeReview = {
  /** By agency, newest last. */
  views: Readonly<Record<string, readonly ReviewView[]>>;
  begun: As<z.infer<typeof practiceReviewBegun>> | null;
  delays: readonly As<z.infer<typeof reviewDelayRecorded>>[];
  planned: As<z.infer<typeof publicationPlanned>> | null;
  sent: As<z.infer<typeof reportSent>> | null;
  published: As<z.infer<typeof reviewPublished>> | null;
};
export const noPracticeReview: PracticeReview = {
  views: {},
  begun: null,
  delays: [],
  planned: null,
  sent: null,
  published: null,
};

type Known = Lived & { case: CaseState };

/** The entry that each command writes. */
const written = {
  GiveReviewView: 'ReviewViewGiven',
  BeginPracticeReview: 'PracticeReviewBegun',
  RecordReviewDelay: 'ReviewDelayRecorded',
  PlanPublication: 'PublicationPlanned',
  RecordReportSent: 'ReportSent',
  RecordPublication: 'ReviewPublished',
} as const;

/** Children Act 2004 s.16F: the safeguarding partners arrange the review; their Chair and office keep its record. */
export function mayLeadReview(by: Acting): boolean {
  return holds(by, 'chair') || holds(by, 'business-unit') || mayGivePosition(by);
}

export function decidePracticeReview(
  command: PracticeReviewCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): PracticeReviewEvent[] | Refusal {
  if (command.type === 'GiveReviewView' ? !mayGivePosition(by) : !mayLeadReview(by)) {
    return refuse('NotYourRole', { role: by.role });
  }
  const not = notNow(written[command.type], state);
  if (not) return not;
  switch (command.type) {
    case 'GiveReviewView':
      return giveView(command);
    case 'BeginPracticeReview':
      return begin(command, state, by, facts);
    case 'RecordReviewDelay':
      return delay(command, state.practiceReview, facts);
    case 'PlanPublication':
      return plan(command, state.practiceReview, facts);
    case 'RecordReportSent':
      return sendReport(command, state.practiceReview, facts);
    case 'RecordPublication':
      return publish(command, state.practiceReview, facts);
  }
}

function giveView({ matrix, view, reason }: z.infer<typeof giveReviewView>): PracticeReviewEvent[] {
  return [{ type: 'ReviewViewGiven', matrix, view, reason }];
}

/** With or without a notification: partners may review a case that the authority did not notify. */
function begin(
  { decidedOn, scope, without, against }: z.infer<typeof beginPracticeReview>,
  state: Known,
  by: Actor,
  facts: Facts,
): PracticeReviewEvent[] | Refusal {
  if (decidedOn > facts.today) return refuse('DateInTheFuture', { field: 'decidedOn' });
  const { awareOn } = state.case.details;
  if (decidedOn < awareOn) return refuse('BeforeItCouldBe', { field: 'decidedOn', from: awareOn });
  const silent = withoutView(state.case, state.practiceReview);
  if (silent.length > 0 && without === '') {
    return refuse('ReviewViewsMissing', { agencies: silent.map(({ name }) => name), field: 'without' });
  }
  const opposed = againstReview(state.case, state.practiceReview);
  const names = opposed.map(({ name }) => name);
  // The partners decide (Working Together 2023, chapter 5): nobody begins one for them when none of them wants it.
  if (opposed.length > 0 && opposed.length + silent.length === partnersOf(state.case).length && !mayGivePosition(by)) {
    return refuse('PartnersDecidedOtherwise', { agencies: names });
  }
  if (opposed.length > 0 && against === '') return refuse('OpposedUnanswered', { agencies: names, field: 'against' });
  const withoutNotification = !state.notification || state.notification.ended !== null;
  const due = practiceReviewBy(decidedOn).due;
  return [
    {
      type: 'PracticeReviewBegun',
      decidedOn,
      scope,
      without,
      ...(opposed.length > 0 ? { against } : {}),
      due,
      withoutNotification,
    },
  ];
}

/** Statutory partners whose view now is not to hold a review. */
export function againstReview(opened: CaseState, { views }: Pick<PracticeReview, 'views'>): Agency[] {
  return partnersOf(opened).filter(({ id }) => views[id]?.at(-1)?.view === 'do-not-hold');
}

/** Statutory partners whose view now is to hold a review. */
export function forReview(opened: CaseState, { views }: Pick<PracticeReview, 'views'>): Agency[] {
  return partnersOf(opened).filter(({ id }) => views[id]?.at(-1)?.view === 'hold');
}

/** Statutory partners that have not given their view on the criteria. */
export function withoutView(opened: CaseState, { views }: Pick<PracticeReview, 'views'>): Agency[] {
  return partnersOf(opened).filter(({ id }) => !views[id]);
}

function delay(
  { until, reason, panelToldOn }: z.infer<typeof recordReviewDelay>,
  { begun }: PracticeReview,
  facts: Facts,
): PracticeReviewEvent[] | Refusal {
  if (until <= facts.today) return refuse('DateInThePast', { field: 'until' });
  if (panelToldOn !== null && panelToldOn > facts.today) return refuse('DateInTheFuture', { field: 'panelToldOn' });
  if (begun && panelToldOn !== null && panelToldOn < begun.decidedOn) {
    return refuse('BeforeItCouldBe', { field: 'panelToldOn', from: begun.decidedOn });
  }
  return [{ type: 'ReviewDelayRecorded', until, reason, panelToldOn }];
}

/** [CK5] A day beyond the six months needs a delay in the record, with its reason. */
function plan(
  { publishOn }: z.infer<typeof planPublication>,
  review: PracticeReview,
  facts: Facts,
): PracticeReviewEvent[] | Refusal {
  if (publishOn < facts.today) return refuse('DateInThePast', { field: 'publishOn' });
  const due = publishDue(review);
  if (due !== null && publishOn > due) return refuse('DelayReasonMissing', { due });
  return [{ type: 'PublicationPlanned', publishOn, sendBy: sendReportBy(publishOn, facts.holidays).due }];
}

/** The day the review is due to be published: six months on, or as last delayed. */
export function publishDue({ begun, delays }: Pick<PracticeReview, 'begun' | 'delays'>): Day | null {
  return delays.at(-1)?.until ?? begun?.due ?? null;
}

function sendReport(
  { sentOn }: z.infer<typeof recordReportSent>,
  { begun }: PracticeReview,
  facts: Facts,
): PracticeReviewEvent[] | Refusal {
  if (sentOn > facts.today) return refuse('DateInTheFuture', { field: 'sentOn' });
  if (begun && sentOn < begun.decidedOn) return refuse('BeforeItCouldBe', { field: 'sentOn', from: begun.decidedOn });
  return [{ type: 'ReportSent', sentOn }];
}

/** [CK6] The Panel and the Secretary of State have it seven working days before, or the record says why not. */
function publish(
  { type, ...given }: z.infer<typeof recordPublication>,
  { sent }: PracticeReview,
  facts: Facts,
): PracticeReviewEvent[] | Refusal {
  if (given.publishedOn > facts.today) return refuse('DateInTheFuture', { field: 'publishedOn' });
  if (!sent) return refuse('ReportNotSent');
  if (given.publishedOn < sent.sentOn) return refuse('BeforeItCouldBe', { field: 'publishedOn', from: sent.sentOn });
  const sendBy = sendReportBy(given.publishedOn, facts.holidays).due;
  if (sent.sentOn > sendBy && given.reason === '') return refuse('ReportSentTooLate', { sendBy });
  if (given.what === 'improvements' && given.reason === '') return refuse('WhyNotPublishedMissing');
  return [{ type: 'ReviewPublished', ...given, keepUntil: availableUntil(given.publishedOn).due }];
}

export function evolvePracticeReview(
  state: PracticeReview,
  event: PracticeReviewEvent,
  seq: number,
  at: string,
  by: Actor,
): PracticeReview {
  const made = { seq, at, by };
  switch (event.type) {
    case 'ReviewViewGiven': {
      const { type, ...given } = event;
      const earlier = state.views[by.agency.id] ?? [];
      return { ...state, views: { ...state.views, [by.agency.id]: [...earlier, { ...made, ...given }] } };
    }
    case 'PracticeReviewBegun': {
      const { type, ...begun } = event;
      return { ...state, begun: { ...made, ...begun } };
    }
    case 'ReviewDelayRecorded': {
      const { type, ...delayed } = event;
      return { ...state, delays: [...state.delays, { ...made, ...delayed }] };
    }
    case 'PublicationPlanned': {
      const { type, ...planned } = event;
      return { ...state, planned: { ...made, ...planned } };
    }
    case 'ReportSent':
      return { ...state, sent: { ...made, sentOn: event.sentOn } };
    case 'ReviewPublished': {
      const { type, ...published } = event;
      return { ...state, published: { ...made, ...published } };
    }
  }
}
