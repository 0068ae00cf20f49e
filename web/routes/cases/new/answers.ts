/** What is typed into "Open a case", as the command it becomes, and what is wrong with it by field. */
import type { Actor } from '#schema/actor.ts';
import { isStatutoryPartner, type Agency } from '#schema/agency.ts';
import type { Day } from '#schema/calendar.ts';
import { openCase, type OpenCase } from '#schema/case.ts';
import { fieldErrors, type FieldErrors } from '#schema/fields.ts';
import type { AgencyId, PersonId } from '#schema/id.ts';
import type { z } from 'zod';

/** An agency that may take part, and who may speak for it. */
export type Party = { agency: Agency; speakers: { person: PersonId; name: string }[] };

export type CaseAnswers = Pick<OpenCase['details'], 'account' | 'initials' | 'toldBy' | 'toldByDetail' | 'awareOn'> & {
  whatHappened: OpenCase['details']['whatHappened'] | '';
  incidentPlace: OpenCase['details']['incidentPlace'] | '';
  homePlace: OpenCase['details']['homePlace'] | '';
  lookedAfter: OpenCase['details']['lookedAfter'] | '';
  age: string;
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
    toldBy: '',
    toldByDetail: '',
    agencies: parties.filter(({ agency }) => isStatutoryPartner(agency)).map(({ agency }) => agency.id),
    speakers: Object.fromEntries(parties.map(({ agency, speakers }) => [agency.id, likelySpeaker(speakers, by)])),
  };
}

function likelySpeaker(speakers: Party['speakers'], by: Actor): PersonId | '' {
  if (speakers.some(({ person }) => person === by.person)) return by.person;
  return speakers.length === 1 ? (speakers[0]?.person ?? '') : '';
}

/** Ids of the fields that ask who speaks, beside those that carry the command's own paths. */
export function speakerField(agency: AgencyId): string {
  return `speaker.${agency}`;
}

/** The command as far as it is filled in: the service's parser says what is missing. */
export function commandOf({ agencies, speakers, age, ...details }: CaseAnswers): z.input<typeof openCase> {
  return {
    type: 'OpenCase',
    // A choice not made is an empty text, which the parser refuses with the words for that question.
    details: { ...details, age: age.trim() === '' ? Number.NaN : Number(age) } as OpenCase['details'],
    takingPart: agencies.map((agency) => ({ agency, speaker: speakers[agency] ?? '' })),
  };
}

/** The parsed command, or what to put right by the ids of the fields on the page. */
export function parseAnswers(
  answers: CaseAnswers,
  parties: readonly Party[],
  today: Day,
): { command: OpenCase } | { errors: FieldErrors } {
  const parsed = openCase.safeParse(commandOf(answers));
  if (!parsed.success) return { errors: onThisPage(fieldErrors(parsed.error), answers, parties) };
  if (parsed.data.details.awareOn > today) {
    return { errors: { 'details.awareOn': 'Date the local authority became aware must be today or in the past' } };
  }
  return { command: parsed.data };
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
