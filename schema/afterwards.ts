/** What a decided case asks of each person, and by when: receipt, reasons, notification, reviews, learning. */
import { holds, holdsOtherThan, mayDecide, mayGivePosition, mayLeadLearning, type Actor } from './actor.ts';
import { calledIn } from './agency.ts';
import { plainDate, type Day } from './calendar.ts';
import { partnersOf } from './case.ts';
import { openActions } from './learning.ts';
import { mayLookAgain, nextLook } from './look-again.ts';
import { mayNotify } from './notification.ts';
import { mayCorrespond } from './panel.ts';
import { publishDue } from './practice-review.ts';
import { missingReturns, unsignedOf } from './rapid-review.ts';
import { isEarlier } from './reopen.ts';
import type { CaseRoom } from './room.ts';
import { awaitingReceipt, mayConfirm, servedWords } from './served.ts';
import type { Need } from './work.ts';

/** Calendar days before a review date at which it is first asked for. */
const lookAgainAhead = 7;

/** Empty until the authority has decided, and for most people afterwards. */
export function needsAfterwards(state: CaseRoom, actor: Actor): Need[] {
  return [
    ...receipts(state, actor),
    ...reasons(state, actor),
    ...reviewOfDecision(state, actor),
    ...notifying(state, actor),
    ...rapidReview(state, actor),
    ...panel(state, actor),
    ...practiceReview(state, actor),
    ...learning(state, actor),
  ];
}

function receipts(state: CaseRoom, actor: Actor): Need[] {
  return state.served
    .filter((each) => mayConfirm(each, actor) && awaitingReceipt(each).some(({ id }) => id === actor.agency.id))
    .map(({ decision, receiptBy, what }) => ({
      what: `Read ${servedWords[what]} and confirm that you have it`,
      place: what === 'no-review' ? ('practice-review' as const) : placeOf(decision, state),
      due: receiptBy,
      at: `receipt-${decision}`,
    }));
}

/** Where a decision is read: with the case as it stands, or with the rounds before it was reopened. */
function placeOf(decision: number, state: CaseRoom): 'decision' | 'earlier' {
  return isEarlier(decision, state) ? 'earlier' : 'decision';
}

/** The authority answers; what it leaves overdue goes on to the Chair and the lead partners. */
function reasons(state: CaseRoom, actor: Actor): Need[] {
  const open = state.requests.filter(({ answered }) => !answered);
  if (mayDecide(actor)) {
    return open.map(({ seq, by, due, escalated, decision }) => ({
      what: `${escalated.length > 0 ? 'Overdue: answer' : 'Answer'} ${calledIn(by)}'s request for reasons`,
      place: placeOf(decision, state),
      due,
      at: `request-${seq}`,
    }));
  }
  const taken = open.filter(({ escalated }) => escalated.some(({ to }) => to === 'chair-and-lead-partners'));
  if (!holds(actor, 'chair') && !hearsForLeads(actor, state.case.people)) return [];
  return taken.map(({ seq, by, due, decision }) => ({
    what: `Take it up with the local authority: ${calledIn(by)}'s request for reasons has not been answered`,
    place: placeOf(decision, state),
    due,
    at: `request-${seq}`,
  }));
}

/** The lead partners; where none is on the case, those who speak for a statutory partner other than the authority. */
function hearsForLeads(actor: Actor, people: CaseRoom['case']['people']): boolean {
  if (people.some((person) => holds(person, 'lead-partner'))) return holds(actor, 'lead-partner');
  return mayGivePosition(actor) && actor.agency.kind !== 'local-authority';
}

/** [CK10] The day that a decision not to notify, or the last look at it, set for looking again. */
function reviewOfDecision(state: CaseRoom, actor: Actor): Need[] {
  const on = nextLook(state);
  if (!on || !mayLookAgain(actor)) return [];
  const what = 'Look again at the decision not to notify';
  return [{ what, place: 'decision', due: on, from: daysBefore(on, lookAgainAhead), clocks: ['review'] }];
}

function daysBefore(day: Day, days: number): Day {
  const date = plainDate(day);
  return date ? date.subtract({ days }).toString() : day;
}

function notifying({ case: opened, decision, notification }: CaseRoom, actor: Actor): Need[] {
  const waits = decision?.content.outcome === 'notify' && !notification;
  if (!waits || !mayNotify(actor)) return [];
  const what = 'Send the notification in the national system, then record it here';
  return [{ what, place: 'notification', due: opened.notifyBy, clocks: ['notify'] }];
}

function rapidReview(state: CaseRoom, actor: Actor): Need[] {
  const { case: opened, notification, rapidReview: review } = state;
  if (!review || review.sent || notification?.ended) return [];
  const needs: Need[] = [];
  const { agency } = actor;
  if (holds(actor, 'position-holder') && missingReturns(review).some(({ id }) => id === agency.id)) {
    needs.push({
      what: `Give ${agency.name}'s return for the rapid review`,
      place: 'rapid-review',
      due: review.returnsBy,
    });
  }
  if (mayGivePosition(actor) && !review.sufficiency[agency.id]) {
    needs.push({
      what: 'Say whether the rapid review has found enough learning',
      place: 'rapid-review',
      due: review.due,
      clocks: ['rapid-review'],
    });
  }
  const partners = partnersOf(opened);
  const allSaid = partners.every(({ id }) => review.sufficiency[id]);
  if (mayGivePosition(actor) && allSaid && !review.signed[agency.id]) {
    needs.push({ what: 'Sign off the rapid review', place: 'rapid-review', due: review.due, clocks: ['rapid-review'] });
  }
  const sends = holds(actor, 'business-unit') || mayDecide(actor);
  if (sends && unsignedOf(opened, review).length === 0) {
    needs.push({
      what: 'Send the rapid review to the Panel',
      place: 'rapid-review',
      due: review.due,
      clocks: ['rapid-review'],
    });
  }
  return needs;
}

/** A letter's reply is asked of those who answer for the case: the partnership's office and the authority. */
function panel({ panel: letters }: CaseRoom, actor: Actor): Need[] {
  if (!mayCorrespond(actor) || !holdsOtherThan(actor, 'chair')) return [];
  return letters.flatMap(({ replyBy, reply, owner }) =>
    replyBy && !reply ? [{ what: `Reply to the Panel (${owner})`, place: 'notification' as const, due: replyBy }] : [],
  );
}

function practiceReview({ practiceReview: review }: CaseRoom, actor: Actor): Need[] {
  const due = publishDue(review);
  if (!review.begun || review.published || !due) return [];
  if (!holds(actor, 'chair') && !holds(actor, 'business-unit')) return [];
  const { planned, sent } = review;
  if (planned && !sent) {
    return [
      {
        what: 'Send the report to the Panel and the Secretary of State',
        place: 'practice-review',
        due: planned.sendBy,
        clocks: ['send-report'],
      },
    ];
  }
  const clocks = ['practice-review'];
  return [{ what: 'Publish the practice review', place: 'practice-review', due: planned?.publishOn ?? due, clocks }];
}

function learning({ learning: state }: CaseRoom, actor: Actor): Need[] {
  if (state.closed || !mayLeadLearning(actor)) return [];
  return openActions(state)
    .filter(({ owner }) => owner === actor.agency.id)
    .map(({ what, due }) => ({ what: `Action: ${short(what)}`, place: 'learning', due }));
}

/** The first words of an action, for a link. */
function short(words: string): string {
  const line = words.split('\n')[0] ?? '';
  return line.length <= 60 ? line : `${line.slice(0, 57).replace(/\s+\S*$/, '')}…`;
}
