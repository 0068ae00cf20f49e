/** An assessment of the harm in words: in the history and beside the criteria. Pure. */
import { sayDay } from '#schema/calendar.ts';
import { yesNoNotKnownWords } from '#schema/case.ts';
import { harmKindWords, likelihoodWords, type Assessed } from '#schema/harm.ts';
import type { Line } from '../deliberation/tell.ts';

type Said = Pick<Assessed, 'harms' | 'severity' | 'source' | 'recovered' | 'revisitOn' | 'whyNotAgain'>;

export function linesOfHarm({ harms, severity, source, recovered, revisitOn, whyNotAgain }: Said): Line[] {
  const kinds = harms.map(
    ({ kind, longTerm }) => `${harmKindWords[kind]}. Will it last: ${likelihoodWords[longTerm].toLowerCase()}`,
  );
  return [
    { term: 'What is harmed', words: kinds.join('\n') || 'Nothing named' },
    { term: 'How severe it is now', words: severity },
    { term: 'Where this comes from', words: source },
    { term: 'Recovered since', words: yesNoNotKnownWords[recovered] },
    { term: 'Looked at again', words: revisitOn ? `On ${sayDay(revisitOn)}` : `Not planned. ${whyNotAgain}` },
  ];
}
