/** The partnership's own record and lists, as the business unit reads them. Pure. */
import { partWords } from '#schema/administration.ts';
import { agencyKindWords, roleWords, statutoryKinds } from '#schema/agency.ts';
import { sayDay, type Day } from '#schema/calendar.ts';
import type { Entry } from '#schema/ledger.ts';
import type { Administration } from './read.ts';

/** One change: what was done, and the words that go with it. */
export type ToldChange = { title: string; lines: string[] };

const whyOf = (why: string) => `Why: ${why}`;

export function tellChange({ body }: Pick<Entry, 'body'>): ToldChange {
  if (!body) return { title: 'A change was recorded', lines: [] };
  switch (body.type) {
    case 'ArrangementsChanged': {
      const { version, from } = body.arrangements;
      const when = body.part === 'calendar' ? 'at once' : `from ${sayDay(from)}`;
      return { title: `${partWords[body.part]} changed: version ${version}, ${when}`, lines: [whyOf(body.why)] };
    }
    case 'AgencyAdded':
      return { title: `${body.agency.name} added to the partnership`, lines: [] };
    case 'RoleGiven': {
      const until = body.until ? ` to ${sayDay(body.until)}` : '';
      const role = `${roleWords[body.role]}, ${body.agency.name}, from ${sayDay(body.from)}${until}`;
      return { title: `${body.name} ${body.added ? 'added' : 'given a role'}: ${role}`, lines: [whyOf(body.why)] };
    }
    case 'PasswordGiven':
      return { title: `${body.name} given a new password`, lines: [whyOf(body.why)] };
    case 'PasskeyAdded':
      return { title: `${body.name} added a passkey: “${body.label}”`, lines: [] };
    case 'PasskeyRemoved':
      return { title: `${body.name} removed a passkey: “${body.label}”`, lines: [] };
    case 'RoleEnded': {
      const when = body.on === null ? 'at once' : `at the end of ${sayDay(body.on)}`;
      const role = `${roleWords[body.role]}, ${body.agency.name}`;
      return { title: `${body.name}’s role ended ${when}: ${role}`, lines: [whyOf(body.why)] };
    }
    case 'CoverGiven':
      return {
        title: `${body.name} covers for ${body.forName}, ${sayDay(body.from)} to ${sayDay(body.until)}`,
        lines: [
          `Role covered: ${roleWords[body.role]}, ${body.agency.name}`,
          `Authorised by: ${body.authorisedBy}`,
          whyOf(body.why),
        ],
      };
    case 'CoverEnded':
      return { title: `${body.name} no longer covers for ${body.forName}`, lines: [whyOf(body.why)] };
    default:
      return { title: 'A change was recorded', lines: [] };
  }
}

type Dated = { from: Day; until: Day | null };

/** "Since Monday 2 November 2026", "From ... to ...". */
export function sayTerm({ from, until }: Dated, today: Day): string {
  const begins = from > today ? `From ${sayDay(from)}` : `Since ${sayDay(from)}`;
  return until ? `${begins}, to the end of ${sayDay(until)}` : begins;
}

/** Statutory partners for which nobody gives positions today, by agency, or by kind where there is no agency of it. */
export function unspoken({ members, agencies }: Pick<Administration, 'members' | 'agencies'>, today: Day): string[] {
  const speaks = (id: string) =>
    members.some(
      ({ agency, role, from, ended }) => agency.id === id && role === 'position-holder' && !ended && from <= today,
    );
  return statutoryKinds.flatMap((kind) => {
    const ofKind = agencies.filter((each) => each.kind === kind);
    if (ofKind.length === 0) return [agencyKindWords[kind]];
    return ofKind.filter(({ id }) => !speaks(id)).map(({ name }) => name);
  });
}

/** Members by agency, those whose role is over left out. */
export function currentMembers({ members }: Pick<Administration, 'members'>): Administration['members'] {
  return members.filter(({ ended }) => !ended);
}
