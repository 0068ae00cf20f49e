/** The elements of the duty to notify, EL1 to EL10: each agency's answer with its evidence, and what follows. It advises. */
import { z } from 'zod';
import { holds, type Actor } from './actor.ts';
import type { Agency } from './agency.ts';
import { choice, optionalText, shortText, text } from './fields.ts';
import type { AgencyId } from './id.ts';
import { refuse, type Refusal } from './refusal.ts';
import { withMore } from './lists.ts';

export const elementIds = [
  'child',
  'known',
  'suspected',
  'died',
  'seriously-harmed',
  'this-area',
  'outside-england',
  'another-authority',
  'looked-after-died',
  'care-leaver-died',
] as const;
export const elementId = z.enum(elementIds, { error: 'Select what you answer' });
export type ElementId = (typeof elementIds)[number];

/** One element as it is worded in some version of the arrangements. EL1 is number 1. */
export const elementWording = z.strictObject({
  id: elementId,
  number: z.int().min(1).max(10),
  name: text('Enter a short name', 80),
  question: text('Enter the question', 300),
  /** What the law or the guidance says, and where. */
  rule: text('Enter the rule'),
  source: text('Say where the rule comes from', shortText),
});
export type ElementWording = z.infer<typeof elementWording>;

/** Every element in its order. */
export const elementsWording = z
  .array(elementWording)
  .refine((given) => given.map(({ id }) => id).join() === elementIds.join(), 'Give the wording of each element');

const s16c = 'Children Act 2004 s.16C(1), in force since 29 June 2018';
const chapter5 = 'Working Together to Safeguard Children 2023, chapter 5';

/** The wording as it stood on 15 December 2023, when Working Together 2023 was published. */
export const firstElements: readonly ElementWording[] = [
  {
    id: 'child',
    number: 1,
    name: 'A child',
    question: 'Was the person under 18 when it happened?',
    rule: '“Child” means a person under the age of eighteen.',
    source: 'Children Act 2004 s.65',
  },
  {
    id: 'known',
    number: 2,
    name: 'Abuse or neglect known',
    question: 'Is it known that the child has been abused or neglected?',
    rule: 'The duty arises where an authority “knows or suspects that a child has been abused or neglected”. Knowing is enough; so is suspecting.',
    source: s16c,
  },
  {
    id: 'suspected',
    number: 3,
    name: 'Abuse or neglect suspected',
    question: 'Is it suspected that the child has been abused or neglected?',
    rule: 'Suspicion is a lower test than knowledge, and is enough by itself. It does not have to be proved.',
    source: s16c,
  },
  {
    id: 'died',
    number: 4,
    name: 'Died',
    question: 'Has the child died?',
    rule: 'A death counts whatever its cause, and suspected suicide is among them.',
    source: `${s16c}; ${chapter5}`,
  },
  {
    id: 'seriously-harmed',
    number: 5,
    name: 'Seriously harmed',
    question: 'Has the child been seriously harmed?',
    rule: 'Serious harm includes serious or long-term impairment of mental health or intellectual, emotional, social or behavioural development, and should also cover impairment of physical health. A child who recovers, even from a single incident, may still have been seriously harmed.',
    source: `Children Act 2004 s.16B(9); ${chapter5}`,
  },
  {
    id: 'this-area',
    number: 6,
    name: 'In this area',
    question: "Did it happen in this authority's area?",
    rule: "(a) “the child dies or is seriously harmed in the local authority's area”. Where the child lives does not matter here.",
    source: 'Children Act 2004 s.16C(1)(a)',
  },
  {
    id: 'outside-england',
    number: 7,
    name: 'Outside England, living here',
    question: 'Did it happen outside England to a child who normally lives in this area?',
    rule: "(b) “while normally resident in the local authority's area, the child dies or is seriously harmed outside England”.",
    source: 'Children Act 2004 s.16C(1)(b)',
  },
  {
    id: 'another-authority',
    number: 8,
    name: "In another authority's area",
    question: "Did it happen in England, in another authority's area?",
    rule: 'Then that other authority notifies, wherever the child lives. Tell it and hand the case over.',
    source: `${s16c}; Child Safeguarding Practice Review Panel, questions and answers`,
  },
  {
    id: 'looked-after-died',
    number: 9,
    name: 'A looked-after child died',
    question: 'Was the child looked after when they died?',
    rule: 'The authority must tell the Secretary of State and Ofsted of the death of a looked-after child, whether or not abuse or neglect is known or suspected.',
    source: chapter5,
  },
  {
    id: 'care-leaver-died',
    number: 10,
    name: 'A care leaver died',
    question: 'Was the person a care leaver, up to and including 24, when they died?',
    rule: 'The authority should tell the Secretary of State and Ofsted. No rapid review or practice review is required; if the care leaver was under 18, consider also whether the duty to notify the Panel arises.',
    source: chapter5,
  },
];

