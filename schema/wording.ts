/** Testing a wording: words the Chair puts, and each partner's answer, sealed until all have answered. */
import { z } from 'zod';
import { agency, type Agency } from './agency.ts';
import type { Actor } from './actor.ts';
import { plainDate } from './calendar.ts';
import { choice, optionalText, shortText, text } from './fields.ts';
import { id, type AgencyId } from './id.ts';

export const wordingAnswers = ['agree', 'agree-with-reservations', 'disagree', 'need-more-information'] as const;
export type WordingAnswer = (typeof wordingAnswers)[number];
export const wordingAnswerWords: Record<WordingAnswer, string> = {
  agree: 'Agree',
  'agree-with-reservations': 'Agree with reservations',
  disagree: 'Disagree',
  'need-more-information': 'Need more information',
};

/** What each answer but "Agree" has to say. */
export const whatToSay: Record<Exclude<WordingAnswer, 'agree'>, string> = {
  'agree-with-reservations': 'Say what your reservations are',
  disagree: 'Say why you disagree',
  'need-more-information': 'Say what information you need',
};

/** An answer and what goes with it: reservations, the reason, or what is needed, from whom, by when. */
export const answerContent = z
  .strictObject({
    answer: choice(wordingAnswers, 'Select your answer'),
    says: optionalText(),
    from: optionalText(shortText),
    by: z.string().default(''),
  })
  .superRefine(({ answer, says, from, by }, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (answer === 'agree') return;
    if (says === '') wrong('says', whatToSay[answer]);
    if (answer !== 'need-more-information') return;
    if (from === '') wrong('from', 'Say who it would come from');
    if (!plainDate(by)) wrong('by', 'Enter the day you need it by, like 27 3 2026');
  });
export type AnswerContent = z.infer<typeof answerContent>;

const named = z.number().int().positive();

export const putWording = z.strictObject({
  type: z.literal('PutWording'),
  text: text('Enter the wording to test'),
});
export const answerWording = z.strictObject({
  type: z.literal('AnswerWording'),
  /** The wording is named by the sequence of its entry. */
  wording: named,
  content: answerContent,
});
/** An answer given by voice, which the Chair enters and the partner confirms. */
export const enterAnswer = z.strictObject({
  type: z.literal('EnterAnswer'),
  wording: named,
  agency: id,
  content: answerContent,
});
/** The Chair asks those who have not answered once more. */
export const askAgain = z.strictObject({ type: z.literal('AskAgain'), wording: named });
export const openAnswers = z.strictObject({
  type: z.literal('OpenAnswers'),
  wording: named,
  reason: text('Give a reason for opening before all have answered'),
});
export const checkVoiceAnswer = z.strictObject({
  type: z.literal('CheckVoiceAnswer'),
  wording: named,
  right: choice(['yes', 'no'], 'Select whether this is what your agency said'),
  says: optionalText(),
});

export const wordingPut = z.object({ type: z.literal('WordingPut'), item: z.number(), text: z.string() });
/** Its body is withheld from other agencies until the answers open. */
export const wordingAnswered = z.object({
  type: z.literal('WordingAnswered'),
  wording: z.number(),
  agency,
  content: answerContent,
});
/** Stands before a sealed answer that the Chair entered, and tells whose it is. */
export const answerToldByVoice = z.object({ type: z.literal('AnswerToldByVoice'), wording: z.number(), agency });
export const answersOpenedBecause = ['all-in', 'chair'] as const;
export const answersOpened = z.object({
  type: z.literal('AnswersOpened'),
  wording: z.number(),
  because: z.enum(answersOpenedBecause),
  reason: z.string(),
});
export const answersAskedAgain = z.object({
  type: z.literal('AnswersAskedAgain'),
  wording: z.number(),
  agencies: z.array(agency),
});
export const voiceAnswerChecked = z.object({
  type: z.literal('VoiceAnswerChecked'),
  wording: z.number(),
  agency,
  right: z.enum(['yes', 'no']),
  says: z.string(),
});
export const wordingEvent = z.discriminatedUnion('type', [
  wordingPut,
  wordingAnswered,
  answerToldByVoice,
  answersOpened,
  answersAskedAgain,
  voiceAnswerChecked,
]);
export type WordingEvent = z.infer<typeof wordingEvent>;
/** As a reader folds it from whom the words are withheld. */
export type SealedAnswer = { type: 'WordingAnswered'; content: null };

