/** Advice from outside in words: in the history and beside the decision. Pure. */
import { sayDay } from '#schema/calendar.ts';
import { nameOf } from '#schema/actor.ts';
import { nameOfAdviser, type OutsideAdvice, type OutsideAdviceEvent } from '#schema/outside-advice.ts';
import type { Entry } from '#schema/ledger.ts';
import type { Line } from '../deliberation/tell.ts';

type Asked = Pick<OutsideAdvice, 'question' | 'facts' | 'sentOn' | 'replyBy'>;

function linesAsked({ question, facts, sentOn, replyBy }: Asked): Line[] {
  return [
    { term: 'What was asked', words: question },
    { term: 'Anonymised facts that were sent', words: facts },
    { term: 'Sent on', words: sayDay(sentOn) },
    ...(replyBy ? [{ term: 'Reply hoped for by', words: sayDay(replyBy) }] : []),
  ];
}

/** A request with what became of it, for the decision and its print. */
export function linesOfAdvice(advice: OutsideAdvice): Line[] {
  const { by, reply, ended } = advice;
  return [
    { term: 'Asked by', words: nameOf(by) },
    ...linesAsked(advice),
    ...(ended ? [{ term: 'No longer waited for', words: `${ended.reason}\n${nameOf(ended.by)}` }] : []),
    ...(reply
      ? [
          { term: 'What they said', words: reply.words },
          { term: 'Who said it', words: `${reply.from}, ${sayDay(reply.receivedOn)}` },
        ]
      : ended
        ? []
        : [{ term: 'What they said', words: 'No reply is in the record yet' }]),
  ];
}

/** Title and lines of an entry about advice from outside. `who` is the agency that made it. */
export function tellOutsideAdvice(
  event: OutsideAdviceEvent,
  who: string,
  entries: readonly Entry[],
): { title: string; lines: Line[] } {
  if (event.type === 'OutsideAdviceAsked') {
    return { title: `${who} asked for advice: ${nameOfAdviser(event)}`, lines: linesAsked(event) };
  }
  const asked = entries[event.advice - 1]?.body;
  const adviser = asked?.type === 'OutsideAdviceAsked' ? nameOfAdviser(asked) : `entry ${event.advice}`;
  if (event.type === 'OutsideAdviceEnded') {
    return { title: `${who} no longer waits for advice: ${adviser}`, lines: [{ term: 'Why', words: event.reason }] };
  }
  return {
    title: `Advice came: ${adviser}`,
    lines: [
      { term: 'Who said it', words: event.from },
      { term: 'Received on', words: sayDay(event.receivedOn) },
      { term: 'What they said', words: event.reply },
    ],
  };
}
