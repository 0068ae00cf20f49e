/** Every clock on a case: when it began, by which rule, by when, and what stopped it. None can be paused. */
import { Temporal } from 'temporal-polyfill';
import type { Arrangements } from './arrangements.ts';
import { dayOf, instantAt, plainDate, type Day, type Holidays, type Instant } from './calendar.ts';
import {
  availableUntil,
  dateBy,
  deathInCareBy,
  notifyBy,
  practiceReviewBy,
  rapidReviewBy,
  rationaleBy,
  reviewBy,
  sendReportBy,
  stageBy,
  tellPartnersBy,
  type Deadline,
  type HoursDeadline,
} from './clock.ts';
import { limitOf } from './ladder.ts';
import { nextLook } from './look-again.ts';
import { deathInCare } from './death-in-care.ts';
import { currentHandOver } from './hand-over.ts';
import { morning } from './notice.ts';
import { notificationEndingWords } from './notification.ts';
import type { CaseRoom } from './room.ts';
import { serviceOf } from './served.ts';

/** What has happened on a case, as far as clocks begin or end with it. Null for what has not happened. */
export type Moments = {
  awareOn: Day;
  partnersToldOn: Day | null;
  /** Whether a looked-after child or a care leaver died: other recipients, and no rapid review by itself. */
  deathInCare: boolean;
  deathInCareToldOn: Day | null;
  /** `lookedOn`: the day on which it was last looked at again. */
  decided: { on: Day; outcome: 'notify' | 'do-not-notify'; reviewOn: Day | null; lookedOn?: Day } | null;
  positionsOpenedOn: Day | null;
  /** The day on which the round came into the record. */
  beganOn: Day;
  /** Stages of resolution that were begun, by their number: when, until when, and how each ended. */
  stages: Readonly<Record<number, { begunOn: Day; due: Day | null; ended: Clock['ended'] }>>;
  rationaleServedOn: Day | null;
  notifiedOn: Day | null;
  rapidReviewSentOn: Day | null;
  /** The notification was withdrawn, transferred or found not to meet the criteria: no rapid review is asked any more. */
  notificationEnded: { on: Day; how: string } | null;
  practiceReview: {
    begunOn: Day;
    /** The day on which the report is to be published. */
    publishOn: Day | null;
    reportSentOn: Day | null;
    publishedOn: Day | null;
  } | null;
  /** Another authority has accepted that it is the one to notify: only then is the clock no longer ours. */
  accepted: { on: Day; by: string } | null;
};

export type Clock = {
  id: string;
  title: string;
  /** Set by law or statutory guidance; the others are the partnership's own. */
  statutory: boolean;
  /** What happened on day 0, in words. */
  began: string;
  /** What the last day is, in words. */
  last: string;
  /** The rule and its source. */
  rule: string;
  deadline: Deadline;
  /** What stopped it, and when: it was done in time, or late, or became another's to do. */
  ended: { on: Day; because: string } | null;
};

const chapter5 = 'Working Together to Safeguard Children 2023, chapter 5';
const aware = 'the local authority became aware';

/** What a case's record says of its clocks. */
export function momentsOf(state: CaseRoom): Moments {
  const { case: opened, decision, positions, notification, rapidReview } = state;
  const { begun, planned, sent, published } = state.practiceReview;
  const served = decision && serviceOf(state, decision.seq);
  const looked = state.looks.at(-1);
  const { details, partnersToldAt } = opened;
  const handOver = currentHandOver(state);
  return {
    awareOn: details.awareOn,
    partnersToldOn: partnersToldAt && dayOf(partnersToldAt),
    deathInCare: state.deathTold !== null || deathInCare(state) !== null,
    deathInCareToldOn: state.deathTold?.sentOn ?? null,
    decided: decision && {
      on: dayOf(decision.at),
      outcome: decision.content.outcome,
      reviewOn: nextLook(state),
      ...(looked ? { lookedOn: dayOf(looked.at) } : {}),
    },
    positionsOpenedOn: positions.opened && dayOf(positions.opened.at),
    beganOn: opened.beganOn,
    stages: Object.fromEntries(
      state.resolutions.map(({ stage, askedAt, limit, outcome, lapsed }) => [
        stage.number,
        {
          begunOn: dayOf(askedAt),
          due: limit,
          ended:
            done(outcome && dayOf(outcome.at), 'The outcome was recorded') ??
            done(lapsed?.day ?? null, 'Its time was up'),
        },
      ]),
    ),
    rationaleServedOn: served && dayOf(served.at),
    notifiedOn: notification?.sentOn ?? null,
    rapidReviewSentOn: rapidReview?.sent?.sentOn ?? null,
    notificationEnded: notification?.ended
      ? { on: notification.ended.on, how: notificationEndingWords[notification.ended.how] }
      : null,
    practiceReview: begun && {
      begunOn: begun.decidedOn,
      publishOn: planned?.publishOn ?? null,
      reportSentOn: sent?.sentOn ?? null,
      publishedOn: published?.publishedOn ?? null,
    },
    accepted: handOver?.accepted ? { on: handOver.accepted.on, by: handOver.authority } : null,
  };
}

