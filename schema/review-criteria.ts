/** What the partners take into account in deciding whether to hold a local practice review, as the partnership words it. */
import { z } from 'zod';
import { shortText, text } from './fields.ts';

/**
 * The Child Safeguarding Practice Review and Relevant Agency (England) Regulations 2018 (SI
 * 2018/789), regulation 11: what the partners take into account. They are not boxes that must all
 * be ticked: one may be enough, and all four may not be.
 */
export const reviewCriteria = ['L1', 'L2', 'L3', 'L4'] as const;
export type ReviewCriterion = (typeof reviewCriteria)[number];

const wording = z.strictObject({
  name: text('Enter a short name', 80),
  question: text('Enter the question', 300),
});

export const reviewWording = z.strictObject({
  /** The regulation, and as it stood when. */
  source: text('Say where this comes from', shortText),
  L1: wording,
  L2: wording,
  L3: wording,
  L4: wording,
});
export type ReviewWording = z.infer<typeof reviewWording>;

/** How the regulation letters them. */
export const reviewLetters: Record<ReviewCriterion, string> = { L1: 'a', L2: 'b', L3: 'c', L4: 'd' };

/** As they stood on 29 June 2018, when the regulations came into force. */
export const firstReviewWording: ReviewWording = {
  source:
    'Regulation 11 of SI 2018/789, the Child Safeguarding Practice Review and Relevant Agency (England) Regulations 2018, in force since 29 June 2018',
  L1: {
    name: 'Improvements',
    question:
      'Does the case show, or may it show, improvements that are needed to safeguard and promote the welfare of children, including ones found before?',
  },
  L2: {
    name: 'Recurring themes',
    question: 'Does it show, or may it show, themes that keep recurring in safeguarding children?',
  },
  L3: {
    name: 'Working together',
    question: 'Does it show, or may it show, concern about how two or more agencies work together?',
  },
  L4: {
    name: "The Panel's view",
    question: 'Has the Panel considered it, and concluded that a local review may be more appropriate?',
  },
};
