/** Questions to an agency: what is needed, from whom and by when, until it is answered. */
import { z } from 'zod';
import { agency, calledIn, type Agency } from './agency.ts';
import { actor, holds, type Actor, type Acting, type Roles } from './actor.ts';
import { dayOf, type Day } from './calendar.ts';
import type { CaseState } from './case.ts';
import { criterionId, type CriterionId } from './criteria.ts';
import { day, optionalText, shortText, text } from './fields.ts';
import type { Facts } from './facts.ts';
import { withChanged, withMore } from './lists.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Need } from './work.ts';

/** What an answer of "not enough information yet" says, criterion by criterion. */
export const needed = z.strictObject({
  what: text('Say what information is needed'),
  from: z.string({ error: 'Select which agency is to provide it' }).min(1, 'Select which agency is to provide it'),
  /** Who there, or a person outside whom that agency asks. */
  person: optionalText(shortText),
  by: day('Enter the date it is needed by, like 27 3 2026'),
});
export type Needed = z.infer<typeof needed>;

export const askQuestion = z.strictObject({
  type: z.literal('AskQuestion'),
  about: criterionId.nullable().default(null),
  question: needed,
});
export const answerQuestion = z.strictObject({
  type: z.literal('AnswerQuestion'),
  /** The entry that asked it. */
  question: z.int().positive(),
  answer: text('Enter your answer'),
});
export const withdrawQuestion = z.strictObject({
  type: z.literal('WithdrawQuestion'),
  question: z.int().positive(),
  reason: text('Say why the answer is no longer needed'),
});
export type QuestionCommand =
  z.infer<typeof askQuestion> | z.infer<typeof answerQuestion> | z.infer<typeof withdrawQuestion>;

export const questionAsked = z.object({
  type: z.literal('QuestionAsked'),
  /** Who asks: whose position it comes from, where the act of another opened it. */
  asker: actor,
  about: criterionId.nullable(),
  what: z.string(),
  to: agency,
  person: z.string(),
  by: z.string(),
  /** The entry of the position it comes from; null where it was asked apart from one. */
  position: z.number().nullable(),
});
export const questionAnswered = z.object({
  type: z.literal('QuestionAnswered'),
  question: z.number(),
  answer: z.string(),
});
export const questionWithdrawn = z.object({
  type: z.literal('QuestionWithdrawn'),
  question: z.number(),
  reason: z.string(),
});
export type QuestionEvent =
  z.infer<typeof questionAsked> | z.infer<typeof questionAnswered> | z.infer<typeof questionWithdrawn>;

export type Question = {
  seq: number;
  at: string;
  asker: Actor;
  about: CriterionId | null;
  what: string;
  to: Agency;
  person: string;
  by: Day;
  position: number | null;
  answered: { seq: number; at: string; by: Actor; answer: string } | null;
  withdrawn: { seq: number; at: string; by: Actor; reason: string } | null;
};
export type QuestionsState = readonly Question[];

export function isOpen({ answered, withdrawn }: Question): boolean {
  return !answered && !withdrawn;
}

/** Whether its day went by without an answer, or the answer came after it. */
export function isLate(question: Question, today: Day): boolean {
  if (question.withdrawn) return false;
  return (question.answered ? dayOf(question.answered.at) : today) > question.by;
}

/** Whoever works on the case for an agency, and the Chair. */
export function mayAsk(by: Roles): boolean {
  return holds(by, 'position-holder') || holds(by, 'contributor') || holds(by, 'chair');
}

/** Whether this person answers questions to their agency. */
export function mayAnswer(question: Question, by: Acting): boolean {
  return question.to.id === by.agency.id && (mayAsk(by) || holds(by, 'business-unit'));
}

type Known = { case: CaseState; questions: QuestionsState };

export function decideQuestion(
  command: QuestionCommand,
  state: Known,
  by: Actor,
  facts: Facts,
): QuestionEvent[] | Refusal {
  if (command.type === 'AskQuestion') {
    if (!mayAsk(by)) return refuse('NotYourRole', { role: by.role });
    const wrong = neededRefused(command.question, 'question', state.case, facts);
    if (wrong) return wrong;
    const [asked] = questionsFrom(
      [{ asker: by, position: null, about: command.about, needed: command.question }],
      state,
    );
    return asked ? [asked] : refuse('QuestionAlreadyAsked');
  }
  const question = state.questions.find(({ seq }) => seq === command.question);
  if (!question) return refuse('NoSuchQuestion');
  if (question.withdrawn) return refuse('QuestionWithdrawn');
  if (question.answered) return refuse('QuestionAlreadyAnswered', { at: question.answered.at });
  if (command.type === 'AnswerQuestion') {
    if (!mayAnswer(question, by)) return refuse('NotYourQuestion', { agency: question.to.name });
    return [{ type: 'QuestionAnswered', question: question.seq, answer: command.answer }];
  }
  if (question.asker.agency.id !== by.agency.id)
    return refuse('NotYourQuestion', { agency: question.asker.agency.name });
  return [{ type: 'QuestionWithdrawn', question: question.seq, reason: command.reason }];
}

/** Why what is needed cannot be asked for: of nobody on the case, or for a day that has gone. */
export function neededRefused(asked: Needed, path: string, state: CaseState, facts: Facts): Refusal | null {
  if (!agencyOnCase(state, asked.from)) return refuse('NotOnTheCase', { field: `${path}.from` });
  return asked.by < facts.today ? refuse('DateInThePast', { field: `${path}.by` }) : null;
}

type Asking = { asker: Actor; position: number | null; about: CriterionId | null; needed: Needed };

/** The questions these come to: one that stands open in the same words is not asked again. */
export function questionsFrom(asking: readonly Asking[], state: Known): z.infer<typeof questionAsked>[] {
  return asking.flatMap(({ asker, position, about, needed: { what, from, person, by } }) => {
    const to = agencyOnCase(state.case, from);
    const stands = state.questions.some(
      (each) =>
        isOpen(each) &&
        each.asker.agency.id === asker.agency.id &&
        each.about === about &&
        each.to.id === from &&
        each.what === what &&
        each.by === by,
    );
    return to && !stands ? [{ type: 'QuestionAsked' as const, asker, about, what, to, person, by, position }] : [];
  });
}

function agencyOnCase({ people }: Pick<CaseState, 'people'>, id: string): Agency | null {
  return people.find(({ agency }) => agency.id === id)?.agency ?? null;
}

export function evolveQuestions(
  state: QuestionsState,
  event: QuestionEvent,
  seq: number,
  at: string,
  by: Actor,
): QuestionsState {
  if (event.type === 'QuestionAsked') {
    const { type: _type, by: due, ...asked } = event;
    return withMore(state, { ...asked, by: due, seq, at, answered: null, withdrawn: null });
  }
  const part =
    event.type === 'QuestionAnswered'
      ? { answered: { seq, at, by, answer: event.answer } }
      : { withdrawn: { seq, at, by, reason: event.reason } };
  return withChanged(state, event.question, (question) => ({ ...question, ...part }));
}

/** What questions ask of this person: each of their agency's that is open. */
export function questionNeeds({ questions }: { questions: QuestionsState }, by: Actor): Need[] {
  return questions
    .filter((question) => isOpen(question) && mayAnswer(question, by))
    .map(({ asker, by: due, seq }) => {
      const what = `Answer ${calledIn(asker)}'s question`;
      return { what, place: 'positions', due, at: `question-${seq}` };
    });
}
