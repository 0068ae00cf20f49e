/** The rapid review that a notification starts: returns, each partner's decision on what was learned, and sign-off. */
import { z } from 'zod';
import { agency, type Agency } from './agency.ts';
import { mayGivePosition, type Actor, holds, type Acting } from './actor.ts';
import { addWorkingDays, type Day } from './calendar.ts';
import { everOn, partnersOf, type CaseState } from './case.ts';
import { choice, day, optionalText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { id } from './id.ts';
import { notNow, type Lived } from './life.ts';
import { mayCorrespond } from './panel.ts';
import { refuse, type Refusal } from './refusal.ts';
import { rapidReviewBy } from './clock.ts';

export const giveReturn = z.strictObject({
  type: z.literal('GiveReturn'),
  involvement: text('Say how your agency was involved with the child and family, or that it was not'),
  keyPractice: text('Say which moments of practice mattered, and why'),
  learning: text('Say what your agency has learned so far'),
});
export const sufficiencies = ['enough-learning', 'local-review'] as const;
export const sufficiencyWords: Record<(typeof sufficiencies)[number], string> = {
  'enough-learning': 'The rapid review has found enough learning',
  'local-review': 'A local practice review should be held',
};
export const nationals = ['no', 'yes', 'unsure'] as const;
export const nationalWords: Record<(typeof nationals)[number], string> = {
  no: 'No',
  yes: 'Yes',
  unsure: 'Not sure',
};
export const giveSufficiency = z.strictObject({
  type: z.literal('GiveSufficiency'),
  view: choice(sufficiencies, 'Select whether there is enough learning'),
  reason: text('Give a reason'),
  national: choice(nationals, 'Select whether the case may be complex or of national importance'),
  nationalReason: text('Say why it may be, or is not, complex or of national importance'),
});
export const signRapidReview = z.strictObject({
  type: z.literal('SignRapidReview'),
  /** What this partner does not agree with; empty if it agrees with all of it. */
  dissent: optionalText(),
});
export const reviewOutcomes = ['no-local-review', 'local-review'] as const;
export const reviewOutcomeWords: Record<(typeof reviewOutcomes)[number], string> = {
  'no-local-review': 'No local practice review',
  'local-review': 'A local practice review',
};
export const sendRapidReview = z.strictObject({
  type: z.literal('SendRapidReview'),
  sentOn: day('Enter the date it was sent to the Panel, like 27 3 2026'),
  outcome: choice(reviewOutcomes, 'Select what the partners decided'),
  /** Why it went without a partner's sign-off; empty if all have signed. */
  without: optionalText(),
  /** By agency: the answer to each partner whose view or sign-off is not what was decided. */
  answers: z.record(id, optionalText()).default({}),
});
export type RapidReviewCommand =
  | z.infer<typeof giveReturn>
  | z.infer<typeof giveSufficiency>
  | z.infer<typeof signRapidReview>
  | z.infer<typeof sendRapidReview>;

export const rapidReviewStarted = z.object({
  type: z.literal('RapidReviewStarted'),
  /** What starts its clock under the arrangements of this case. */
  from: z.enum(['aware', 'notified']),
  start: z.string(),
  due: z.string(),
  /** Who is asked for a return, and by when. */
  asked: z.array(agency),
  returnsBy: z.string(),
});
const withoutType = { involvement: z.string(), keyPractice: z.string(), learning: z.string() };
export const returnGiven = z.object({ type: z.literal('ReturnGiven'), ...withoutType });
export const sufficiencyGiven = z.object({
  type: z.literal('SufficiencyGiven'),
  view: z.enum(sufficiencies),
  reason: z.string(),
  national: z.enum(nationals),
  nationalReason: z.string(),
});
export const rapidReviewSigned = z.object({ type: z.literal('RapidReviewSigned'), dissent: z.string() });
export const rapidReviewSent = z.object({
  type: z.literal('RapidReviewSent'),
  sentOn: z.string(),
  outcome: z.enum(reviewOutcomes),
  without: z.string(),
  /** What it went without, by name. */
  missingReturns: z.array(agency),
  unsigned: z.array(agency),
  /** Partners whose view or sign-off is not what was decided: what each said, and the answer. Left out where all agree. */
  differing: z.array(z.object({ agency, said: z.string(), answer: z.string() })).optional(),
});
export type RapidReviewEvent =
  | z.infer<typeof rapidReviewStarted>
  | z.infer<typeof returnGiven>
  | z.infer<typeof sufficiencyGiven>
  | z.infer<typeof rapidReviewSigned>
  | z.infer<typeof rapidReviewSent>;

type Made = { seq: number; at: string; by: Actor };
export type Return = Made & Omit<z.infer<typeof returnGiven>, 'type'>;
export type Sufficiency = Made & Omit<z.infer<typeof sufficiencyGiven>, 'type'>;
export type SignOff = Made & { dissent: string };
export type RapidReview = {
  seq: number;
  at: string;
  from: 'aware' | 'notified';
  start: Day;
  due: Day;
  asked: readonly Agency[];
  returnsBy: Day;
  /** By agency, newest last. */
  returns: Readonly<Record<string, readonly Return[]>>;
  sufficiency: Readonly<Record<string, readonly Sufficiency[]>>;
  /** What stands signed now: a later return or a changed view lifts the sign-offs before it. */
  signed: Readonly<Record<string, SignOff>>;
  sent: (Made & Omit<z.infer<typeof rapidReviewSent>, 'type'>) | null;
};
export type RapidReviewState = RapidReview | null;

type Known = Lived & { case: CaseState };

/** The entry that each command writes. */
const written = {
  GiveReturn: 'ReturnGiven',
  GiveSufficiency: 'SufficiencyGiven',
  SignRapidReview: 'RapidReviewSigned',
  SendRapidReview: 'RapidReviewSent',
} as const;

/**
 * [CK4] The review that begins with the notification sent on `sentOn`. Its fifteen working days run
 * from that day, or from awareness, as the arrangements of this case say: two readings have been
 * published, and each partnership follows one.
 */
export function startRapidReview(sentOn: Day, { case: opened }: { case: CaseState }, facts: Facts): RapidReviewEvent {
  const { rapidReviewStarts: from, returnsWithin } = opened.arrangements.clocks;
  const days = { aware: opened.details.awareOn, notified: sentOn };
  return {
    type: 'RapidReviewStarted',
    from,
    start: days[from],
    due: rapidReviewBy(from, days, facts.holidays).due,
    asked: agenciesOf(opened),
    returnsBy: addWorkingDays(sentOn, returnsWithin, facts.holidays).due,
  };
}

function agenciesOf(opened: CaseState): Agency[] {
  const agencies = everOn(opened)
    .map(({ agency }) => agency)
    .filter(({ kind }) => kind !== 'partnership');
  return [...new Map(agencies.map((each) => [each.id, each])).values()];
}

export function mayGiveReturn(by: Acting, { asked }: Pick<RapidReview, 'asked'>): boolean {
  return (holds(by, 'position-holder') || holds(by, 'contributor')) && asked.some(({ id }) => id === by.agency.id);
}

export function decideRapidReview(
  command: RapidReviewCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): RapidReviewEvent[] | Refusal {
  const review = state.rapidReview;
  const not = notNow(written[command.type], state);
  if (not) return not;
  // A notification begins its review in the same step.
  if (!review) return refuse('NotNotified');
  switch (command.type) {
    case 'GiveReturn': {
      if (!mayGiveReturn(by, review)) return refuse('NotYourRole', { role: by.role });
      const { involvement, keyPractice, learning } = command;
      return [{ type: 'ReturnGiven', involvement, keyPractice, learning }];
    }
    case 'GiveSufficiency': {
      if (!mayGivePosition(by)) return refuse('NotYourRole', { role: by.role });
      const { view, reason, national, nationalReason } = command;
      return [{ type: 'SufficiencyGiven', view, reason, national, nationalReason }];
    }
    case 'SignRapidReview':
      if (!mayGivePosition(by)) return refuse('NotYourRole', { role: by.role });
      if (!review.sufficiency[by.agency.id]) return refuse('SufficiencyMissing', { agencies: [by.agency.name] });
      if (review.signed[by.agency.id]) return refuse('ReviewAlreadySigned');
      return [{ type: 'RapidReviewSigned', dissent: command.dissent }];
    case 'SendRapidReview':
      return send(command, state.case, review, by, facts);
  }
}

/** A partner's silence does not keep the review from the Panel: its absence is named, with a reason. */
function send(
  { sentOn, outcome, without, answers }: z.infer<typeof sendRapidReview>,
  opened: CaseState,
  review: RapidReview,
  by: Actor,
  facts: Facts,
): RapidReviewEvent[] | Refusal {
  if (!mayCorrespond(by)) return refuse('NotYourRole', { role: by.role });
  if (sentOn > facts.today) return refuse('DateInTheFuture', { field: 'sentOn' });
  if (sentOn < review.start) return refuse('BeforeItCouldBe', { field: 'sentOn', from: review.start });
  const unsigned = unsignedOf(opened, review);
  if (unsigned.length > 0 && without === '') {
    return refuse('SignOffMissing', { agencies: unsigned.map(({ name }) => name) });
  }
  const differing = differingFrom(outcome, opened, review).map(({ agency, said }) => ({
    agency,
    said,
    answer: answers[agency.id] ?? '',
  }));
  const unanswered = differing.filter(({ answer }) => answer === '');
  if (unanswered.length > 0) {
    return refuse('DifferingUnanswered', { agencies: unanswered.map(({ agency }) => agency.name) });
  }
  return [
    {
      type: 'RapidReviewSent',
      sentOn,
      outcome,
      without,
      missingReturns: missingReturns(review),
      unsigned,
      ...(differing.length > 0 ? { differing } : {}),
    },
  ];
}

/** What the partners' own decisions ask for. */
const asksFor = { 'enough-learning': 'no-local-review', 'local-review': 'local-review' } as const;

/**
 * Partners that the outcome goes against, or that signed off with a disagreement: whether to hold a
 * local review is the partners' decision (Working Together 2023, chapter 5), so that each is answered.
 */
export function differingFrom(
  outcome: (typeof reviewOutcomes)[number],
  opened: CaseState,
  { sufficiency, signed }: Pick<RapidReview, 'sufficiency' | 'signed'>,
): { agency: Agency; said: string }[] {
  return partnersOf(opened).flatMap((agency) => {
    const view = sufficiency[agency.id]?.at(-1);
    const against = view && asksFor[view.view] !== outcome ? [`${sufficiencyWords[view.view]}. ${view.reason}`] : [];
    const dissent = signed[agency.id]?.dissent;
    const said = [...against, ...(dissent ? [`Signed off, and does not agree with: ${dissent}`] : [])];
    return said.length > 0 ? [{ agency, said: said.join('\n') }] : [];
  });
}

/** Agencies that were asked for a return and have given none. */
export function missingReturns({ asked, returns }: Pick<RapidReview, 'asked' | 'returns'>): Agency[] {
  return asked.filter(({ id }) => !returns[id]);
}

/** Statutory partners that have not signed what stands now. */
export function unsignedOf(opened: CaseState, { signed }: Pick<RapidReview, 'signed'>): Agency[] {
  return partnersOf(opened).filter(({ id }) => !signed[id]);
}

export function evolveRapidReview(
  state: RapidReviewState,
  event: RapidReviewEvent,
  seq: number,
  at: string,
  by: Actor,
): RapidReviewState {
  const made = { seq, at, by };
  if (event.type === 'RapidReviewStarted') {
    const { from, start, due, asked, returnsBy } = event;
    return { seq, at, from, start, due, asked, returnsBy, returns: {}, sufficiency: {}, signed: {}, sent: null };
  }
  if (!state) return state;
  const agency = by.agency.id;
  switch (event.type) {
    case 'ReturnGiven': {
      const { type, ...given } = event;
      return {
        ...state,
        signed: {},
        returns: { ...state.returns, [agency]: [...(state.returns[agency] ?? []), { ...made, ...given }] },
      };
    }
    case 'SufficiencyGiven': {
      const { type, ...given } = event;
      const earlier = state.sufficiency[agency] ?? [];
      return {
        ...state,
        signed: {},
        sufficiency: { ...state.sufficiency, [agency]: [...earlier, { ...made, ...given }] },
      };
    }
    case 'RapidReviewSigned':
      return { ...state, signed: { ...state.signed, [agency]: { ...made, dissent: event.dissent } } };
    case 'RapidReviewSent': {
      const { type, ...sent } = event;
      return { ...state, sent: { ...made, ...sent } };
    }
  }
}
