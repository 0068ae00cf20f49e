/** What is typed into "Open a case", as the command it becomes, and what is wrong with it by field. */
import type { Actor } from '#schema/actor.ts';
import { isStatutoryPartner, type Agency } from '#schema/agency.ts';
import type { Day } from '#schema/calendar.ts';
import { openCase, type OpenCase } from '#schema/case.ts';
import { fieldErrors, type FieldErrors } from '#schema/fields.ts';
import type { AgencyId, PersonId } from '#schema/id.ts';
import { childIdentities, type ChildIdentity } from '#schema/identity.ts';
import type { z } from 'zod';

/** An agency that may take part, and who may speak for it. */
export type Party = { agency: Agency; speakers: { person: PersonId; name: string }[] };

export type CaseAnswers = Pick<OpenCase['details'], 'account' | 'initials' | 'toldBy' | 'toldByDetail' | 'awareOn'> & {
  whatHappened: OpenCase['details']['whatHappened'] | '';
  incidentPlace: OpenCase['details']['incidentPlace'] | '';
  homePlace: OpenCase['details']['homePlace'] | '';
  lookedAfter: OpenCase['details']['lookedAfter'] | '';
  age: string;
  /** Asked from 16. */
  careLeaver: NonNullable<OpenCase['details']['careLeaver']> | '';
  /** The day it happened, where it is known. */
  incidentOn: string;
  /** Who the child is: for the vault. */
  identity: ChildIdentity;
  /** Up to three more children of the same incident. */
  others: { initials: string; age: string; identity: ChildIdentity }[];
  /** The agencies ticked. */
  agencies: AgencyId[];
  /** Who speaks for each agency, ticked or not. */
  speakers: Record<AgencyId, PersonId | ''>;
};

/** The three statutory partners ticked; whoever opens the case speaks for their own agency, a lone speaker for theirs. */
export function firstAnswers(parties: readonly Party[], by: Actor): CaseAnswers {
  return {
    awareOn: '',
    whatHappened: '',
    account: '',
    incidentPlace: '',
    homePlace: '',
    lookedAfter: '',
    initials: '',
    age: '',
    careLeaver: '',
    incidentOn: '',
    identity: nobodyYet(),
    others: [],
    toldBy: '',
    toldByDetail: '',
    agencies: parties.filter(({ agency }) => isStatutoryPartner(agency)).map(({ agency }) => agency.id),
    speakers: Object.fromEntries(parties.map(({ agency, speakers }) => [agency.id, likelySpeaker(speakers, by)])),
  };
}

/** A child of whom nothing is entered. */
export function nobodyYet(): ChildIdentity {
  return { name: '', bornOn: '', address: '' };
}

function likelySpeaker(speakers: Party['speakers'], by: Actor): PersonId | '' {
  if (speakers.some(({ person }) => person === by.person)) return by.person;
  return speakers.length === 1 ? (speakers[0]?.person ?? '') : '';
}

/** Ids of the fields that ask who speaks, beside those that carry the command's own paths. */
export function speakerField(agency: AgencyId): string {
  return `speaker.${agency}`;
}

/** Whether somebody of the age typed may be a care leaver. */
export function mayBeCareLeaver({ age }: Pick<CaseAnswers, 'age'>): boolean {
  return Number(age) >= 16;
}

/** The command as far as it is filled in: the service's parser says what is missing. */
export function commandOf(answers: CaseAnswers): z.input<typeof openCase> {
  const { agencies, speakers, age, careLeaver, incidentOn, identity: _, others, ...details } = answers;
  const years = (typed: string) => (typed.trim() === '' ? Number.NaN : Number(typed));
  return {
    type: 'OpenCase',
    // A choice not made is an empty text, which the parser refuses with the words for that question.
    details: {
      ...details,
      age: years(age),
      ...(careLeaver !== '' && mayBeCareLeaver(answers) ? { careLeaver } : {}),
      ...(incidentOn === '' ? {} : { incidentOn }),
      ...(others.length === 0
        ? {}
        : { otherChildren: others.map(({ initials, age }) => ({ initials, age: years(age) })) }),
    } as OpenCase['details'],
    takingPart: agencies.map((agency) => ({ agency, speaker: speakers[agency] ?? '' })),
  };
}

/** The parsed command, or what to put right by the ids of the fields on the page. */
export function parseAnswers(
  answers: CaseAnswers,
  parties: readonly Party[],
  today: Day,
): { command: OpenCase; identities: ChildIdentity[] } | { errors: FieldErrors } {
  const parsed = openCase.safeParse(commandOf(answers));
  const kept = childIdentities.safeParse(identitiesOf(answers));
  const errors = {
    ...(parsed.success ? days(parsed.data, today) : onThisPage(fieldErrors(parsed.error), answers, parties)),
    ...(kept.success ? births(kept.data, today) : under('identities', fieldErrors(kept.error))),
  };
  if (!parsed.success || !kept.success || Object.keys(errors).length > 0) return { errors };
  return { command: parsed.data, identities: kept.data };
}

/** What goes into the vault: the first child and the others in their order, each perhaps with nothing known. */
function identitiesOf({ identity, others }: CaseAnswers): ChildIdentity[] {
  return [identity, ...others.map((other) => other.identity)];
}

function days({ details: { awareOn, incidentOn } }: OpenCase, today: Day): FieldErrors {
  if (awareOn > today)
    return { 'details.awareOn': 'Date the local authority became aware must be today or in the past' };
  if (incidentOn && incidentOn > awareOn)
    return { 'details.incidentOn': 'The day it happened must be the day the authority became aware, or earlier' };
  return {};
}

export function births(children: readonly ChildIdentity[], today: Day): FieldErrors {
  return Object.fromEntries(
    children.flatMap(({ bornOn }, index) =>
      bornOn > today ? [[`identities.${index}.bornOn`, 'Date of birth must be today or in the past']] : [],
    ),
  );
}

export function under(prefix: string, errors: FieldErrors): FieldErrors {
  return Object.fromEntries(Object.entries(errors).map(([path, words]) => [`${prefix}.${path}`, words]));
}

/** The parser names the nth agency ticked; the page knows it by its own id. */
export function onThisPage(errors: FieldErrors, { agencies }: CaseAnswers, parties: readonly Party[]): FieldErrors {
  return Object.fromEntries(
    Object.entries(errors).map(([path, words]) => {
      const nth = /^takingPart\.(\d+)\.speaker$/.exec(path)?.[1];
      const party = nth === undefined ? undefined : parties.find(({ agency }) => agency.id === agencies[Number(nth)]);
      return party ? [speakerField(party.agency.id), `Select who will speak for ${party.agency.name}`] : [path, words];
    }),
  );
}
