/** What a partnership has agreed and published: dated, versioned data. A case keeps the version it was opened under. */
import { z } from 'zod';
import { bankHolidays, otherBankHolidays } from './bank-holidays.ts';
import type { Holiday } from './calendar.ts';
import { charterWording, firstCharter, wholeCharter } from './charter.ts';
import { childrenAct2004, criteriaWording } from './criteria.ts';
import { elementsWording, firstElements } from './elements.ts';
import { day, shortText, text } from './fields.ts';
import { firstRetention, retentionSchedule } from './retention.ts';
import { firstReviewWording, reviewWording } from './review-criteria.ts';

const wholeDays = z
  .int('Enter the working days as a whole number')
  .min(0, 'Enter 0 working days or more')
  .max(20, 'Enter 20 working days or fewer');

/**
 * One stage of the resolution ladder. Working Together 2023, para. 110: lead safeguarding partners
 * agree a system to resolve differences of view; the stages are theirs, so they are data.
 */
export const ladderStage = z.strictObject({
  number: z.int().min(0).max(20),
  title: text('Enter what the stage is called', shortText),
  /** Who must take part, in words. */
  who: text('Say who must take part', shortText),
  /** The stage ends at the end of this working day, counted from the day the authority became aware (day 0). */
  byDay: wholeDays,
  /** What it produces, in words. */
  output: text('Say what the stage produces', shortText),
  /**
   * What kind of stage it is: talking and writing, formal positions, a step that the Chair leads,
   * the lead safeguarding partners, or the authority's decision.
   */
  kind: z.enum(['discussion', 'positions', 'chair-led', 'lead-partners', 'decision']),
});
export type LadderStage = z.infer<typeof ladderStage>;

/** The two published start points of the rapid review's fifteen working days. */
export const rapidReviewStarts = ['aware', 'notified'] as const;

export const arrangements = z.strictObject({
  /** Rises by one with each version. */
  version: z.int().min(1),
  /** The day from which new cases are opened under this version. */
  from: day('Enter the date this takes effect'),
  /** What the person who leads resolution and sees every case is called here. */
  chairTitle: text('Enter what the Chair is called', 80),
  /** What each role is for and where it ends, in the partnership's words. */
  charter: charterWording.default(() => firstCharter),
  criteria: criteriaWording,
  /** The elements of the duty that the criteria are made of, worded with their sources (EL1 to EL10). */
  elements: elementsWording.default(() => [...firstElements]),
  /** What each partner answers about holding a local practice review (regulation 11). */
  review: reviewWording.default(() => firstReviewWording),
  ladder: z.array(ladderStage).min(1, 'Enter at least one stage').max(20, 'Use 20 stages or fewer'),
  clocks: z.strictObject({
    /** What starts the fifteen working days of a rapid review. */
    rapidReviewStarts: z.enum(rapidReviewStarts),
    /** Working days after a decision not to notify in which its rationale is served on every partner (local). */
    rationaleWithin: wholeDays,
    /** Working days after signing in which a partner may still record disagreement (local). */
    dissentWithin: wholeDays,
    /** Working days after the notification in which agencies give their returns for the rapid review (local). */
    returnsWithin: z.int().min(0).max(15).default(5),
    /** Working days an overdue request for reasons waits with the authority before the Chair and lead partners hear (local). */
    requestEscalatesWithin: z.int().min(0).max(20).default(2),
    /** Working days from awareness in which the Chair is told, before the partners are (local). */
    tellChairWithin: z.int().min(0).max(5).default(1),
    /** Months after a decision not to notify in which it is looked at again for the first time (local). */
    firstLookWithin: z
      .int('Enter the months as a whole number')
      .min(1, 'Enter 1 month or more')
      .max(12, 'Enter 12 months or fewer')
      .default(3),
  }),
  /** Working days that the partnership does not count, and bank holidays it does, beside the bundled calendar. */
  calendar: z.strictObject({
    added: z.array(z.strictObject({ day: day('Enter a date'), name: text('Enter what the day is', 80) })).max(200),
    removed: z.array(day('Enter a date')).max(200),
  }),
  /** How long each kind of record is kept: each controller's own to set. */
  retention: retentionSchedule.default(() => [...firstRetention]),
});
export type Arrangements = z.infer<typeof arrangements>;

