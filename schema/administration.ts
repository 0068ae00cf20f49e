/** Looking after the partnership: what it has agreed, its people and agencies, and who covers for whom. Its business unit alone may. */
import { z } from 'zod';
import { coverable, mayAdminister, type Actor } from './actor.ts';
import { agency, agencyKinds, isStatutoryPartner, role, type Agency } from './agency.ts';
import { arrangements, type Arrangements } from './arrangements.ts';
import type { Day } from './calendar.ts';
import { notifyWithin } from './clock.ts';
import { choice, day, shortText, text } from './fields.ts';
import { id, type AgencyId, type PersonId } from './id.ts';
import { canonical } from './ledger.ts';
import { refuse, type Refusal } from './refusal.ts';

const { chairTitle, charter, criteria, elements, review, ladder, clocks, calendar, retention } = arrangements.shape;

/** The parts of the arrangements, each changed by itself so that the record says what was changed. */
export const arrangementParts = [
  'chair',
  'charter',
  'criteria',
  'elements',
  'review',
  'ladder',
  'clocks',
  'calendar',
  'retention',
] as const;
export type ArrangementPart = (typeof arrangementParts)[number];
export const partWords: Record<ArrangementPart, string> = {
  chair: 'What the Chair is called',
  charter: 'Charter of roles',
  criteria: 'Wording of the criteria',
  elements: 'Wording of the elements',
  review: 'Wording of regulation 11',
  ladder: 'Resolution ladder',
  clocks: 'Clocks',
  calendar: 'Bank holidays',
  retention: 'How long records are kept',
};

const change = z.discriminatedUnion('part', [
  z.strictObject({ part: z.literal('chair'), chairTitle }),
  z.strictObject({ part: z.literal('charter'), charter }),
  z.strictObject({ part: z.literal('criteria'), criteria }),
  z.strictObject({ part: z.literal('elements'), elements }),
  z.strictObject({ part: z.literal('review'), review }),
  z.strictObject({ part: z.literal('ladder'), ladder }),
  z.strictObject({ part: z.literal('clocks'), clocks }),
  z.strictObject({ part: z.literal('calendar'), calendar }),
  z.strictObject({ part: z.literal('retention'), retention }),
]);

const why = text('Say why');
const begins = day('Enter the date it begins, like 27 3 2026');

export const changeArrangements = z.strictObject({
  type: z.literal('ChangeArrangements'),
  /** The version that was changed: refused if another was made meanwhile. */
  read: z.int().min(1),
  /** The day from which cases are opened under it. Bank holidays hold at once, whatever is given. */
  from: day('Enter the date it takes effect, like 27 3 2026'),
  why,
  change,
});
export const addAgency = z.strictObject({
  type: z.literal('AddAgency'),
  kind: choice(agencyKinds, 'Select what kind of agency it is'),
  name: text("Enter the agency's name", 80),
});
const holding = {
  agency: id,
  role: role.exclude(['service'], { error: 'Select a role' }),
  from: begins,
  until: day('Enter the last day, or leave it empty').nullable().default(null),
};
export const addPerson = z.strictObject({
  type: z.literal('AddPerson'),
  name: text("Enter the person's name", shortText),
  email: z.email('Enter an email address, like name@example.org').max(254),
  ...holding,
  why,
});
/** A new password for somebody who lost theirs: the service makes it. */
export const givePassword = z.strictObject({ type: z.literal('GivePassword'), person: id, why });
export const giveRole = z.strictObject({ type: z.literal('GiveRole'), person: id, ...holding, why });
export const endRole = z.strictObject({
  type: z.literal('EndRole'),
  membership: id,
  /** The last day; null ends it at once. */
  on: day('Enter the last day, like 27 3 2026').nullable(),
  why,
});
export const giveCover = z.strictObject({
  type: z.literal('GiveCover'),
  person: id,
  /** Whose role is covered, by that person's membership. */
  membership: id,
  from: begins,
  until: day('Enter the last day of cover, like 27 3 2026'),
  authorisedBy: text('Enter who authorised it, and their role', shortText),
  why,
});
export const endCover = z.strictObject({ type: z.literal('EndCover'), cover: id, why });

