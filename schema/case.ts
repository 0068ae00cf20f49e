/** A case: raised by any agency, the Chair told first, then the partners. */
import { z } from 'zod';
import { agency, role, type Agency } from './agency.ts';
import { mayDecide, mayGivePosition, holds, asThemselves, type Actor, type Roles } from './actor.ts';
import { dayOf, type Day } from './calendar.ts';
import { notifyBy, type Deadline } from './clock.ts';
import { arrangements, wholeOf, type Arrangements } from './arrangements.ts';
import type { CriteriaSet } from './criteria.ts';
import { choice, day, optionalText, shortText, text } from './fields.ts';
import type { Correction } from './correction.ts';
import type { Facts } from './facts.ts';
import { id, type AgencyId, type PersonId } from './id.ts';
import type { LeadPartnersTold } from './resolution.ts';
import { notNow, type Lived } from './life.ts';
import { refuse, type Refusal } from './refusal.ts';

export const whatHappened = ['died', 'seriously-harmed', 'other'] as const;
export const whatHappenedWords: Record<(typeof whatHappened)[number], string> = {
  died: 'The child died',
  'seriously-harmed': 'The child was seriously harmed, or may have been',
  other: 'Something else',
};
export const places = ['this-area', 'elsewhere-in-england', 'outside-england', 'not-known'] as const;
export type Place = (typeof places)[number];
export const placeWords: Record<Place, string> = {
  'this-area': 'In this area',
  'elsewhere-in-england': 'Elsewhere in England',
  'outside-england': 'Outside England',
  'not-known': 'Not known yet',
};
export const yesNoNotKnown = ['yes', 'no', 'not-known'] as const;
export const yesNoNotKnownWords: Record<(typeof yesNoNotKnown)[number], string> = {
  yes: 'Yes',
  no: 'No',
  'not-known': 'Not known yet',
};

/** What a person may do in a room: `write` includes `comment`, which includes `read`. */
export const capability = z.enum(['read', 'comment', 'write']);
export type Capability = z.infer<typeof capability>;

const childInitials = text("Enter the child's initials", 8);
const years = z
  .number({ error: "Enter the child's age in years, like 2" })
  .int("Enter the child's age in whole years")
  .min(0, "Enter the child's age in years, like 2");
const childAge = years.max(17, 'Enter an age under 18: the duty covers children only');
/** A care leaver is told of up to and including 24 (Working Together 2023, chapter 5). */
export const oldestCareLeaver = 24;
const notAChild = 'Enter an age under 18: beyond it, only the death of a care leaver up to and including 24 is raised';

/** What the person who raises a case is asked. */
export const caseDetails = z
  .strictObject({
    awareOn: day('Enter the date the local authority became aware, like 27 3 2026'),
    whatHappened: choice(whatHappened, 'Select what happened'),
    account: text('Say briefly what happened'),
    incidentPlace: choice(places, 'Select where it happened'),
    homePlace: choice(places, 'Select where the child normally lives'),
    lookedAfter: choice(yesNoNotKnown, 'Select whether the child was looked after'),
    initials: childInitials,
    age: years.max(oldestCareLeaver, notAChild),
    /** Asked from 16; without it nobody said. */
    careLeaver: z.enum(yesNoNotKnown).optional(),
    toldBy: text('Say who told your agency', shortText),
    toldByDetail: optionalText(),
    /** The day of the incident, where it is known: with the area, what a second case of it would share. */
    incidentOn: day('Enter the date it happened, like 27 3 2026, or leave it empty').optional(),
    /** Up to three more children of the same incident, in the order in which the vault keeps them. */
    otherChildren: z
      .array(z.strictObject({ initials: childInitials, age: childAge }))
      .max(3, 'Enter four children or fewer')
      .optional(),
  })
  .superRefine(({ age, careLeaver, whatHappened }, context) => {
    const isCareLeaversDeath = careLeaver === 'yes' && whatHappened === 'died';
    if (age >= 18 && !isCareLeaversDeath) context.addIssue({ code: 'custom', path: ['age'], message: notAChild });
  });
export type CaseDetails = z.infer<typeof caseDetails>;

/** Who speaks for each agency that takes part. */
export const takingPart = z
  .array(z.strictObject({ agency: id, speaker: id }))
  .min(1, 'Select who must take part')
  .max(20, 'Select 20 agencies or fewer');

export const openCase = z.strictObject({
  type: z.literal('OpenCase'),
  details: caseDetails,
  takingPart,
});
export type OpenCase = z.infer<typeof openCase>;

