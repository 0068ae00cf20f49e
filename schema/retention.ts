/** How long each kind of record is kept: a schedule that the partnership sets, since no statute sets one. */
import { z } from 'zod';
import { shortText, text } from './fields.ts';

export const keptFrom = ['closing', 'birth', 'death'] as const;
export const keptFromWords: Record<(typeof keptFrom)[number], string> = {
  closing: 'after the case is closed',
  birth: 'after the child was born',
  death: 'after the child died',
};

export const retentionRule = z.strictObject({
  /** What is kept: "Case decided: do not notify". */
  what: text('Say what is kept', shortText),
  years: z.int('Enter the years as a whole number').min(1, 'Enter 1 year or more').max(120, 'Enter 120 years or fewer'),
  from: z.enum(keptFrom, { error: 'Select what the years are counted from' }),
  why: text('Say why it is kept so long', shortText),
});
export type RetentionRule = z.infer<typeof retentionRule>;

export const retentionSchedule = z
  .array(retentionRule)
  .min(1, 'Enter at least one kind of record')
  .max(20, 'Use 20 kinds or fewer');

/**
 * A place to start, which every controller must settle for itself: authorities publish 35 years
 * after closing for child protection and 75 years from birth for looked-after children.
 */
export const firstRetention: readonly RetentionRule[] = [
  {
    what: 'Case decided: do not notify',
    years: 35,
    from: 'closing',
    why: 'As authorities keep child protection records',
  },
  {
    what: 'Case notified, or reviewed, where the child lives',
    years: 75,
    from: 'birth',
    why: 'As authorities keep the records of looked-after children',
  },
  {
    what: 'Case notified, or reviewed, where the child died',
    years: 35,
    from: 'death',
    why: 'The longer of the periods that authorities publish for a child who has died',
  },
];
