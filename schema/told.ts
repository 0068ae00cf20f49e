/** The order in which people are told of a case: the Chair, then the partners; and where that was missed. */
import { holds, asThemselves } from './actor.ts';
import { z } from 'zod';
import { dayOf, type Holidays } from './calendar.ts';
import { onCase, type CaseEvent, type CaseState, type PersonOnCase } from './case.ts';
import { tellChairBy, tellPartnersBy, type Deadline } from './clock.ts';
import type { Event } from './event.ts';
import type { Facts } from './facts.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { CaseRoom } from './room.ts';

/** Whom an entry tells of the case: they are admitted by it, here and to the rooms beside. */
export function peopleTold(event: Event | null): readonly PersonOnCase[] {
  switch (event?.type) {
    case 'ChairTold':
    case 'PartnersTold':
    case 'LeadPartnersTold':
    case 'ColleagueLetIn':
      return event.people;
    default:
      return [];
  }
}

/** Tells the Chair after all, where there was none when the case was opened. */
export const tellChair = z.strictObject({ type: z.literal('TellChair') });

/** Whoever is on the case may see to it that the Chair is told; the order stays missed, and shows. */
export function decideTellChair(opened: CaseState, facts: Facts): CaseEvent[] | Refusal {
  if (opened.chairToldAt) return refuse('ChairAlreadyTold');
  const chairs = facts.partnership.people.map(asThemselves).filter((person) => holds(person, 'chair'));
  if (chairs.length === 0) return refuse('NoChairToTell');
  return [{ type: 'ChairTold', people: chairs.map(onCase) }];
}

export const tellingBreaches = ['chair-not-told', 'chair-after-partners', 'chair-late', 'partners-late'] as const;
export type TellingBreach = (typeof tellingBreaches)[number];

/**
 * What was missed in the order or the time of telling (the framework for notifications of 2021: the
 * Chair first, then the partners; Working Together 2023, chapter 5: the partners within five
 * working days of the authority becoming aware). Told once, it shows for as long as the case does.
 */
export function breachesOf(state: Pick<CaseRoom, 'case' | 'earlier'>, holidays: Holidays): TellingBreach[] {
  const { chairToldAt, partnersToldAt, chairAfterPartners, details, arrangements } = state.case;
  // A case that was reopened counts from a new day; it was told of on the first.
  const awareOn = state.earlier[0]?.awareOn ?? details.awareOn;
  const late = (at: string | null, { due }: Deadline) => at !== null && dayOf(at) > due;
  const chairLate = late(chairToldAt, tellChairBy(awareOn, arrangements.clocks.tellChairWithin, holidays));
  return [
    ...(chairToldAt ? [] : (['chair-not-told'] as const)),
    ...(chairAfterPartners ? (['chair-after-partners'] as const) : []),
    ...(chairLate ? (['chair-late'] as const) : []),
    ...(late(partnersToldAt, tellPartnersBy(awareOn, holidays)) ? (['partners-late'] as const) : []),
  ];
}
