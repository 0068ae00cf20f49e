/** Whatever is made from a case to be kept, printed or sent: none is made that misses a disagreement which stands. */
import { mayDecide, nameOf } from './actor.ts';
import { sayMoment } from './calendar.ts';
import type { CaseState } from './case.ts';
import { isLive, standingWords, type Dissent } from './dissent.ts';
import { inWords } from './in-words.ts';
import { sayCriteria } from './position.ts';
import type { Round, RoundState } from './reopen.ts';

/** What of a case a document needs to know to hold its disagreement. */
export type Disagreed = Pick<RoundState, 'dissents'> & { case: CaseState; earlier: readonly Round[] };

/** Every disagreement that stands, of whatever round, oldest first. */
export function standingDissents({ dissents, earlier }: Pick<Disagreed, 'dissents' | 'earlier'>): Dissent[] {
  return [...earlier.flatMap((round) => round.dissents), ...dissents].filter(isLive);
}

/** A disagreement as one text: its owner's words whole, the authority's response, and whether the owner maintains it. */
export function sayDissent(dissent: Dissent, { people, criteriaSet }: CaseState): string {
  const { content, answer, review, by } = dissent;
  const who = by.agency.name;
  const authority = people.find(mayDecide)?.agency.name ?? 'The local authority';
  return [
    `${who} disagrees about ${sayCriteria(content.about, criteriaSet)}.`,
    content.statement,
    ...(content.evidence ? [`Evidence: ${content.evidence}`] : []),
    ...(content.whatWouldChangeIt ? [`What would change ${who}'s view: ${content.whatWouldChangeIt}`] : []),
    `${nameOf(by)}, ${sayMoment(dissent.at)}. Entry ${dissent.seq}.`,
    answer
      ? `${authority}'s response (${nameOf(answer.by)}, ${sayMoment(answer.at)}): ${answer.response}`
      : `${authority} has not responded yet.`,
    ...(review ? [`${who} then: ${standingWords[review.standing]}. ${review.reason}`] : []),
    ...(answer && !review ? [`${who} has not said yet whether it still disagrees.`] : []),
  ].join('\n');
}

/** A document would have gone out without somebody's disagreement. */
export class DissentMissing extends Error {
  constructor(missing: readonly Dissent[]) {
    super(`A document of this case misses the disagreement of ${inWords(missing.map(({ by }) => by.agency.name))}`);
  }
}

/**
 * The document, given back as it is where it holds every disagreement that stands: each as one of
 * its texts, or whole. Otherwise it is refused, so that nobody can print, keep or send it.
 */
export function generated<Document>(document: Document, state: Disagreed): Document {
  const missing = missingFrom(document, state);
  if (missing.length > 0) throw new DissentMissing(missing);
  return document;
}

/** The disagreement that stands and that a document does not hold, such as a copy that was kept before it was recorded. */
export function missingFrom(document: unknown, state: Disagreed): Dissent[] {
  return standingDissents(state).filter((dissent) => !holds(document, dissent, sayDissent(dissent, state.case)));
}

function holds(part: unknown, dissent: Dissent, words: string): boolean {
  if (part === dissent) return true;
  if (typeof part === 'string') return part.includes(words);
  return typeof part === 'object' && part !== null && Object.values(part).some((each) => holds(each, dissent, words));
}

/**
 * The disagreement that a page of the case prints, besides what it `shows` already: with these it
 * holds every one that stands.
 */
export function alsoPrinted(shows: readonly Dissent[], state: Disagreed): readonly Dissent[] {
  const also = standingDissents(state).filter(({ seq }) => !shows.some((shown) => shown.seq === seq));
  return generated({ shows, also }, state).also;
}
