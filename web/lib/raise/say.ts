/** What was missed in telling people of a case, in words. */
import { sayDay, type Holidays } from '#schema/calendar.ts';
import { tellChairBy, tellPartnersBy } from '#schema/clock.ts';
import type { CaseRoom } from '#schema/room.ts';
import type { TellingBreach } from '#schema/told.ts';

export function sayBreach(breach: TellingBreach, state: CaseRoom, holidays: Holidays): string {
  const { arrangements, details } = state.case;
  const title = arrangements.chairTitle;
  const awareOn = state.earlier[0]?.awareOn ?? details.awareOn;
  switch (breach) {
    case 'chair-not-told':
      return `The ${title} has not been told of this case.`;
    case 'chair-after-partners':
      return `The ${title} was told after the partners. The ${title} should hear first.`;
    case 'chair-late': {
      const { due } = tellChairBy(awareOn, arrangements.clocks.tellChairWithin, holidays);
      return `The ${title} was told late: the last day agreed for it was ${sayDay(due)}.`;
    }
    case 'partners-late':
      return `The partners were told late: the last day for it was ${sayDay(tellPartnersBy(awareOn, holidays).due)}.`;
  }
}