export const administrationCommand = z.discriminatedUnion('type', [
  changeArrangements,
  addAgency,
  addPerson,
  givePassword,
  giveRole,
  endRole,
  giveCover,
  endCover,
]);
export type AdministrationCommand = z.infer<typeof administrationCommand>;
export const administrationRequest = z.strictObject({ id, command: administrationCommand });
export type AdministrationRequest = z.infer<typeof administrationRequest>;

export const arrangementsChanged = z.object({
  type: z.literal('ArrangementsChanged'),
  part: z.enum(arrangementParts),
  why: z.string(),
  arrangements,
});
export const agencyAdded = z.object({ type: z.literal('AgencyAdded'), agency });
/** A person's role: when it begins, and its last day if one is set. No address and no password. */
export const roleGiven = z.object({
  type: z.literal('RoleGiven'),
  membership: id,
  person: id,
  name: z.string(),
  agency,
  role,
  from: z.string(),
  until: z.string().nullable(),
  why: z.string(),
  /** Whether the person was new to the service. */
  added: z.boolean(),
});
/** That a new one was given, to whom and why; never what it is. */
export const passwordGiven = z.object({
  type: z.literal('PasswordGiven'),
  person: id,
  name: z.string(),
  why: z.string(),
});
export const roleEnded = z.object({
  type: z.literal('RoleEnded'),
  membership: id,
  person: id,
  name: z.string(),
  agency,
  role,
  /** The last day; null where it ended at once. */
  on: z.string().nullable(),
  why: z.string(),
});
export const coverGiven = z.object({
  type: z.literal('CoverGiven'),
  cover: id,
  person: id,
  name: z.string(),
  for: id,
  forName: z.string(),
  agency,
  role: z.enum(coverable),
  from: z.string(),
  until: z.string(),
  authorisedBy: z.string(),
  why: z.string(),
});
export const coverEnded = z.object({
  type: z.literal('CoverEnded'),
  cover: id,
  name: z.string(),
  forName: z.string(),
  why: z.string(),
});
export const administrationEvents = [
  arrangementsChanged,
  agencyAdded,
  roleGiven,
  passwordGiven,
  roleEnded,
  coverGiven,
  coverEnded,
] as const;
export type AdministrationEvent = z.infer<(typeof administrationEvents)[number]>;

const types: ReadonlySet<string> = new Set(administrationEvents.map((each) => each.shape.type.value));
export function isAdministrationEvent(event: { type: string }): event is AdministrationEvent {
  return types.has(event.type);
}

export type GivenCover = Omit<z.infer<typeof coverGiven>, 'type'> & { at: string; by: Actor; ended: boolean };
/** The record of the partnership's own room, folded. */
export type AdministrationState = { covers: readonly GivenCover[] };
export const noAdministration: AdministrationState = { covers: [] };

export function evolveAdministration(
  state: AdministrationState,
  event: AdministrationEvent,
  at: string,
  by: Actor,
): AdministrationState {
  if (event.type === 'CoverGiven') {
    const { type, ...given } = event;
    return { covers: [...state.covers, { ...given, at, by, ended: false }] };
  }
  if (event.type !== 'CoverEnded') return state;
  return { covers: state.covers.map((each) => (each.cover === event.cover ? { ...each, ended: true } : each)) };
}

/** Somebody's role in the partnership: days in London, `until` the last one. */
export type Member = {
  membership: string;
  person: PersonId;
  name: string;
  agency: Agency;
  role: z.infer<typeof role>;
  from: Day;
  until: Day | null;
  /** Over at this moment, whatever the days say. */
  ended: boolean;
};

/** What the rules are told of the world. `ids` are new names for what the command makes. */
export type AdministrationFacts = {
  today: Day;
  versions: readonly Arrangements[];
  agencies: readonly Agency[];
  members: readonly Member[];
  emailTaken: boolean;
  ids: { agency: AgencyId; person: PersonId; membership: string; cover: string };
};