/** Every clock that has begun on the case, in the order in which they run out. */
export function clocksOf(state: CaseRoom, { holidays }: { holidays: Holidays }): Clock[] {
  return clocksFrom(momentsOf(state), state.case.arrangements, holidays);
}

/** The same from what has happened. `agreed` are the arrangements the case was opened under. */
export function clocksFrom(
  moments: Moments,
  agreed: Pick<Arrangements, 'clocks' | 'ladder'>,
  holidays: Holidays,
): Clock[] {
  const clocks = [
    ...notifying(moments, holidays),
    ...stages(moments, agreed, holidays),
    ...afterDeciding(moments, agreed, holidays),
    ...reviewing(moments, agreed, holidays),
  ];
  return clocks.sort((a, b) => (a.deadline.due < b.deadline.due ? -1 : Number(a.deadline.due > b.deadline.due)));
}

/** Whether it still asks something of somebody. */
export function isRunning(clock: Pick<Clock, 'ended'>): boolean {
  return clock.ended === null;
}

function notifying(moments: Moments, holidays: Holidays): Clock[] {
  const { awareOn, partnersToldOn, decided, notifiedOn, accepted } = moments;
  const handedOver = accepted && { on: accepted.on, because: `${accepted.by} accepted that it notifies` };
  const notNotified =
    decided?.outcome === 'do-not-notify' ? { on: decided.on, because: 'The authority decided not to notify' } : null;
  const clocks: Clock[] = [
    {
      id: 'notify',
      title: 'Notify the Panel',
      statutory: true,
      began: aware,
      last: 'the last day to notify',
      rule: `The local authority notifies within five working days of becoming aware (${chapter5}).`,
      deadline: notifyBy(awareOn, holidays),
      ended: done(notifiedOn, 'Notification sent') ?? handedOver ?? notNotified,
    },
    {
      id: 'tell-partners',
      title: 'Tell the safeguarding partners',
      statutory: true,
      began: aware,
      last: 'the last day to tell the partners',
      rule: `The safeguarding partners are told within five working days (${chapter5}).`,
      deadline: tellPartnersBy(awareOn, holidays),
      ended: done(partnersToldOn, 'Partners told'),
    },
  ];
  if (moments.deathInCare) {
    clocks.push({
      id: 'death-in-care',
      title: 'Tell the Secretary of State and Ofsted of the death',
      statutory: true,
      began: aware,
      last: 'the last day to tell them',
      rule: `The death of a looked-after child is notified within five working days, whether or not abuse or neglect is known or suspected; that of a care leaver up to and including 24 should be (${chapter5}).`,
      deadline: deathInCareBy(awareOn, holidays),
      ended: done(moments.deathInCareToldOn, 'Secretary of State and Ofsted told') ?? handedOver,
    });
  }
  return clocks;
}

