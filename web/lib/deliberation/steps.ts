/** What happens after a decision, as a list of steps in plain words: only those that apply to this case. Pure. */
import type { Agency } from '#schema/agency.ts';
import { sayDay, type Day, type Holidays } from '#schema/calendar.ts';
import { sayLeft } from '#schema/clock.ts';
import { learningRouteWords, openActions, ownersOf } from '#schema/learning.ts';
import { notificationEndingWords } from '#schema/notification.ts';
import { inWords } from '#schema/in-words.ts';
import { publishDue, type PracticeReview } from '#schema/practice-review.ts';
import { missingReturns, reviewOutcomeWords } from '#schema/rapid-review.ts';
import type { CaseRoom } from '#schema/room.ts';
import { awaitingReceipt, servedName, serviceOf } from '#schema/served.ts';

/** A step: what it is called, where it is done from the case's own address, where it stands, and what is next. */
export type Step = { title: string; href: string; stands: string; next: string };

/** Who is asked to send a rapid review, as `afterwards` asks them. */
export const reviewSenders = 'The local authority or the business unit sends it to the Panel';

/** The steps in the order in which they come. */
export function stepsOf(state: CaseRoom, today: Day, holidays: Holidays): Step[] {
  const { decision } = state;
  if (!decision) return [];
  const by = (day: Day) => `by ${sayDay(day)} (${sayLeft(day, today, holidays)})`;
  const notify = decision.content.outcome === 'notify';
  return [
    served(state, decision.seq, by),
    ...(notify || state.notification ? [notification(state, by)] : []),
    ...(state.rapidReview ? [rapidReview(state, by)] : []),
    ...(state.panel.length > 0 ? [panel(state, by)] : []),
    practiceReview(state, by),
    ...(!notify || state.learning.routes.length > 0 ? [learning(state, by)] : []),
  ];
}

type By = (day: Day) => string;

function served(state: CaseRoom, decision: number, by: By): Step {
  const service = serviceOf(state, decision);
  const name = (agency: Agency) => servedName(agency, state.case);
  const waiting = service ? awaitingReceipt(service).map(name) : [];
  return {
    title: 'Partners have the decision',
    href: '/decision',
    stands: service ? `Served on ${inWords(service.on.map(name))}.` : 'Signed before decisions were served.',
    next:
      service && waiting.length > 0
        ? `${inWords(waiting)} ${waiting.length === 1 ? 'confirms' : 'confirm'} receipt ${by(service.receiptBy)}.`
        : '',
  };
}

function notification({ case: opened, notification: sent }: CaseRoom, by: By): Step {
  const step = { title: 'Notification', href: '/after/notification' };
  if (!sent) return { ...step, stands: 'Not sent yet.', next: `The local authority sends it ${by(opened.notifyBy)}.` };
  const said = `Sent to the Panel on ${sayDay(sent.sentOn)}, reference ${sent.reference}.`;
  return { ...step, stands: sent.ended ? `${said} ${notificationEndingWords[sent.ended.how]}.` : said, next: '' };
}

function rapidReview({ rapidReview: review, notification }: CaseRoom, by: By): Step {
  const step = { title: 'Rapid review', href: '/after/rapid-review' };
  if (notification?.ended) return { ...step, stands: 'Stopped, because the notification ended.', next: '' };
  if (!review) return { ...step, stands: '', next: '' };
  if (review.sent) {
    const decided = reviewOutcomeWords[review.sent.outcome].toLowerCase();
    return { ...step, stands: `Sent to the Panel on ${sayDay(review.sent.sentOn)}: ${decided}.`, next: '' };
  }
  const missing = missingReturns(review).map(({ name }) => name);
  const stands =
    missing.length > 0 ? `Under way. Returns missing from ${inWords(missing)}.` : 'Under way. Every return is in.';
  return { ...step, stands, next: `${reviewSenders} ${by(review.due)}.` };
}

function panel({ panel: letters }: CaseRoom, by: By): Step {
  const last = letters.at(-1);
  const open = letters.find(({ reply, replyBy }) => replyBy !== null && !reply);
  return {
    title: "The Panel's letters",
    href: '/after/notification',
    stands: last ? `The last was received on ${sayDay(last.receivedOn)}.` : '',
    next: open?.replyBy ? `${open.owner} sees to the reply ${by(open.replyBy)}.` : '',
  };
}

function practiceReview({ practiceReview: review, noReview, life }: CaseRoom, by: By): Step {
  const step = { title: 'Local practice review', href: '/after/practice-review' };
  const due = publishDue(review);
  if (life.practiceReview === 'declined' && noReview) {
    return {
      ...step,
      stands: `Decided on ${sayDay(noReview.decidedOn)} that none is held.`,
      next: 'The partners may begin one if they learn more.',
    };
  }
  if (!review.begun || !due) {
    const stands = Object.keys(review.views).length > 0 ? 'Partners are giving their views.' : 'None has begun.';
    return { ...step, stands, next: 'Partners may hold one with or without a notification.' };
  }
  if (review.published) {
    const { publishedOn, keepUntil } = review.published;
    return {
      ...step,
      stands: `Published on ${sayDay(publishedOn)}.`,
      next: `It stays public until ${sayDay(keepUntil)}.`,
    };
  }
  const without = review.begun.withoutNotification ? ', without a notification' : '';
  return {
    ...step,
    stands: `Begun on ${sayDay(review.begun.decidedOn)}${without}.`,
    next: published(review, due, by),
  };
}

/** A publication that is planned has a day on which others must have the report first. */
function published({ planned, sent }: PracticeReview, due: Day, by: By): string {
  if (!planned) return `The partners publish it ${by(due)}.`;
  const on = `The partners publish it on ${sayDay(planned.publishOn)}.`;
  return sent ? on : `They send the report to the Panel and the Secretary of State ${by(planned.sendBy)}. ${on}`;
}

function learning({ case: opened, learning: state }: CaseRoom, by: By): Step {
  const step = { title: 'Learning', href: '/after/learning' };
  const route = state.routes.at(-1);
  if (!route)
    return { ...step, stands: 'No route has been chosen.', next: 'The review and advisory group chooses one.' };
  if (state.closed) return { ...step, stands: `${learningRouteWords[route.route]}. Closed.`, next: '' };
  const next = openActions(state).toSorted((a, b) => a.due.localeCompare(b.due))[0];
  const owner = ownersOf(opened).find(({ id }) => id === next?.owner);
  return {
    ...step,
    stands: `${learningRouteWords[route.route]}.`,
    next: next ? `${owner?.name ?? 'Its owner'} does the next action ${by(next.due)}.` : 'No action is open.',
  };
}