/** A person on the case, as on the day they were told. */
export const personOnCase = z.object({
  person: id,
  name: z.string(),
  agency,
  role,
  also: z.array(role).readonly().optional(),
  capability,
});
export type PersonOnCase = z.infer<typeof personOnCase>;

export const caseOpened = z.object({
  type: z.literal('CaseOpened'),
  ref: z.string(),
  details: caseDetails,
  /** The partnership's arrangements on that day: the case keeps them. */
  arrangements,
  notifyBy: z.string(),
});
/** The Chair hears before any partner does (the framework of 2021; feature M7). */
export const chairTold = z.object({ type: z.literal('ChairTold'), people: z.array(personOnCase) });
export const partnersTold = z.object({ type: z.literal('PartnersTold'), people: z.array(personOnCase) });
export type CaseEvent =
  z.infer<typeof caseOpened> | z.infer<typeof chairTold> | z.infer<typeof partnersTold> | LeadPartnersTold;

export type CaseState = {
  ref: string;
  details: CaseDetails;
  arrangements: Arrangements;
  /** The wording of the criteria under those arrangements. */
  criteriaSet: CriteriaSet;
  openedAt: string;
  openedBy: Actor;
  /** The day on which this round came into the record: the case was opened, or reopened. */
  beganOn: Day;
  notifyBy: string;
  chairToldAt: string | null;
  partnersToldAt: string | null;
  /** The order was missed: the partners had been told when the Chair was. */
  chairAfterPartners: boolean;
  people: readonly PersonOnCase[];
  /** Who was on it in a role that has ended, as they were then. */
  left: readonly PersonOnCase[];
  /** What was corrected in the details since, oldest first. */
  corrections: readonly Correction[];
};

/**
 * Opens a case. The order is the rule: opened, the Chair told, the partners told, each an entry
 * with its own time. No statutory partner that has somebody to speak for it may be left out, or the
 * round of positions would open without it. Only people who may speak for the agencies taking part are told; everybody
 * else learns nothing, not even that the case exists.
 */
export function decideOpenCase(command: OpenCase, state: Lived, by: Actor, facts: Facts): CaseEvent[] | Refusal {
  const already = notNow('CaseOpened', state);
  if (already) return already;
  if (!mayOpenCase(by)) return refuse('NotYourRole', { role: by.role });
  const { awareOn, incidentOn } = command.details;
  if (awareOn > facts.today) return refuse('DateInTheFuture', { field: 'details.awareOn' });
  if (incidentOn && incidentOn > awareOn) return refuse('AwareBeforeItHappened', { field: 'details.incidentOn' });
  // In their own right: whoever covers for somebody today is not on the case when the cover has ended.
  const people = facts.partnership.people.map(asThemselves);
  const chairs = people.filter((person) => holds(person, 'chair'));
  const speakers = command.takingPart.flatMap(({ agency, speaker }) =>
    people.filter(
      (person) => person.person === speaker && person.agency.id === agency && holds(person, 'position-holder'),
    ),
  );
  if (speakers.length !== command.takingPart.length) return refuse('NoPositionToGive', { field: 'takingPart' });
  const leftOut = people.filter(
    (person) => mayGivePosition(person) && !command.takingPart.some(({ agency }) => agency === person.agency.id),
  );
  if (leftOut.length > 0)
    return refuse('PartnerLeftOut', { agencies: [...new Set(leftOut.map(({ agency }) => agency.name))] });
  const authority = people.filter(mayDecide);
  if (authority.length === 0) return refuse('NoLocalAuthority');
  if (!facts.newCase) throw new TypeError('A new case needs its names in the facts');
  const raises = people.filter((person) => person.person === by.person);
  const told = unique([...people.flatMap(inTurn), ...speakers, ...authority, ...raises]);
  return [
    {
      type: 'CaseOpened',
      ref: facts.newCase.ref,
      details: command.details,
      arrangements: facts.partnership.arrangements,
      notifyBy: notifyBy(command.details.awareOn, facts.holidays).due,
    },
    { type: 'ChairTold', people: chairs.map((person) => onCase(person)) },
    { type: 'PartnersTold', people: told.filter((person) => !holds(person, 'chair')).map((person) => onCase(person)) },
  ];
}

/** The partner whose turn it is to chair: on the case for that alone, unless they are on it for their agency. */
function inTurn({ person, name, agency, ...roles }: Actor): Actor[] {
  return holds(roles, 'partner-chair') ? [{ person, name, agency, role: 'partner-chair' }] : [];
}