/** One agency's answer; `content` is null for those from whom it is sealed. */
export type Answer = {
  seq: number;
  at: string;
  by: Actor;
  agency: Agency;
  content: AnswerContent | null;
  /** Given by voice and entered by the Chair, and what the agency then said of it. */
  voice: { checked: { at: string; by: Actor; right: 'yes' | 'no'; says: string } | null } | null;
};
export type Wording = {
  seq: number;
  at: string;
  by: Actor;
  /** The agenda item it was put for, counted from 1. */
  item: number;
  text: string;
  /** One an agency: a later answer takes the place of an earlier one until they open. */
  answers: readonly Answer[];
  /** When the Chair last asked those who had not answered; null where they were asked once. */
  askedAgain: { at: string; agencies: readonly Agency[] } | null;
  opened: { at: string; because: (typeof answersOpenedBecause)[number]; reason: string } | null;
};

export function evolveWordings(
  wordings: readonly Wording[],
  event: WordingEvent | SealedAnswer,
  seq: number,
  at: string,
  by: Actor,
): readonly Wording[] {
  if (event.type === 'WordingPut')
    return [
      ...wordings,
      { seq, at, by, item: event.item, text: event.text, answers: [], askedAgain: null, opened: null },
    ];
  if ('content' in event && event.content === null) return withSealed(wordings, seq, at, by);
  const change = (part: (wording: Wording) => Partial<Wording>) =>
    wordings.map((wording) => (wording.seq === event.wording ? { ...wording, ...part(wording) } : wording));
  switch (event.type) {
    case 'AnswerToldByVoice':
      return change((wording) => ({
        answers: withAnswer(wording, { seq, at, by, agency: event.agency, content: null, voice: { checked: null } }),
      }));
    case 'WordingAnswered':
      return change((wording) => {
        const told = wording.answers.find((each) => each.agency.id === event.agency.id);
        const voice = by.agency.id === event.agency.id ? null : (told?.voice ?? { checked: null });
        return { answers: withAnswer(wording, { seq, at, by, agency: event.agency, content: event.content, voice }) };
      });
    case 'AnswersOpened':
      return change(() => ({ opened: { at, because: event.because, reason: event.reason } }));
    case 'AnswersAskedAgain':
      return change(() => ({ askedAgain: { at, agencies: event.agencies } }));
    case 'VoiceAnswerChecked':
      return change((wording) => ({
        answers: wording.answers.map((answer) =>
          answer.agency.id === event.agency.id && answer.voice
            ? { ...answer, voice: { checked: { at, by, right: event.right, says: event.says } } }
            : answer,
        ),
      }));
  }
}

/** A sealed answer is to the wording that is being tested; whose it is when the Chair entered it stood in the entry before. */
function withSealed(wordings: readonly Wording[], seq: number, at: string, by: Actor): readonly Wording[] {
  const last = wordings.at(-1);
  if (!last || last.opened) return wordings;
  const told = last.answers.at(-1);
  const entered = told?.voice && told.seq === seq - 1 ? told : null;
  const answer: Answer = entered ? { ...entered, seq } : { seq, at, by, agency: by.agency, content: null, voice: null };
  return [...wordings.slice(0, -1), { ...last, answers: withAnswer(last, answer) }];
}

function withAnswer(wording: Wording, answer: Answer): Answer[] {
  return [...wording.answers.filter(({ agency }) => agency.id !== answer.agency.id), answer];
}

/** The wording whose answers are still sealed; at most one at a time. */
export function underTest(wordings: readonly Wording[]): Wording | null {
  const last = wordings.at(-1);
  return last && !last.opened ? last : null;
}

/** Agencies of `expected` that have not answered. */
export function notAnswered(wording: Wording, expected: readonly Agency[]): Agency[] {
  return expected.filter(({ id }) => !wording.answers.some(({ agency }) => agency.id === id));
}

/** Agencies that did not agree, with or without reservations: without all of them nothing is agreed. */
export function notAgreeing(wording: Wording, expected: readonly Agency[]): Agency[] {
  const agrees = (agency: AgencyId) => {
    const answer = wording.answers.find((each) => each.agency.id === agency)?.content?.answer;
    return answer === 'agree' || answer === 'agree-with-reservations';
  };
  return expected.filter(({ id }) => !agrees(id));
}

/** Whether an answer's words may be read by `reader`: its own agency's people always, all others once answers are open. */
export function mayReadAnswer(
  wordings: readonly Wording[],
  answer: { wording: number; agency: Pick<Agency, 'id'> },
  reader: Pick<Actor, 'agency'>,
): boolean {
  if (reader.agency.id === answer.agency.id) return true;
  return wordings.some(({ seq, opened }) => seq === answer.wording && opened !== null);
}
