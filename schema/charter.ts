/** The charter of roles: what each is called, what it is for and where it ends, in the partnership's own words, version by version. */
import { z } from 'zod';
import type { PersonRole } from './agency.ts';
import type { Arrangements } from './arrangements.ts';
import type { Day } from './calendar.ts';
import { optionalText, shortText, text } from './fields.ts';
import { canonical } from './ledger.ts';

const sentences = 500;
const words = {
  /** What it is for, and how somebody comes to act in it. */
  use: text('Say when the role is used', sentences),
  /** What the partners have agreed beyond what the service lets it do; empty where nothing is. */
  may: optionalText(sentences),
  limits: text('Say where the role ends', sentences),
};
const named = z.strictObject({ name: text('Enter what the role is called', shortText), ...words });
/** What the Chair is called is agreed by itself: `chairTitle` of the arrangements. */
const unnamed = z.strictObject(words);

export const charterWording = z.strictObject({
  'position-holder': named,
  contributor: named,
  'decision-maker': named,
  chair: unnamed,
  'partner-chair': named,
  'lead-partner': named,
  'legal-adviser': named,
  'business-unit': named,
} satisfies Record<PersonRole, typeof named | typeof unnamed>);
export type Charter = z.infer<typeof charterWording>;

/** Every role in the order in which the charter tells of them. */
export const charterRoles = Object.keys(charterWording.shape) as PersonRole[];

/** What a partnership starts with. Each limit is a rule of the service, said in words. */
export const firstCharter: Charter = {
  'position-holder': {
    name: 'Position-holder',
    use: 'One named person who speaks for their agency on a case: its account, its position and its disagreement. Named when the case is raised.',
    may: '',
    limits:
      'A position cannot be changed or taken back once it is given: a new one follows it, and both stay. Nobody disagrees for the local authority with its own decision. Outside the three statutory partners there is no position to give.',
  },
  contributor: {
    name: 'Contributor',
    use: 'Works on cases for an agency: brings facts, writes notes, asks and answers questions. Comes onto a case by raising it, or is let in by whoever speaks or decides for the agency.',
    may: '',
    limits: 'Does not speak for the agency: gives no position and records no disagreement.',
  },
  'decision-maker': {
    name: 'Decision-maker of the local authority',
    use: 'Decides for the local authority whether to notify, within five working days of the day it became aware. Comes onto every case.',
    may: '',
    limits:
      'Cannot sign while a partner’s disagreement has no answer, or a criterion no reason. Never leads resolution: nobody leads the partners to a view and then decides on it.',
  },
  chair: {
    use: 'Independent of every agency. Told first, sees every case, and leads resolution where views differ.',
    may: '',
    limits:
      'Gives no position and does not decide. Does not read sealed positions, an agency’s working notes or its legal advice.',
  },
  'partner-chair': {
    name: 'Partner chair in rotation',
    use: 'Where partners take turns to chair: calls and leads sessions of resolution for some days. One person at a time, of a statutory partner. Comes onto every open case.',
    may: '',
    limits:
      'Gives no answer for their agency in a session that they lead: a colleague does. Does not decide for the local authority while it is their turn.',
  },
  'lead-partner': {
    name: 'Lead partner',
    use: 'The head of a statutory partner. Comes onto a case once a disagreement has reached the lead partners, and gives a view.',
    may: '',
    limits: 'Their view binds nobody: the decision stays the local authority’s.',
  },
  'legal-adviser': {
    name: 'Legal adviser',
    use: 'Advises one agency, in a room that only those who take the advice read. The record says that advice was taken, and when. Let into a case by whoever speaks or decides for the agency.',
    may: '',
    limits: 'Gives no position, writes nothing in the common notes, and does not reopen a case.',
  },
  'business-unit': {
    name: 'Business unit',
    use: 'Looks after the partnership: who serves in it, what it has agreed, its letters and its reviews. Comes onto a case by raising it, or is let in by the Chair.',
    may: '',
    limits: 'Sees only the cases they are on. Gives no position, records no disagreement and does not decide.',
  },
};

/** A charter from before there was some role holds nothing of it: there, what a partnership starts with. */
export function wholeCharter(agreed: Partial<Charter> = {}): Charter {
  return { ...firstCharter, ...agreed };
}

type Worded = Pick<Arrangements, 'chairTitle' | 'charter'>;

/** What the role is called here. */
export function nameOfRole(role: PersonRole, { chairTitle, charter }: Worded): string {
  return role === 'chair' ? chairTitle : charter[role].name;
}

/** The charter as it is or was in force from a day. */
export type Chartered = Worded & { version: number; from: Day };

/** Each wording there has been or is planned, the first first; without versions that changed no word of it or never took effect. */
export function chartersOf(versions: readonly Arrangements[]): Chartered[] {
  const inTurn = versions
    .map(({ version, from, chairTitle, charter }) => ({ version, from, chairTitle, charter }))
    .filter(({ version, from }) => !versions.some((later) => later.version > version && later.from <= from));
  return inTurn.filter((each, index) => {
    const before = inTurn[index - 1];
    return !before || canonical(saidIn(each)) !== canonical(saidIn(before));
  });
}

const saidIn = ({ chairTitle, charter }: Worded) => ({ chairTitle, charter });
