/** The chronology: what happened and when, each row with its source and the agency that gives it. It sorts itself. */
import { z } from 'zod';
import type { Actor } from './actor.ts';
import { plainDate, sayDay, sayTime, instantAt, timeOf } from './calendar.ts';
import { mayAnswerElements } from './elements.ts';
import type { Facts } from './facts.ts';
import { shortText, text } from './fields.ts';
import { withMore } from './lists.ts';
import { refuse, type Refusal } from './refusal.ts';

/** A day, or a month or a year where the day is not known: `2026-09-28`, `2026-09`, `2026`. */
export type PartDay = string;

/** Whether this is a day, a month or a year of the calendar. */
export function isPartDay(value: string): boolean {
  if (/^\d{4}$/.test(value)) return plainDate(`${value}-01-01`) !== null;
  if (/^\d{4}-\d\d$/.test(value)) return plainDate(`${value}-01`) !== null;
  return plainDate(value) !== null;
}

/** "Monday 28 September 2026", "September 2026" or "2026". */
export function sayPartDay(day: PartDay): string {
  if (day.length === 4) return day;
  if (day.length > 7) return sayDay(day);
  return sayDay(`${day}-01`).split(' ').slice(2).join(' ');
}

/** "7:40am", from the `07:40` of a row on a known day. */
export function sayTimeOfDay(day: PartDay, time: string): string {
  return sayTime(instantAt(day, time));
}

