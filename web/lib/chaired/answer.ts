/** An answer to a wording as a form holds it. Pure. */
import type { AnswerContent, WordingAnswer } from '#schema/wording.ts';

export type AnswerValues = { answer: WordingAnswer | ''; says: string; from: string; by: string };

/** What an answer to this wording is kept under until it is sent. */
export const answerKey = (wording: number): string => `answer ${wording}`;

export const noAnswer = (): AnswerValues => ({ answer: '', says: '', from: '', by: '' });

/** What is sent: words typed under an answer that was not chosen in the end stay behind. */
export function contentOf({ answer, says, from, by }: AnswerValues): AnswerContent {
  const more = answer === 'need-more-information';
  // An answer not chosen goes as it is: the service says what to do about it.
  return {
    answer: answer as WordingAnswer,
    says: answer === 'agree' ? '' : says,
    from: more ? from : '',
    by: more ? by : '',
  };
}
