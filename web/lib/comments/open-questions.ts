/** Questions that wait for an agency's answer, whether asked in a comment or for a criterion: soonest first. Pure. */
import type { Day } from '#schema/calendar.ts';
import { isUnanswered, threadId } from '#schema/comment.ts';
import { isOpen } from '#schema/question.ts';
import type { CaseRoom } from '#schema/room.ts';

export type OpenQuestion = { href: string; to: string; from: string; by: Day; words: string };

export function openQuestions({ case: opened, comments, questions }: CaseRoom, here: string): OpenQuestion[] {
  const nameOfAgency = (id: string) => opened.people.find(({ agency }) => agency.id === id)?.agency.name ?? '';
  const inComments = comments.flatMap((thread) =>
    thread.question && isUnanswered(thread)
      ? [
          {
            href: `#${threadId(thread.seq)}`,
            to: nameOfAgency(thread.question.agency),
            from: thread.by.agency.name,
            by: thread.question.by,
            words: thread.text,
          },
        ]
      : [],
  );
  const asked = questions.filter(isOpen).map(({ seq, to, asker, by, what }) => ({
    href: `${here}/positions#question-${seq}`,
    to: to.name,
    from: asker.agency.name,
    by,
    words: what,
  }));
  return [...inComments, ...asked].sort((a, b) => (a.by < b.by ? -1 : a.by > b.by ? 1 : 0));
}
