/** The partners decide not to hold a practice review: with their reasons, each that would hold one answered, served on all. */
import { z } from 'zod';
import { holds, mayGivePosition, type Actor } from './actor.ts';
import type { Agency } from './agency.ts';
import type { Day } from './calendar.ts';
import { everOn, partnersOf, type CaseState } from './case.ts';
import type { Facts } from './facts.ts';
import { day, optionalText, text } from './fields.ts';
import { notNow, type Lived } from './life.ts';
import { beginPracticeReview, forReview, mayLeadReview, withoutView, type PracticeReview } from './practice-review.ts';
import { refuse, type Refusal } from './refusal.ts';
import { serve, type ServedEvent } from './served.ts';

export const declinePracticeReview = z.strictObject({
  type: z.literal('DeclinePracticeReview'),
  decidedOn: day('Enter the date the partners decided, like 27 3 2026'),
  reason: text('Say why no local practice review is held'),
  /** Why it was decided without the view of a statutory partner; empty if each has given one. */
  without: optionalText(),
  /** The answer to each partner whose view is to hold one; empty if none is of that view. */
  against: optionalText(),
});
export type DeclinePracticeReview = z.infer<typeof declinePracticeReview>;

/** What the partners decide about a practice review: that one is held, or that none is. */
export const decideOnReview = z.discriminatedUnion('type', [beginPracticeReview, declinePracticeReview], {
  error: 'Select what the partners decided',
});

export const practiceReviewDeclined = z.object({
  type: z.literal('PracticeReviewDeclined'),
  decidedOn: z.string(),
  reason: z.string(),
  without: z.string(),
  against: z.string(),
});
export type NoReviewEvent = z.infer<typeof practiceReviewDeclined>;

export type NoReview = Omit<NoReviewEvent, 'type'> & { seq: number; at: string; by: Actor; decidedOn: Day };
/** The last time it was decided so: whether that still holds is the case's life to say. */
export type NoReviewState = NoReview | null;

/**
 * Regulation 11 of SI 2018/789 is taken into account, not ticked off: the partners may decide against
 * a review where some of it is met, and say why in the open (Working Together 2023, chapter 5). Nobody
 * decides it for them where all who gave a view would hold one.
 */
export function decideNoReview(
  { decidedOn, reason, without, against }: DeclinePracticeReview,
  state: Lived & { case: CaseState; practiceReview: PracticeReview },
  by: Actor,
  facts: Facts,
): (NoReviewEvent | ServedEvent)[] | Refusal {
  if (!mayLeadReview(by)) return refuse('NotYourRole', { role: by.role });
  const not = notNow('PracticeReviewDeclined', state);
  if (not) return not;
  if (decidedOn > facts.today) return refuse('DateInTheFuture', { field: 'decidedOn' });
  const { awareOn } = state.case.details;
  if (decidedOn < awareOn) return refuse('BeforeItCouldBe', { field: 'decidedOn', from: awareOn });
  const silent = withoutView(state.case, state.practiceReview);
  if (silent.length > 0 && without === '') {
    return refuse('ReviewViewsMissing', { agencies: silent.map(({ name }) => name), field: 'without' });
  }
  const opposed = forReview(state.case, state.practiceReview).map(({ name }) => name);
  const isWanted = opposed.length > 0 && opposed.length + silent.length === partnersOf(state.case).length;
  if (isWanted && !mayGivePosition(by)) return refuse('PartnersDecidedOtherwise', { agencies: opposed });
  if (opposed.length > 0 && against === '') {
    return refuse('WantedUnanswered', { agencies: opposed, field: 'against' });
  }
  return [
    {
      type: 'PracticeReviewDeclined',
      decidedOn,
      reason,
      without: silent.length > 0 ? without : '',
      against: opposed.length > 0 ? against : '',
    },
    serve(state.case, facts, 'no-review', takingPart(state.case)),
  ];
}

/** Every agency that takes part, the authority too: the partners decided it together. */
function takingPart(opened: CaseState): Agency[] {
  const told = everOn(opened).filter((person) => holds(person, 'chair') || holds(person, 'position-holder'));
  return [...new Map(told.map(({ agency }) => [agency.id, agency])).values()];
}

export function evolveNoReview({ type, ...event }: NoReviewEvent, seq: number, at: string, by: Actor): NoReview {
  return { ...event, seq, at, by };
}