/** `07:40` from 7:40am, 7.40 am, 0740 or 07:40; null where it is no time of day. */
export function timeAsTyped(typed: string): string | null {
  const match = /^(\d{1,2})(?:[:.]?(\d\d))?\s*(am|pm)?$/i.exec(typed.trim());
  if (!match) return null;
  const [, hours = '', minutes, half] = match;
  // "7" alone may be morning or evening.
  if (minutes === undefined && half === undefined) return null;
  const hour = Number(hours);
  if (half && (hour < 1 || hour > 12)) return null;
  const of24 = half ? (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : hour;
  const minute = Number(minutes ?? 0);
  if (of24 > 23 || minute > 59) return null;
  return `${String(of24).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

const enterDate = 'Enter a date like 28 9 2026, or only its month and year, or only its year';
const enterTime = 'Enter the time like 7:40am or 19:40, or leave it empty';
const row = {
  on: z.string({ error: enterDate }).refine(isPartDay, enterDate),
  time: z
    .string()
    .trim()
    .refine((typed) => typed === '' || timeAsTyped(typed) !== null, enterTime)
    .transform((typed) => timeAsTyped(typed) ?? '')
    .default(''),
  what: text('Say what happened'),
  source: text('Say where this comes from', shortText),
};

function timeNeedsItsDay({ on, time }: { on: string; time: string }, context: z.RefinementCtx): void {
  if (time === '' || plainDate(on) !== null) return;
  context.addIssue({ code: 'custom', path: ['time'], message: 'Enter the day too, or leave the time empty' });
}

export const addToChronology = z
  .strictObject({ type: z.literal('AddToChronology'), ...row })
  .superRefine(timeNeedsItsDay);

/** `row` names the row by its first entry; `read` is the entry of the wording that was read before it was corrected. */
const which = { row: z.int().min(1), read: z.int().min(1) };
export const correctChronology = z
  .strictObject({
    type: z.literal('CorrectChronology'),
    ...which,
    ...row,
    why: text('Say why it is corrected', shortText),
  })
  .superRefine(timeNeedsItsDay);
export const withdrawFromChronology = z.strictObject({
  type: z.literal('WithdrawFromChronology'),
  ...which,
  why: text('Say why it is withdrawn', shortText),
});
export const chronologyCommands = [addToChronology, correctChronology, withdrawFromChronology] as const;
export type ChronologyCommand = z.infer<(typeof chronologyCommands)[number]>;

const said = { on: z.string(), time: z.string().nullable(), what: z.string(), source: z.string() };
const chronologyAdded = z.object({ type: z.literal('ChronologyAdded'), ...said });
const chronologyCorrected = z.object({
  type: z.literal('ChronologyCorrected'),
  row: z.int(),
  ...said,
  why: z.string(),
});
const chronologyWithdrawn = z.object({ type: z.literal('ChronologyWithdrawn'), row: z.int(), why: z.string() });
export const chronologyEvents = [chronologyAdded, chronologyCorrected, chronologyWithdrawn] as const;
export type ChronologyEvent = z.infer<(typeof chronologyEvents)[number]>;

/** What a row says, in one wording of it. `time` is `07:40`, or null where it is not known. `why` is empty for its first wording. */
export type RowWording = {
  on: PartDay;
  time: string | null;
  what: string;
  source: string;
  why: string;
  seq: number;
  at: string;
  by: Actor;
};
/** `row` is the entry that added it. `said` is never empty: its last wording holds, earlier ones stay readable. */
export type Row = {
  row: number;
  latest: RowWording;
  earlier: readonly RowWording[];
  withdrawn: { why: string; seq: number; at: string; by: Actor } | null;
};
/** In the order the rows were added. */
export type ChronologyState = readonly Row[];

/** People who work on the case for an agency give its rows; the Chair and advisers read them. */
export const mayGiveRows = mayAnswerElements;

/**
 * What happened is for the agency that knows it to say, and to correct. Another that has it otherwise
 * gives a row of its own, so that both stand beside each other with their sources.
 */
export function decideChronology(
  command: ChronologyCommand,
  state: ChronologyState,
  by: Actor,
  { now, today }: Pick<Facts, 'now' | 'today'>,
): ChronologyEvent[] | Refusal {
  if (!mayGiveRows(by)) return refuse('NotYourRole', { role: by.role });
  if (command.type !== 'WithdrawFromChronology') {
    const { on, time } = command;
    if (on > today.slice(0, on.length)) return refuse('DateInTheFuture', { field: 'on' });
    if (on === today && time > timeOf(now)) return refuse('TimeInTheFuture', { field: 'time' });
  }
  if (command.type === 'AddToChronology') {
    const { on, time, what, source } = command;
    const given = { on, time: time || null, what, source };
    const same = standing(state).find(({ latest }) => isSame(latest, given) && latest.by.agency.id === by.agency.id);
    if (same) return refuse('RowAlreadyAdded', { at: same.latest.at });
    return [{ type: 'ChronologyAdded', ...given }];
  }
  const found = state.find(({ row }) => row === command.row);
  if (!found) return refuse('NoSuchRow');
  if (found.latest.by.agency.id !== by.agency.id) return refuse('NotYourRow', { agency: found.latest.by.agency.name });
  if (found.withdrawn) return refuse('RowWithdrawn', { at: found.withdrawn.at });
  if (found.latest.seq !== command.read)
    return refuse('RowCorrectedMeanwhile', { by: found.latest.by.name, at: found.latest.at });
  if (command.type === 'WithdrawFromChronology')
    return [{ type: 'ChronologyWithdrawn', row: command.row, why: command.why }];
  const { on, time, what, source, why } = command;
  const given = { on, time: time || null, what, source };
  if (isSame(found.latest, given)) return refuse('NothingChanged');
  return [{ type: 'ChronologyCorrected', row: command.row, ...given, why }];
}

type Said = Pick<RowWording, 'on' | 'time' | 'what' | 'source'>;

function isSame(one: Said, other: Said): boolean {
  return one.on === other.on && one.time === other.time && one.what === other.what && one.source === other.source;
}

export function evolveChronology(
  state: ChronologyState,
  event: ChronologyEvent,
  seq: number,
  at: string,
  by: Actor,
): ChronologyState {
  if (event.type === 'ChronologyAdded') {
    const { type: _, ...given } = event;
    return withMore(state, { row: seq, latest: { ...given, why: '', seq, at, by }, earlier: [], withdrawn: null });
  }
  return state.map((each) => {
    if (each.row !== event.row) return each;
    if (event.type === 'ChronologyWithdrawn') return { ...each, withdrawn: { why: event.why, seq, at, by } };
    const { type: _, row: __, ...given } = event;
    return { ...each, latest: { ...given, seq, at, by }, earlier: [each.latest, ...each.earlier] };
  });
}

/** Rows that were not withdrawn. */
function standing(state: ChronologyState): Row[] {
  return state.filter(({ withdrawn }) => withdrawn === null);
}

/** Rows that stand, earliest first. A year or month stands before its days, a day before its times. */
export function inOrder(state: ChronologyState): Row[] {
  const key = ({ latest: { on, time } }: Row) => `${on} ${time ?? ''}`;
  return standing(state).sort((one, other) => {
    if (key(one) === key(other)) return one.row - other.row;
    return key(one) < key(other) ? -1 : 1;
  });
}

/** Rows that were withdrawn, in the order they were added. */
export function withdrawnRows(state: ChronologyState): (Row & { withdrawn: NonNullable<Row['withdrawn']> })[] {
  return state.flatMap((each) => (each.withdrawn ? [{ ...each, withdrawn: each.withdrawn }] : []));
}

/** "Monday 28 September 2026, 7:40am": when it happened, as far as it is known. */
export function sayWhen({ on, time }: Pick<RowWording, 'on' | 'time'>): string {
  return time === null ? sayPartDay(on) : `${sayPartDay(on)}, ${sayTimeOfDay(on, time)}`;
}