export function decideAdministration(
  command: AdministrationCommand,
  state: AdministrationState,
  by: Actor,
  facts: AdministrationFacts,
): AdministrationEvent[] | Refusal {
  if (!mayAdminister(by)) return refuse('NotYourRole', { role: by.role });
  switch (command.type) {
    case 'ChangeArrangements':
      return changed(command, facts);
    case 'AddAgency': {
      if (facts.agencies.some(({ name }) => name === command.name)) return refuse('AgencyExists', { field: 'name' });
      return [{ type: 'AgencyAdded', agency: { id: facts.ids.agency, kind: command.kind, name: command.name } }];
    }
    case 'AddPerson':
    case 'GiveRole':
      return given(command, facts);
    case 'GivePassword': {
      const member = facts.members.find(({ person, ended }) => person === command.person && !ended);
      if (!member) return refuse('NoSuchPerson');
      // It signs them out, and they would not be there to read it.
      if (member.person === by.person) return refuse('PasswordOfOneself');
      return [{ type: 'PasswordGiven', person: member.person, name: member.name, why: command.why }];
    }
    case 'EndRole':
      return ended(command, facts);
    case 'GiveCover':
      return covered(command, facts);
    case 'EndCover': {
      const cover = state.covers.find((each) => each.cover === command.cover && !each.ended);
      if (!cover) return refuse('NoSuchCover');
      const { name, forName } = cover;
      return [{ type: 'CoverEnded', cover: cover.cover, name, forName, why: command.why }];
    }
  }
}

/** The version that changes are made to: the last one made, whether or not it has taken effect. */
export function latestOf(versions: readonly Arrangements[]): Arrangements {
  const [first, ...others] = versions;
  if (!first) throw new TypeError('A partnership has at least one version of its arrangements');
  return others.reduce((latest, each) => (each.version > latest.version ? each : latest), first);
}

function changed(
  { read, from, why, change }: z.infer<typeof changeArrangements>,
  { today, versions }: AdministrationFacts,
): AdministrationEvent[] | Refusal {
  const latest = latestOf(versions);
  if (latest.version !== read) return refuse('ArrangementsMovedOn', { version: latest.version });
  const { part, ...content } = change;
  const next = { ...latest, ...content, version: latest.version + 1 };
  if (canonical({ ...next, version: read }) === canonical(latest)) return refuse('NothingChanged');
  // Bank holidays are law and hold at once; a version that is planned keeps its own day.
  if (part === 'calendar') {
    const starts = latest.from > today ? latest.from : today;
    return [{ type: 'ArrangementsChanged', part, why, arrangements: { ...next, from: starts } }];
  }
  if (from < today) return refuse('BeginsInThePast', { field: 'from' });
  if (from < latest.from) return refuse('EarlierThanPlanned', { field: 'from', from: latest.from });
  return [{ type: 'ArrangementsChanged', part, why, arrangements: { ...next, from } }];
}

function given(
  command: z.infer<typeof addPerson> | z.infer<typeof giveRole>,
  { today, agencies, members, emailTaken, ids }: AdministrationFacts,
): AdministrationEvent[] | Refusal {
  const { role, from, until, why } = command;
  const agency = agencies.find((each) => each.id === command.agency);
  if (!agency) return refuse('NoSuchAgency', { field: 'agency' });
  const added = command.type === 'AddPerson';
  if (added && emailTaken) return refuse('EmailTaken', { field: 'email' });
  const known = added ? null : members.find(({ person }) => person === command.person);
  if (!added && !known) return refuse('NoSuchPerson', { field: 'person' });
  if (from < today) return refuse('BeginsInThePast', { field: 'from' });
  if (until !== null && until < from) return refuse('EndsBeforeItBegins', { field: 'until' });
  const elsewhere = members.find(
    (each) => each.person === known?.person && each.agency.id !== agency.id && !each.ended && overlaps(each, command),
  );
  if (elsewhere) return refuse('ServesAnotherAgency', { field: 'agency', agency: elsewhere.agency.name });
  const turn = turnRefused(command, agency, members);
  if (turn) return turn;
  const person = known?.person ?? ids.person;
  const name = known?.name ?? (added ? command.name : '');
  return [{ type: 'RoleGiven', membership: ids.membership, person, name, agency, role, from, until, why, added }];
}