function stages(moments: Moments, { ladder }: Pick<Arrangements, 'ladder'>, holidays: Holidays): Clock[] {
  const decided = done(moments.decided?.on ?? null, 'The authority decided');
  const opened = done(moments.positionsOpenedOn, 'Positions opened');
  return ladder.map((stage) => {
    const begun = moments.stages[stage.number];
    const first = stage.kind === 'discussion' || stage.kind === 'positions';
    const set = stageBy(moments.awareOn, stage.byDay, holidays);
    const startedOn = begun?.begunOn ?? (first ? moments.beganOn : null);
    const due = begun?.due ?? (startedOn ? limitOf(stage, moments.awareOn, startedOn, holidays) : set.due);
    const isLate = startedOn !== null && due !== set.due;
    return {
      id: `stage-${stage.number}`,
      title: `Stage ${stage.number}: ${stage.title}`,
      statutory: false,
      began: isLate ? 'the stage began' : aware,
      last: 'the last day of this stage',
      rule: `The stage ends with working day ${stage.byDay} (the partnership's resolution ladder; Working Together 2023, paragraph 110, asks for one). One that begins later has until the end of the working day on which it begins.`,
      deadline: isLate ? dateBy(startedOn, due) : set,
      ended: (begun ? begun.ended : null) ?? (first ? opened : null) ?? decided,
    };
  });
}

function afterDeciding(moments: Moments, { clocks }: Pick<Arrangements, 'clocks'>, holidays: Holidays): Clock[] {
  const { decided } = moments;
  if (decided?.outcome !== 'do-not-notify') return [];
  const began = 'the decision was signed';
  const rationale: Clock = {
    id: 'rationale',
    title: 'Serve the rationale on every partner',
    statutory: false,
    began,
    last: 'the last day to serve it',
    rule: `The written reasons for not notifying are served on every partner within ${clocks.rationaleWithin} working days (the partnership's own rule).`,
    deadline: rationaleBy(decided.on, clocks.rationaleWithin, holidays),
    ended: done(moments.rationaleServedOn, 'Rationale served'),
  };
  if (decided.reviewOn === null) return [rationale];
  const review: Clock = {
    id: 'review',
    title: 'Look at the decision again',
    statutory: false,
    began: decided.lookedOn ? 'it was last looked at' : began,
    last: 'the day it is looked at again',
    rule: `A decision not to notify is looked at again on the date that its signer set, within ${clocks.firstLookWithin} months of deciding (the partnership's own rule), and then on the date set each time it is looked at.`,
    deadline: reviewBy(decided.lookedOn ?? decided.on, decided.reviewOn),
    ended: null,
  };
  return [rationale, review];
}

function reviewing(moments: Moments, { clocks }: Pick<Arrangements, 'clocks'>, holidays: Holidays): Clock[] {
  const { notifiedOn, notificationEnded, awareOn, practiceReview } = moments;
  const running: Clock[] = [];
  const rapid =
    notifiedOn && rapidReviewBy(clocks.rapidReviewStarts, { aware: awareOn, notified: notifiedOn }, holidays);
  if (rapid) {
    const fromAware = clocks.rapidReviewStarts === 'aware';
    running.push({
      id: 'rapid-review',
      title: 'Complete the rapid review',
      statutory: true,
      began: fromAware ? aware : 'the notification was sent',
      last: 'the last day of the rapid review',
      rule: `A rapid review is done within fifteen working days (${chapter5}). This partnership counts from ${fromAware ? 'awareness' : "the day the notification was sent (the Panel's guidance of June 2025)"}.`,
      deadline: rapid,
      ended:
        done(moments.rapidReviewSentOn, 'Rapid review sent') ??
        (notificationEnded && {
          on: notificationEnded.on,
          because: `The notification ended: ${notificationEnded.how}`,
        }),
    });
  }
  if (!practiceReview) return running;
  const { begunOn, publishOn, reportSentOn, publishedOn } = practiceReview;
  running.push({
    id: 'practice-review',
    title: 'Complete and publish the practice review',
    statutory: true,
    began: 'it was decided to begin the review',
    last: 'the last day to publish',
    rule: `A review is completed and published as soon as possible, and no later than six months from the decision to begin it (${chapter5}).`,
    deadline: practiceReviewBy(begunOn),
    ended: done(publishedOn, 'Review published'),
  });
  if (publishOn) {
    running.push({
      id: 'send-report',
      title: 'Send the report to the Panel and the Secretary of State',
      statutory: true,
      began: 'the day of publication',
      last: 'the last day to send it',
      rule: `The report is sent no later than seven working days before it is published (${chapter5}).`,
      deadline: sendReportBy(publishOn, holidays),
      ended: done(reportSentOn, 'Report sent'),
    });
  }
  if (publishedOn) {
    running.push({
      id: 'available',
      title: 'Keep the report publicly available',
      statutory: true,
      began: 'the report was published',
      last: 'one year since it was published',
      rule: `A local report stays publicly available for at least one year (${chapter5}).`,
      deadline: availableUntil(publishedOn),
      ended: null,
    });
  }
  return running;
}

