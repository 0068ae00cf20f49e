/** What a practice case is played with: the cast, their acts by the road everyone takes, and the day. */
import { bankHolidays } from '#schema/bank-holidays.ts';
import { addWorkingDays, holidaysByDay, plainDate, type Day } from '#schema/calendar.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import type { DecisionContent } from '#schema/decision.ts';
import type { RoomId } from '#schema/id.ts';
import { nothingNeeded, theLead, type PositionContent } from '#schema/position.ts';
import type { Commands, Sender } from '../command.ts';
import type { Type } from './typist.ts';

export type Stage = {
  /** Opens a case: by Health where nobody else is named. */
  open: (details: Parameters<Commands['openCase']>[0]['command']['details'], by?: Sender) => Promise<RoomId>;
  act: (room: RoomId, by: Sender, command: RoomCommandInput) => Promise<number>;
  type: Type;
  /** The same stage on an earlier day, from ten in the morning: what is done there is recorded with that day's time. */
  on: (day: Day) => Pick<Stage, 'open' | 'act'>;
  cast: Record<'health' | 'socialCare' | 'police' | 'decides' | 'chair' | 'leadHealth' | 'legal' | 'works', Sender>;
  today: Day;
};

export const holidays = holidaysByDay(bankHolidays);

type Finding = PositionContent['answers']['place']['finding'];

/** A position as its form would send it. */
export function position(
  abuse: Finding,
  harm: Finding,
  place: Finding,
  view: PositionContent['overall']['view'],
  reasons: Record<'abuse-or-neglect' | 'death-or-serious-harm' | 'place' | 'overall', string>,
  needed: Partial<PositionContent['needed']> = {},
): PositionContent {
  return {
    answers: {
      'abuse-or-neglect': { finding: abuse, reason: reasons['abuse-or-neglect'] },
      'death-or-serious-harm': { finding: harm, reason: reasons['death-or-serious-harm'] },
      place: { finding: place, reason: reasons.place },
    },
    overall: { view, reason: reasons.overall },
    needed: { ...nothingNeeded, ...needed },
    speaker: theLead,
    reputation: { formedPart: 'no', explanation: '' },
  };
}

type Said = { act: Stage['act']; room: RoomId; partners: readonly Sender[] };

/** All partners say the same, which opens their positions. The entry that a signer must have read. */
export async function allSay({ act, room, partners }: Said, content: PositionContent): Promise<number> {
  let last = 0;
  for (const partner of partners) last = await act(room, partner, { type: 'SubmitPosition', content });
  // The last position opened them all, in the entry after it.
  return last + 1;
}

/** The authority's decision where it finds, criterion by criterion, what all partners found. */
export function decisionAs(
  { answers, overall }: PositionContent,
  rationale: string,
  reviewOn: Day | null = null,
): DecisionContent {
  return {
    outcome: overall.view === 'notify' ? 'notify' : 'do-not-notify',
    answers,
    rationale,
    weighed: ['each-criterion', 'each-partners-reasons'],
    reputation: { formedPart: 'no', explanation: '' },
    reviewOn,
  };
}

/** The working day `days` working days before `today`. */
export function workingDaysAgo(today: Day, days: number): Day {
  let day = plainDate(today);
  if (!day) throw new RangeError(`Not a day: ${today}`);
  while (addWorkingDays(day.toString(), days, holidays).due > today || !isCounted(day.toString()))
    day = day.subtract({ days: 1 });
  return day.toString();
}

function isCounted(day: Day): boolean {
  const date = plainDate(day);
  return date !== null && date.dayOfWeek <= 5 && !holidays.has(day);
}
