/** The statutory criteria that positions and decisions answer: dated, versioned wording. */
import { z } from 'zod';
import { shortText, text } from './fields.ts';

export const findings = ['met', 'not-met', 'not-enough-information'] as const;
export type Finding = (typeof findings)[number];
export const findingWords: Record<Finding, string> = {
  met: 'Met',
  'not-met': 'Not met',
  'not-enough-information': 'Not enough information yet',
};

export const views = ['notify', 'do-not-notify', 'cannot-say-yet'] as const;
export type View = (typeof views)[number];
export const viewWords: Record<View, string> = {
  notify: 'Notify',
  'do-not-notify': 'Do not notify',
  'cannot-say-yet': 'Cannot say yet',
};

export const criterionIds = ['abuse-or-neglect', 'death-or-serious-harm', 'place'] as const;
export const criterionId = z.enum(criterionIds);
export type CriterionId = (typeof criterionIds)[number];

const criterion = z.strictObject({
  id: criterionId,
  number: z.int().positive(),
  /** A few words for a table's row header. */
  name: text('Enter a short name for the criterion', 80),
  /** The plain question that is answered. */
  question: text('Enter the question', 300),
  /** What the law and guidance say, for the person who answers. */
  guidance: text('Enter the guidance'),
});

/** The wording of the criteria as it stood from some day: a case keeps the wording it was opened under. */
export const criteriaWording = z.strictObject({
  id: text('Enter a name for this wording', 80),
  title: text('Enter the title', shortText),
  /** Where the wording comes from and as it stood when. */
  source: text('Say where the wording comes from', shortText),
  quote: text('Quote the law'),
  criteria: z
    .array(criterion)
    .refine((given) => given.map(({ id }) => id).join() === criterionIds.join(), 'Give the wording of each criterion'),
});
export type CriteriaSet = z.infer<typeof criteriaWording>;

/**
 * Children Act 2004 s.16C(1) as inserted by the Children and Social Work Act 2017, in force since
 * 29 June 2018, read with Working Together 2023 chapter 5.
 */
export const childrenAct2004: CriteriaSet = {
  id: 'children-act-2004-s16c-2018',
  title: 'Children Act 2004, section 16C(1)',
  source: 'Children Act 2004 s.16C(1), in force since 29 June 2018; Working Together 2023, chapter 5',
  quote:
    'Where a local authority in England knows or suspects that a child has been abused or neglected, the local ' +
    'authority must notify the Child Safeguarding Practice Review Panel if (a) the child dies or is seriously ' +
    "harmed in the local authority's area, or (b) while normally resident in the local authority's area, the " +
    'child dies or is seriously harmed outside England.',
  criteria: [
    {
      id: 'abuse-or-neglect',
      number: 1,
      name: 'Abuse or neglect',
      question: 'Is it known or suspected that the child has been abused or neglected?',
      guidance: 'Suspicion is enough. It does not have to be proved.',
    },
    {
      id: 'death-or-serious-harm',
      number: 2,
      name: 'Death or serious harm',
      question: 'Has the child died or been seriously harmed?',
      guidance:
        'Serious harm includes serious or long-term impairment of physical or mental health, or of intellectual, ' +
        'emotional, social or behavioural development. A child who recovers may still have been seriously harmed.',
    },
    {
      id: 'place',
      number: 3,
      name: 'Place',
      question: 'Did it happen in this area, or outside England to a child who normally lives in this area?',
      guidance:
        'The place where it happened decides which authority notifies. Where the child lives matters only when it ' +
        'happened outside England.',
    },
  ],
};

/** The statement printed with every answer to the reputation question. */
export const reputationStatement = 'Organisational reputation is not one of the criteria.';
