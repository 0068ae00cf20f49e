/** Handing a case over to the authority whose duty it is, and taking it back. The clock stays ours until that authority accepts. */
import { z } from 'zod';
import { mayDecide, type Actor } from './actor.ts';
import type { Day } from './calendar.ts';
import type { CaseState } from './case.ts';
import { day, optionalText, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { notNow, type Lived } from './life.ts';
import { refuse, type Refusal } from './refusal.ts';

const handing = {
  authority: text('Enter the name of the other authority', shortText),
  spokenTo: text('Enter whom you spoke to, and their role', shortText),
  on: day('Enter the date you spoke to them, like 27 3 2026'),
  reference: optionalText(shortText),
};
export const handOver = z.strictObject({ type: z.literal('HandOver'), ...handing });
const accepting = {
  acceptedBy: text('Enter who accepted, and their role', shortText),
  on: day('Enter the date they accepted, like 27 3 2026'),
  reference: text('Enter where their acceptance can be found, such as an email or its reference', shortText),
};
export const acceptHandOver = z.strictObject({ type: z.literal('RecordAcceptance'), ...accepting });
export const takeBack = z.strictObject({
  type: z.literal('TakeBack'),
  reason: text('Say why the case comes back to this authority'),
});
export type HandOverCommand = z.infer<typeof handOver> | z.infer<typeof acceptHandOver> | z.infer<typeof takeBack>;

export const handedOver = z.object({
  type: z.literal('HandedOver'),
  authority: z.string(),
  spokenTo: z.string(),
  on: z.string(),
  reference: z.string(),
});
export const handOverAccepted = z.object({
  type: z.literal('HandOverAccepted'),
  acceptedBy: z.string(),
  on: z.string(),
  reference: z.string(),
});
export const takenBack = z.object({ type: z.literal('TakenBack'), reason: z.string() });
export type HandOverEvent = z.infer<typeof handedOver> | z.infer<typeof handOverAccepted> | z.infer<typeof takenBack>;

type Recorded = { seq: number; at: string; by: Actor };
export type HandOver = Recorded & {
  authority: string;
  spokenTo: string;
  on: Day;
  reference: string;
  accepted: (Recorded & { acceptedBy: string; on: Day; reference: string }) | null;
  takenBack: (Recorded & { reason: string }) | null;
};
/** Every hand-over of the round, oldest first; the last holds unless it was taken back. */
export type HandOverState = readonly HandOver[];

type Known = Lived & { case: CaseState; handOvers: HandOverState };

/** The hand-over that stands now, if one does. */
export function currentHandOver({ handOvers }: { handOvers: HandOverState }): HandOver | null {
  const last = handOvers.at(-1);
  return last && !last.takenBack ? last : null;
}

/** Whether another authority has accepted that it notifies: only then is the clock no longer ours. */
export function isAccepted(state: { handOvers: HandOverState }): boolean {
  return Boolean(currentHandOver(state)?.accepted);
}

/** The duty is the authority's, so giving it away is its decision-maker's act (Children Act 2004 s.16C). */
export function decideHandOver(
  command: HandOverCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): HandOverEvent[] | Refusal {
  if (!mayDecide(by)) return refuse('OnlyTheAuthorityDecides');
  const entry = ({ HandOver: 'HandedOver', RecordAcceptance: 'HandOverAccepted', TakeBack: 'TakenBack' } as const)[
    command.type
  ];
  const not = notNow(entry, state);
  if (not) return not;
  if (command.type === 'HandOver') {
    if (command.on > facts.today) return refuse('DateInTheFuture', { field: 'on' });
    const { awareOn } = state.case.details;
    if (command.on < awareOn) return refuse('BeforeItCouldBe', { field: 'on', from: awareOn });
    const { authority, spokenTo, on, reference } = command;
    return [{ type: 'HandedOver', authority, spokenTo, on, reference }];
  }
  if (command.type === 'TakeBack') return [{ type: 'TakenBack', reason: command.reason }];
  if (command.on > facts.today) return refuse('DateInTheFuture', { field: 'on' });
  const current = currentHandOver(state);
  if (current && command.on < current.on) return refuse('AcceptedBeforeAsked', { field: 'on', on: current.on });
  const { acceptedBy, on, reference } = command;
  return [{ type: 'HandOverAccepted', acceptedBy, on, reference }];
}

export function evolveHandOvers(
  state: HandOverState,
  event: HandOverEvent,
  seq: number,
  at: string,
  by: Actor,
): HandOverState {
  const recorded = { seq, at, by };
  if (event.type === 'HandedOver') {
    const { authority, spokenTo, on, reference } = event;
    return [...state, { ...recorded, authority, spokenTo, on, reference, accepted: null, takenBack: null }];
  }
  return state.map((each, index) => {
    if (index < state.length - 1) return each;
    if (event.type === 'TakenBack') return { ...each, takenBack: { ...recorded, reason: event.reason } };
    const { acceptedBy, on, reference } = event;
    return { ...each, accepted: { ...recorded, acceptedBy, on, reference } };
  });
}