function done(on: Day | null, because: string): Clock['ended'] {
  return on === null ? null : { on, because };
}

/** Whether it was done after its last day. */
export function wasLate({ deadline, ended }: Pick<Clock, 'deadline' | 'ended'>): boolean {
  return ended !== null && ended.on > deadline.due;
}

export const alertKinds = ['half-way', 'last-full-day', 'last-morning'] as const;
export type AlertKind = (typeof alertKinds)[number];
export const alertWords: Record<AlertKind, string> = {
  'half-way': 'Half of the time has passed',
  'last-full-day': 'One full day is left after this one',
  'last-morning': 'It is the last day',
};
export type ClockAlert = { kind: AlertKind; at: Instant };

/**
 * When people are told that a clock runs out, in order: on the morning of the day on which half of
 * its time passes, of the day before its last, and of its last. A short clock has fewer; one moment
 * never carries two alerts, and the later kind is the one kept.
 */
export function alertsOf({ deadline }: Pick<Clock, 'deadline'>): ClockAlert[] {
  const { due, count, passed, unit, start } = deadline;
  if (due === start) return [];
  const counted = (n: number) => passed.find((day) => day.counted === n)?.day;
  const ahead = unit === 'working-days' && count > 0;
  const days: [AlertKind, Day | undefined][] = ahead
    ? [
        ['half-way', counted(Math.floor(count / 2) + 1)],
        ['last-full-day', counted(count - 1)],
        ['last-morning', due],
      ]
    : [
        ['half-way', count < 0 ? undefined : midway(start, due)],
        ['last-full-day', daysOn(due, -1)],
        ['last-morning', due],
      ];
  const told = days.filter((each): each is [AlertKind, Day] => each[1] !== undefined && (count < 0 || each[1] > start));
  return told
    .filter(([, day], index) => told.slice(index + 1).every(([, later]) => later > day))
    .map(([kind, day]) => ({ kind, at: onTheMorningOf(day) }));
}

/** The alerts of this clock whose time has come by `now`; none once it has ended. */
export function alertsDue(clock: Pick<Clock, 'deadline' | 'ended'>, now: Instant): ClockAlert[] {
  return clock.ended ? [] : comeBy(alertsOf(clock), now);
}

/** The same for 72 hours of the clock: at 36, when 24 are left, and on the last morning before the end. */
export function alertsOfHours({ start, hours, due }: HoursDeadline): ClockAlert[] {
  const end = Temporal.Instant.from(due);
  const lastMorning = onTheMorningOf(dayOf(due));
  const alerts: ClockAlert[] = [
    {
      kind: 'half-way',
      at: Temporal.Instant.from(start)
        .add({ minutes: hours * 30 })
        .toString(),
    },
    { kind: 'last-full-day', at: end.subtract({ hours: 24 }).toString() },
  ];
  const before = Temporal.Instant.compare(Temporal.Instant.from(lastMorning), end) < 0;
  return before ? [...alerts, { kind: 'last-morning', at: lastMorning }] : alerts;
}

export function comeBy(alerts: readonly ClockAlert[], now: Instant): ClockAlert[] {
  const by = Temporal.Instant.from(now);
  return alerts.filter(({ at }) => Temporal.Instant.compare(Temporal.Instant.from(at), by) <= 0);
}

function onTheMorningOf(day: Day): Instant {
  return instantAt(day, morning);
}

function midway(start: Day, due: Day): Day {
  const days = Temporal.PlainDate.from(start).until(due).total('days');
  return daysOn(start, Math.floor(days / 2) + 1);
}

function daysOn(day: Day, days: number): Day {
  const from = plainDate(day);
  if (!from) throw new RangeError(`Not a day: ${day}`);
  return from.add({ days }).toString();
}
