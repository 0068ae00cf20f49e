/** Questions that stand unanswered when something is decided or sent: those of positions, and those asked in comments. */
import type { Agency } from './agency.ts';
import { sayDay, type Day } from './calendar.ts';
import type { CaseState } from './case.ts';
import { isUnanswered, type CommentsState } from './comment.ts';
import { isOpen, type QuestionsState } from './question.ts';

export type Unanswered = { seq: number; at: string; asker: Agency; to: string; what: string; by: Day };
type Asked = { case: Pick<CaseState, 'people'>; questions: QuestionsState; comments: CommentsState };

/** Questions in comments to which nobody of the agency asked has replied, oldest first. */
export function unansweredComments({ case: opened, comments }: Omit<Asked, 'questions'>): Unanswered[] {
  return comments.filter(isUnanswered).flatMap(({ seq, at, by, text, question }) => {
    const to = opened.people.find(({ agency }) => agency.id === question?.agency)?.agency.name ?? 'An agency';
    return question ? [{ seq, at, asker: by.agency, to, what: text, by: question.by }] : [];
  });
}

/** Every question that waits for an agency, oldest first. */
export function unansweredOf(state: Asked): Unanswered[] {
  const asked = state.questions
    .filter(isOpen)
    .map(({ seq, at, asker, to, what, by }) => ({ seq, at, asker: asker.agency, to: to.name, what, by }));
  return [...asked, ...unansweredComments(state)].sort((a, b) => a.seq - b.seq);
}

/** "Health asks Police, by Friday 27 November 2026". */
export function sayAsked({ asker, to, by }: Pick<Unanswered, 'asker' | 'to' | 'by'>): string {
  return `${asker.name} asks ${to}, by ${sayDay(by)}`;
}
