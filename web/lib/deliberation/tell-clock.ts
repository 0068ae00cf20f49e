/** What time has done, for the history: a last day that passed, or that moved with a bank holiday. */
import { sayDay } from '#schema/calendar.ts';
import type { LimitEvent } from '#schema/limit.ts';
import { inWords } from '#schema/in-words.ts';
import { recountedWords, type ClockRecounted } from '#schema/recount.ts';
import type { Line } from './tell.ts';

export function tellClock(event: LimitEvent | ClockRecounted): { title: string; lines: Line[] } {
  if (event.type === 'LimitPassed') {
    return { title: sayPassed(event), lines: [{ term: 'The last day was', words: sayDay(event.day) }] };
  }
  const { notifyBy, before, others = [], why } = event;
  const moved: Line[] = [
    { term: 'It was', words: sayDay(before) },
    { term: 'It is now', words: sayDay(notifyBy) },
  ];
  return {
    title: `${notifyBy === before ? 'A last day' : 'The last day to notify'} was counted again`,
    lines: [
      ...(notifyBy === before ? [] : moved),
      ...others.map(({ clock, before, after }) => ({
        term: recountedWords[clock],
        words: `${sayDay(after)}. It was ${sayDay(before)}.`,
      })),
      { term: 'Reason', words: why },
    ],
  };
}

function sayPassed({ limit, undone, silent = [] }: LimitEvent): string {
  switch (limit) {
    case 'notify':
      return undone === 'not-sent'
        ? 'The last day to notify ended, and no notification had been sent'
        : 'The last day to notify ended without a decision';
    case 'positions':
      return `The day for positions ended with none from ${inWords(silent)}`;
    case 'information':
      return 'The day agreed for more information ended without a decision';
  }
}
