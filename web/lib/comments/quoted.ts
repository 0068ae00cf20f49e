/** A thread as the start of a reason: the words it is about and what was said of them, by whom, to go on from. */
import { nameOf } from '#schema/actor.ts';
import type { Thread } from '#schema/comment.ts';

export function quotedStart({ about, by, text, replies }: Thread): string {
  return [
    ...(about ? [`The notes say: “${about.quote}”`] : []),
    ...[{ by, text }, ...replies].map((said) => `${nameOf(said.by)}: “${said.text}”`),
    '',
  ].join('\n');
}

/** What one has written stays, and stands first. */
export function withQuoted(reason: string, thread: Thread): string {
  const written = reason.trimEnd();
  return `${written}${written === '' ? '' : '\n\n'}${quotedStart(thread)}`;
}