/**
 * What a partnership starts with. The ladder fits a dispute into the five working days to notify;
 * most published escalation policies would take longer. The rapid review's clock runs from the day
 * the notification was sent (Panel guidance, June 2025; older texts count from awareness).
 */
export const firstArrangements: Arrangements = {
  version: 1,
  from: '2019-09-01',
  chairTitle: 'Independent Chair',
  charter: firstCharter,
  criteria: childrenAct2004,
  elements: [...firstElements],
  review: firstReviewWording,
  ladder: [
    {
      number: 1,
      title: 'Pre-notification discussion',
      who: 'Operational leads of the three statutory partners, with education and legal advice where they are needed',
      byDay: 1,
      output: 'Shared notes, with the facts and where each came from',
      kind: 'discussion',
    },
    {
      number: 2,
      title: 'Formal positions',
      who: 'One named person who speaks for each statutory partner',
      byDay: 2,
      output: 'Positions opened together, with any difference shown',
      kind: 'positions',
    },
    {
      number: 3,
      title: 'Resolution session',
      who: 'Delegated safeguarding partners, led by the Chair, with the legal adviser',
      byDay: 3,
      output: 'Common ground, points at issue and the outcome',
      kind: 'chair-led',
    },
    {
      number: 4,
      title: 'Lead safeguarding partners',
      who: 'Chief executive of the authority, chief executive of the integrated care board and the chief constable, or their deputies',
      byDay: 4,
      output: 'Their view, or that they do not agree',
      kind: 'lead-partners',
    },
    {
      number: 5,
      title: 'Decision of the local authority',
      who: "The authority's decision-maker or an authorised deputy",
      byDay: 5,
      output: 'Notify, or a written rationale served on every partner',
      kind: 'decision',
    },
  ],
  clocks: {
    rapidReviewStarts: 'notified',
    rationaleWithin: 2,
    dissentWithin: 5,
    returnsWithin: 5,
    requestEscalatesWithin: 2,
    tellChairWithin: 1,
    firstLookWithin: 3,
  },
  calendar: { added: [], removed: [] },
  retention: [...firstRetention],
};

/** A version from before something was agreed at all holds none of it: there, what a partnership starts with. */
export function wholeOf(agreed: Arrangements): Arrangements {
  return {
    ...firstArrangements,
    ...agreed,
    charter: wholeCharter(agreed.charter),
    clocks: { ...firstArrangements.clocks, ...agreed.clocks },
  };
}

/** The days that are not counted as working days: the bundled calendar as the partnership has changed it. */
export function holidaysOf({ calendar: { added, removed } }: Pick<Arrangements, 'calendar'>): Holiday[] {
  return [...bankHolidays.filter(({ day }) => !removed.includes(day)), ...added];
}

/** The same with the bank holidays of every part of the United Kingdom, for requests for information (CK12). */
export function holidaysEverywhere(agreed: Pick<Arrangements, 'calendar'>): Holiday[] {
  return [...otherBankHolidays, ...holidaysOf(agreed)];
}

/**
 * The version in force on `today`: the latest that has taken effect. Bank holidays are law, not
 * agreement, so those of the latest version hold at once, even while the rest of it is planned.
 */
export function inForce(versions: readonly Arrangements[], today: string): Arrangements {
  const latestOf = (some: readonly Arrangements[]) =>
    some.reduce((latest, each) => (each.version > latest.version ? each : latest), some[0] ?? firstArrangements);
  const { calendar } = latestOf(versions);
  return { ...latestOf(versions.filter(({ from }) => from <= today)), calendar };
}
