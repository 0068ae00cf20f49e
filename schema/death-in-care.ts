/** The death of a looked-after child or a care leaver: the Secretary of State and Ofsted are told, whatever else is decided. */
import { z } from 'zod';
import type { Actor } from './actor.ts';
import type { Day } from './calendar.ts';
import { conclude } from './duty.ts';
import { standingsOf } from './elements.ts';
import { day, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { mayNotify } from './notification.ts';
import { refuse, type Refusal } from './refusal.ts';
import { firstAwareOn } from './reopen.ts';
import type { CaseRoom } from './room.ts';
import type { Need } from './work.ts';

export const recordDeathTold = z.strictObject({
  type: z.literal('RecordDeathTold'),
  sentOn: day('Enter the date they were told, like 27 3 2026'),
  reference: text('Enter the reference that the national system gave', shortText),
  sentBy: text('Enter who told them', shortText),
});
export const deathTold = z.object({
  type: z.literal('DeathTold'),
  sentOn: z.string(),
  reference: z.string(),
  sentBy: z.string(),
});
export type DeathToldEvent = z.infer<typeof deathTold>;

export type DeathTold = { seq: number; at: string; by: Actor; sentOn: Day; reference: string; sentBy: string };
export type DeathToldState = DeathTold | null;

type Known = Pick<CaseRoom, 'case' | 'elements' | 'deathTold' | 'earlier'>;

/**
 * Whose death it is, by what was said when the case was opened or by the agencies' answers since
 * (elements 9 and 10); null where nothing says so. For a looked-after child the authority must
 * tell, whether or not abuse or neglect is known or suspected; for a care leaver up to and
 * including 24 it should (Working Together 2023, chapter 5).
 */
export function deathInCare({
  case: { details },
  elements,
}: Pick<Known, 'case' | 'elements'>): 'looked-after' | 'care-leaver' | null {
  const standings = standingsOf(elements);
  const lookedAfter = conclude('death-in-care', standings).says;
  const careLeaver = conclude('care-leaver', standings).says;
  if (lookedAfter === 'yes') return 'looked-after';
  if (careLeaver === 'yes') return 'care-leaver';
  if (details.whatHappened !== 'died') return null;
  // What agencies have answered since stands over what was said at first.
  if (details.lookedAfter === 'yes' && lookedAfter !== 'no') return 'looked-after';
  if (details.careLeaver === 'yes' && careLeaver !== 'no') return 'care-leaver';
  return null;
}

/** The authority records that it has told them: before, after or without a decision to notify the Panel. */
export function decideDeathTold(
  { type: _, ...told }: z.infer<typeof recordDeathTold>,
  state: Known,
  by: Actor,
  { today }: Pick<Facts, 'today'>,
): DeathToldEvent[] | Refusal {
  if (!mayNotify(by)) return refuse('OnlyTheAuthorityNotifies');
  if (state.deathTold) return refuse('DeathAlreadyTold', { at: state.deathTold.at });
  if (!deathInCare(state)) return refuse('NoDeathInCare');
  if (told.sentOn > today) return refuse('DateInTheFuture', { field: 'sentOn' });
  const from = firstAwareOn(state);
  if (told.sentOn < from) return refuse('BeforeItCouldBe', { field: 'sentOn', from });
  return [{ type: 'DeathTold', ...told }];
}

export function evolveDeathTold({ type: _, ...told }: DeathToldEvent, seq: number, at: string, by: Actor): DeathTold {
  return { ...told, seq, at, by };
}

/** [CK3] Asked of the authority until it is done. Its last day is that of notifying: both are five working days from one day. */
export function deathInCareNeeds(state: Known, actor: Actor): Need[] {
  if (state.deathTold || !mayNotify(actor) || !deathInCare(state)) return [];
  const what = 'Tell the Secretary of State and Ofsted of the death, then record it here';
  return [{ what, place: 'criteria', due: state.case.notifyBy, at: 'death-in-care', clocks: ['death-in-care'] }];
}
