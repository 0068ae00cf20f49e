/** What the elements come to: whom the law asks to be told, or why that cannot be said yet. Advice, never a decision. */
import type { CaseDetails } from './case.ts';
import { answersTo, type ElementId, type ElementsState, type Standings, standingsOf } from './elements.ts';

/** True or false once it follows from what is known; null while it does not. */
type Truth = boolean | null;

/** Yes, no, or not yet: then with every element that could still change the answer. */
export type Conclusion = { says: 'yes' } | { says: 'no' } | { says: 'not-yet'; because: ElementId[] };

const truthOf = (standings: Standings, id: ElementId): Truth =>
  standings[id] === 'yes' ? true : standings[id] === 'no' ? false : null;

function and(...parts: Truth[]): Truth {
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}

function or(...parts: Truth[]): Truth {
  if (parts.includes(true)) return true;
  return parts.includes(null) ? null : false;
}

type Test = (of: (id: ElementId) => Truth) => Truth;

/**
 * Notify the Panel: EL1 and (EL2 or EL3) and (EL4 or EL5) and (EL6 or EL7).
 * Children Act 2004 s.16C(1). Each element occurs once, so that "cannot be said" is said only when
 * the unknown elements really could make it either.
 */
const panel: Test = (of) =>
  and(
    of('child'),
    or(of('known'), of('suspected')),
    or(of('died'), of('seriously-harmed')),
    or(of('this-area'), of('outside-england')),
  );

/** What must or should be told to whom. Working Together 2023, chapter 5. */
export const duties = [
  { id: 'panel', strength: 'must', recipients: 'the Child Safeguarding Practice Review Panel', rapidReview: true },
  { id: 'death-in-care', strength: 'must', recipients: 'the Secretary of State and Ofsted', rapidReview: false },
  { id: 'care-leaver', strength: 'should', recipients: 'the Secretary of State and Ofsted', rapidReview: false },
] as const;
export type DutyId = (typeof duties)[number]['id'];

const tests: Record<DutyId, Test> = {
  panel,
  /** EL9, by itself: abuse or neglect need not be known or suspected. */
  'death-in-care': (of) => of('looked-after-died'),
  /** EL10, by itself. */
  'care-leaver': (of) => of('care-leaver-died'),
};

const asked: Record<DutyId, readonly ElementId[]> = {
  panel: ['child', 'known', 'suspected', 'died', 'seriously-harmed', 'this-area', 'outside-england'],
  'death-in-care': ['looked-after-died'],
  'care-leaver': ['care-leaver-died'],
};

/** Whether the elements as they stand ask for this notification. */
export function conclude(duty: DutyId, standings: Standings): Conclusion {
  const test = tests[duty];
  const truth = test((id) => truthOf(standings, id));
  if (truth !== null) return truth ? { says: 'yes' } : { says: 'no' };
  // An element that is unknown decides if some answer to the others leaves the outcome to it.
  const open = asked[duty].filter((id) => truthOf(standings, id) === null);
  const because = open.filter((id) => decides(id, open, test, standings));
  return { says: 'not-yet', because };
}

function decides(id: ElementId, open: readonly ElementId[], test: Test, standings: Standings): boolean {
  const others = open.filter((other) => other !== id);
  for (let way = 0; way < 2 ** others.length; way += 1) {
    const given = (mine: boolean) =>
      test((each) => {
        if (each === id) return mine;
        const place = others.indexOf(each);
        return place < 0 ? truthOf(standings, each) : Math.floor(way / 2 ** place) % 2 === 1;
      });
    if (given(true) !== given(false)) return true;
  }
  return false;
}

/** What an element that is not settled waits for: what is missing and from whom, or who differs. */
export type Waiting = {
  element: ElementId;
  why: 'not-answered' | 'not-known' | 'differs';
  missing: { agency: string; what: string; from: string }[];
  /** Where agencies differ: each agency's answer. */
  answers: { agency: string; answer: 'yes' | 'no' | 'not-known' }[];
};

export function waitingFor(state: ElementsState, element: ElementId): Waiting | null {
  const standing = standingsOf(state)[element];
  if (standing === 'yes' || standing === 'no') return null;
  const answers = answersTo(state, element);
  return {
    element,
    why: standing,
    missing: answers
      .filter(({ latest }) => latest.content.answer === 'not-known')
      .map(({ agency, latest }) => ({
        agency: agency.name,
        what: latest.content.missing,
        from: latest.content.from,
      })),
    answers: answers.map(({ agency, latest }) => ({ agency: agency.name, answer: latest.content.answer })),
  };
}

/** Answers that cannot all be true: two places at once, or neither death that a death in care needs. Said, never corrected. */
export function contradictions(standings: Standings): string[] {
  const yes = (id: ElementId) => standings[id] === 'yes';
  const places = (['this-area', 'outside-england', 'another-authority'] as const).filter(yes);
  return [
    ...(places.length > 1
      ? ['It is said to have happened in more than one place. Only one of elements 6, 7 and 8 can be yes.']
      : []),
    ...((yes('looked-after-died') || yes('care-leaver-died')) && standings.died === 'no'
      ? ['Element 4 says that the child has not died; element 9 or 10 says that they have.']
      : []),
  ];
}

type Places = Pick<CaseDetails, 'incidentPlace' | 'homePlace'>;
const elementOfPlace = {
  'this-area': 'this-area',
  'outside-england': 'outside-england',
  'elsewhere-in-england': 'another-authority',
} as const;

/** Where it happened, as elements 6, 7 and 8 say: only where one of them, and no other, is yes. */
function placesBy(standings: Standings): Partial<Places> {
  const yes = (['this-area', 'outside-england', 'another-authority'] as const).filter((id) => standings[id] === 'yes');
  if (yes.length !== 1) return {};
  if (yes[0] === 'outside-england') return { incidentPlace: 'outside-england', homePlace: 'this-area' };
  return { incidentPlace: yes[0] === 'this-area' ? 'this-area' : 'elsewhere-in-england' };
}

/**
 * The places by which the notifying authority is worked out: as the case was raised and, where that
 * is not known, as elements 6 to 8 say. `differs`: the two say different things of what is known.
 */
export function placesKnown(
  raised: Places,
  elements: ElementsState,
): { places: Places; by: 'raised' | 'elements'; differs: boolean } {
  const standings = standingsOf(elements);
  const answered = placesBy(standings);
  const places = {
    incidentPlace:
      raised.incidentPlace === 'not-known' ? (answered.incidentPlace ?? 'not-known') : raised.incidentPlace,
    homePlace: raised.homePlace === 'not-known' ? (answered.homePlace ?? 'not-known') : raised.homePlace,
  };
  const said = raised.incidentPlace === 'not-known' ? null : raised.incidentPlace;
  const denied =
    said !== null &&
    standings[elementOfPlace[said]] === 'no' &&
    (said !== 'outside-england' || raised.homePlace === 'this-area');
  const other = said !== null && answered.incidentPlace !== undefined && answered.incidentPlace !== said;
  const home =
    answered.homePlace !== undefined && raised.homePlace !== 'not-known' && answered.homePlace !== raised.homePlace;
  const filled = places.incidentPlace !== raised.incidentPlace || places.homePlace !== raised.homePlace;
  return { places, by: filled ? 'elements' : 'raised', differs: denied || other || home };
}