/** Partners chair in rotation: one at a time, of a statutory partner, and never who decides for the authority on those days. */
function turnRefused(
  command: z.infer<typeof addPerson> | z.infer<typeof giveRole>,
  agency: Agency,
  members: readonly Member[],
): Refusal | null {
  const then = members.filter((each) => !each.ended && overlaps(each, command));
  const who = command.type === 'GiveRole' ? command.person : null;
  const holdsThen = (role: Member['role']) => then.some((each) => each.person === who && each.role === role);
  if (command.role === 'decision-maker' && holdsThen('partner-chair'))
    return refuse('DeciderTakesNoTurn', { field: 'role' });
  if (command.role !== 'partner-chair') return null;
  if (!isStatutoryPartner(agency)) return refuse('OnlyPartnersTakeTurns', { field: 'agency' });
  if (holdsThen('decision-maker')) return refuse('DeciderTakesNoTurn', { field: 'role' });
  const taken = then.find(({ role }) => role === 'partner-chair');
  if (!taken) return null;
  const { name, from, until } = taken;
  return refuse('TurnIsTaken', { field: 'from', name, from, ...(until ? { until } : {}) });
}

type Term = { from: Day; until: Day | null };
function overlaps(one: Term, other: Term): boolean {
  return (one.until === null || one.until >= other.from) && (other.until === null || other.until >= one.from);
}

function ended(
  { membership, on, why }: z.infer<typeof endRole>,
  { today, members }: AdministrationFacts,
): AdministrationEvent[] | Refusal {
  const member = members.find((each) => each.membership === membership && !each.ended);
  if (!member) return refuse('NoSuchRole');
  if (on !== null && on < today) return refuse('DateInThePast', { field: 'on' });
  const lasting = members.filter(
    (each) => each.role === 'business-unit' && !each.ended && each.until === null && each.from <= today,
  );
  // Nobody could let anybody in again.
  if (member.role === 'business-unit' && lasting.every((each) => each.membership === membership)) {
    return refuse('LastBusinessUnit');
  }
  const { person, name, agency, role } = member;
  return [{ type: 'RoleEnded', membership, person, name, agency, role, on, why }];
}

function covered(
  { person, membership, from, until, authorisedBy, why }: z.infer<typeof giveCover>,
  { today, members, ids }: AdministrationFacts,
): AdministrationEvent[] | Refusal {
  const whose = members.find((each) => each.membership === membership && !each.ended);
  if (!whose) return refuse('NoSuchRole', { field: 'membership' });
  const role = coverable.find((each) => each === whose.role);
  if (!role) return refuse('RoleNotCovered', { field: 'membership' });
  const deputy = members.find((each) => each.person === person && each.agency.id === whose.agency.id && !each.ended);
  if (!deputy) return refuse('CoverAcrossAgencies', { field: 'person', agency: whose.agency.name });
  if (deputy.person === whose.person) return refuse('CoverOfOneself', { field: 'person' });
  if (from < today) return refuse('BeginsInThePast', { field: 'from' });
  if (until < from) return refuse('EndsBeforeItBegins', { field: 'until' });
  const days = { from, until };
  const decides = members.some(
    (each) => each.person === person && each.role === 'decision-maker' && !each.ended && overlaps(each, days),
  );
  if (role === 'partner-chair' && decides) return refuse('DeciderTakesNoTurn', { field: 'person' });
  return [
    {
      type: 'CoverGiven',
      cover: ids.cover,
      person,
      name: deputy.name,
      for: whose.person,
      forName: whose.name,
      agency: whose.agency,
      role,
      from,
      until,
      authorisedBy,
      why,
    },
  ];
}

/** A warning, never a block: stages that do not fit before the last day to notify, or are out of order. */
export function ladderWarnings(stages: Arrangements['ladder']): string[] {
  const late = stages.filter(({ byDay }) => byDay > notifyWithin);
  const unordered = stages.some(({ byDay }, index) => index > 0 && byDay < (stages[index - 1]?.byDay ?? 0));
  return [
    ...late.map(
      ({ number, byDay }) =>
        `Stage ${number} ends on working day ${byDay}, after the last day to notify, day ${notifyWithin}. The time to notify never pauses.`,
    ),
    ...(unordered ? ['A stage ends before the one ahead of it.'] : []),
  ];
}
