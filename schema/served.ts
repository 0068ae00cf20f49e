/** Service of what was decided: on whom its reasons were served, and who has confirmed that they have them. */
import { z } from 'zod';
import { agency, type Agency } from './agency.ts';
import { holds, type Actor, type Acting } from './actor.ts';
import type { Day } from './calendar.ts';
import { everOn, type CaseState, type Everyone } from './case.ts';
import { rationaleBy } from './clock.ts';
import type { Facts } from './facts.ts';
import { refuse, type Refusal } from './refusal.ts';

export const confirmReceipt = z.strictObject({
  type: z.literal('ConfirmReceipt'),
  /** The entry of the decision that was read, or of what else was served. */
  decision: z.number().int().positive(),
});
export type ConfirmReceipt = z.infer<typeof confirmReceipt>;

/** What is served beside a decision: that one not to notify was looked at again and stands, and that no review is held. */
export const alsoServed = ['look', 'no-review'] as const;
/** Follows what was decided at once: what is served stands in the entry before it. */
export const rationaleServed = z.object({
  type: z.literal('RationaleServed'),
  on: z.array(agency),
  /** The day by which each confirms receipt (local limit). */
  receiptBy: z.string(),
  /** Left out for the decision itself. */
  what: z.enum(alsoServed).optional(),
});
export const receiptConfirmed = z.object({ type: z.literal('ReceiptConfirmed'), decision: z.number() });
export type ServedEvent = z.infer<typeof rationaleServed> | z.infer<typeof receiptConfirmed>;
/** What was served, as it is asked to be read. */
export const servedWords: Record<Served['what'], string> = {
  decision: 'the decision',
  look: 'why the decision still stands',
  'no-review': 'why no practice review is held',
};

export type Receipt = { seq: number; at: string; by: Actor };
export type Served = {
  seq: number;
  at: string;
  /** The entry of what was served: a decision, for most. */
  decision: number;
  what: 'decision' | (typeof alsoServed)[number];
  on: readonly Agency[];
  receiptBy: Day;
  /** The first receipt of each agency, by its id. */
  receipts: Readonly<Record<string, Receipt>>;
};
/** One for each thing decided, newest last. */
export type ServedState = readonly Served[];

/**
 * On whom a decision is served: every agency that takes part other than the authority, and the
 * Chair (the framework of 2021 gives the written rationale to partners; the board asked that the
 * Chair has it too).
 */
export function servedOn(opened: Everyone): Agency[] {
  const told = everOn(opened).filter(
    (person) =>
      holds(person, 'chair') || (holds(person, 'position-holder') && person.agency.kind !== 'local-authority'),
  );
  return [...new Map(told.map(({ agency }) => [agency.id, agency])).values()];
}

/**
 * [CK9] Serves what was just decided. The local limit counts from the day of deciding: it is served at
 * once, so it is the limit for receipt.
 */
export function serve(
  opened: CaseState,
  { today, holidays }: Pick<Facts, 'today' | 'holidays'>,
  what?: (typeof alsoServed)[number],
  on = servedOn(opened),
): ServedEvent {
  const receiptBy = rationaleBy(today, opened.arrangements.clocks.rationaleWithin, holidays).due;
  return { type: 'RationaleServed', on, receiptBy, ...(what ? { what } : {}) };
}

export function mayConfirm({ on }: Pick<Served, 'on'>, by: Acting): boolean {
  return (holds(by, 'position-holder') || holds(by, 'chair')) && on.some(({ id }) => id === by.agency.id);
}

export function decideReceipt(
  command: ConfirmReceipt,
  state: { served: ServedState },
  by: Actor,
): ServedEvent[] | Refusal {
  const served = state.served.find(({ decision }) => decision === command.decision);
  if (!served) return refuse('NotDecided');
  if (!mayConfirm(served, by)) return refuse('NotServedOnYou');
  const receipt = served.receipts[by.agency.id];
  if (receipt) return refuse('ReceiptAlreadyConfirmed', { at: receipt.at });
  return [{ type: 'ReceiptConfirmed', decision: served.decision }];
}

/** `decision` is the entry of the decision that stands when a service is recorded. */
export function evolveServed(
  state: ServedState,
  event: ServedEvent,
  seq: number,
  at: string,
  by: Actor,
  decision: number,
): ServedState {
  if (event.type === 'RationaleServed') {
    const { on, receiptBy, what = 'decision' } = event;
    return [
      ...state,
      { seq, at, decision: what === 'decision' ? decision : seq - 1, what, on, receiptBy, receipts: {} },
    ];
  }
  return state.map((served) =>
    served.decision === event.decision && !served.receipts[by.agency.id]
      ? { ...served, receipts: { ...served.receipts, [by.agency.id]: { seq, at, by } } }
      : served,
  );
}

/** What somebody served is called: the partnership's agency is its Chair, by the title the arrangements give. */
export function servedName(agency: Agency, { arrangements }: Pick<CaseState, 'arrangements'>): string {
  return agency.kind === 'partnership' ? arrangements.chairTitle : agency.name;
}

/** Agencies that have not confirmed receipt. */
export function awaitingReceipt({ on, receipts }: Pick<Served, 'on' | 'receipts'>): Agency[] {
  return on.filter(({ id }) => !receipts[id]);
}

export function serviceOf(state: { served: ServedState }, decision: number): Served | null {
  return state.served.find((each) => each.decision === decision) ?? null;
}