/** Any agency may raise a case, through whoever works on cases for it or for the partnership. */
export function mayOpenCase(by: Roles): boolean {
  return holds(by, 'position-holder') || holds(by, 'contributor') || holds(by, 'business-unit');
}

/** What each role may do in a case's common room. Advisers and deciders comment; those who speak for an agency write. */
export function capabilityOf(actor: Roles): Capability {
  return holds(actor, 'position-holder') || holds(actor, 'contributor') ? 'write' : 'comment';
}

/** As a person on the case, with what their role may do there. */
export function onCase({ person, name, agency, role, also }: Actor): PersonOnCase {
  const own = also ? { role, also } : { role };
  return { person, name, agency, ...own, capability: capabilityOf(own) };
}

function unique(people: readonly Actor[]): Actor[] {
  return [...new Map(people.map((person) => [person.person, person])).values()];
}

export function evolveCase(state: CaseState | null, event: CaseEvent, at: string, by: Actor): CaseState | null {
  if (event.type === 'CaseOpened') {
    const { ref, details, notifyBy } = event;
    const arrangements = wholeOf(event.arrangements);
    return {
      ref,
      details,
      arrangements,
      criteriaSet: arrangements.criteria,
      notifyBy,
      openedAt: at,
      openedBy: by,
      beganOn: dayOf(at),
      chairToldAt: null,
      partnersToldAt: null,
      chairAfterPartners: false,
      people: [],
      left: [],
      corrections: [],
    };
  }
  if (!state) return state;
  const people = [...state.people, ...event.people.filter(({ person }) => !isOnCase(state, person))];
  if (event.type !== 'ChairTold') return { ...state, people, partnersToldAt: state.partnersToldAt ?? at };
  if (state.chairToldAt || event.people.length === 0) return { ...state, people };
  return { ...state, people, chairToldAt: at, chairAfterPartners: state.partnersToldAt !== null };
}

export function isOnCase(state: Pick<CaseState, 'people'>, person: PersonId): boolean {
  return state.people.some((other) => other.person === person);
}

/** Whether a person acts on the case: as one of its people, or covering one of them today. */
export function actsOn(state: Pick<CaseState, 'people'>, by: Pick<Actor, 'person' | 'covers'>): boolean {
  return isOnCase(state, by.person) || (by.covers ?? []).some((cover) => isOnCase(state, cover.for));
}

/** What tells who is and was on a case. */
export type Everyone = Pick<CaseState, 'people'> & Partial<Pick<CaseState, 'left'>>;

/** Everyone who is or was on the case: an agency that takes part does so to the end, whoever answers for it. */
export function everOn({ people, left = [] }: Everyone): readonly PersonOnCase[] {
  return [...people, ...left];
}

/** The statutory partners whose positions this case waits for. */
export function partnersOf(state: Everyone): Agency[] {
  const agencies = new Map<AgencyId, Agency>();
  for (const person of everOn(state)) {
    if (mayGivePosition(person)) agencies.set(person.agency.id, person.agency);
  }
  return [...agencies.values()].sort(byKind);
}

const order = ['local-authority', 'health', 'police', 'education', 'partnership', 'other'];
function byKind(a: Agency, b: Agency): number {
  return order.indexOf(a.kind) - order.indexOf(b.kind);
}

/**
 * Which authority the law asks to notify (Children Act 2004 s.16C(1)): the one where the child
 * died or was harmed; the one where the child normally lives only if that was outside England.
 * The board's minutes say "in which the child resides", which is loose.
 */
export function notifyingAuthority(
  details: Pick<CaseDetails, 'incidentPlace' | 'homePlace'>,
): 'this' | 'another' | 'not-known' {
  const { incidentPlace, homePlace } = details;
  if (incidentPlace === 'this-area') return 'this';
  if (incidentPlace === 'elsewhere-in-england') return 'another';
  if (incidentPlace === 'not-known') return 'not-known';
  if (homePlace === 'this-area') return 'this';
  return homePlace === 'elsewhere-in-england' ? 'another' : 'not-known';
}

/** "How we worked this out" for the case bar. */
export function deadlineOf(state: Pick<CaseState, 'details'>, facts: Pick<Facts, 'holidays'>): Deadline {
  return notifyBy(state.details.awareOn, facts.holidays);
}

/** Whether a capability includes another: `write` includes `comment`, which includes `read`. */
export function includes(held: Capability, needed: Capability): boolean {
  const order: Capability[] = ['read', 'comment', 'write'];
  return order.indexOf(held) >= order.indexOf(needed);
}