export const elementAnswers = ['yes', 'no', 'not-known'] as const;
export type ElementAnswer = (typeof elementAnswers)[number];
export const elementAnswerWords: Record<ElementAnswer, string> = { yes: 'Yes', no: 'No', 'not-known': 'Not known yet' };

/** One agency's answer: what shows it and where that comes from, or what is missing and from whom. */
export const elementContent = z
  .strictObject({
    element: elementId,
    answer: choice(elementAnswers, 'Select yes, no or not known yet'),
    evidence: optionalText(),
    source: optionalText(shortText),
    missing: optionalText(),
    from: optionalText(shortText),
  })
  .superRefine(({ answer, evidence, source, missing, from }, context) => {
    const needed: [string, string, string][] =
      answer === 'not-known'
        ? [
            ['missing', missing, 'Say what is missing'],
            ['from', from, 'Say who can tell us'],
          ]
        : [
            ['evidence', evidence, 'Say what shows this'],
            ['source', source, 'Say where this comes from'],
          ];
    for (const [path, given, message] of needed) {
      if (given === '') context.addIssue({ code: 'custom', path: [path], message });
    }
  });
export type ElementContent = z.infer<typeof elementContent>;

export const answerElement = z.strictObject({ type: z.literal('AnswerElement'), content: elementContent });
export const elementAnswered = z.object({ type: z.literal('ElementAnswered'), content: elementContent });
export type ElementEvent = z.infer<typeof elementAnswered>;

export type Answered = { content: ElementContent; seq: number; at: string; by: Actor };
/** Every answer, oldest first: an agency's latest is the one that holds, and its earlier ones stay. */
export type ElementsState = readonly Answered[];

/** People who work on the case for an agency. Chair, advisers and the authority's decision-maker read. */
export function mayAnswerElements(by: Actor): boolean {
  return by.agency.kind !== 'partnership' && (holds(by, 'position-holder') || holds(by, 'contributor'));
}

export function decideElement(command: z.infer<typeof answerElement>, by: Actor): ElementEvent[] | Refusal {
  if (!mayAnswerElements(by)) return refuse('NotYourRole', { role: by.role });
  return [{ type: 'ElementAnswered', content: command.content }];
}

export function evolveElements(
  state: ElementsState,
  event: ElementEvent,
  seq: number,
  at: string,
  by: Actor,
): ElementsState {
  return withMore(state, { content: event.content, seq, at, by });
}

/** Each agency's answers to one element, its latest first; agencies in the order they first answered. */
export function answersTo(
  state: ElementsState,
  element: ElementId,
): { agency: Agency; latest: Answered; earlier: Answered[] }[] {
  const byAgency = new Map<AgencyId, Answered[]>();
  for (const answered of state) {
    if (answered.content.element !== element) continue;
    byAgency.set(answered.by.agency.id, [answered, ...(byAgency.get(answered.by.agency.id) ?? [])]);
  }
  return [...byAgency.values()].flatMap(([latest, ...earlier]) =>
    latest ? [{ agency: latest.by.agency, latest, earlier }] : [],
  );
}

/** What all agencies that answered say together. Where they differ, it cannot be said yet. */
export type Standing = ElementAnswer | 'differs' | 'not-answered';
export type Standings = Readonly<Record<ElementId, Standing>>;

export function standingsOf(state: ElementsState): Standings {
  const standing = (element: ElementId): Standing => {
    const said = new Set(answersTo(state, element).map(({ latest }) => latest.content.answer));
    if (said.size > 1) return 'differs';
    return [...said][0] ?? 'not-answered';
  };
  return Object.fromEntries(elementIds.map((id) => [id, standing(id)])) as Record<ElementId, Standing>;
}
