/** The practice partnership, Northbeck: its invented people. */
import { and, eq } from 'drizzle-orm';
import type { Actor } from '#schema/actor.ts';
import type { PartnershipSetUp } from '#schema/partnership.ts';
import { agency, membership, partnership, person } from '#schema/tables/index.ts';
import { current } from '../auth/actor.ts';
import type { Database } from '../store.ts';

/** Everyone here is invented. One password for all: nothing behind it is real. */
export const practicePassword = 'northbeck practice only';

export const northbeck: PartnershipSetUp = {
  name: 'Northbeck Safeguarding Children Partnership',
  contact: {
    name: 'Northbeck business unit (practice)',
    phone: '01632 960 100',
    email: 'business.unit@northbeck.example',
  },
  agencies: [
    { kind: 'local-authority', name: 'Social care' },
    { kind: 'health', name: 'Health' },
    { kind: 'police', name: 'Police' },
    { kind: 'education', name: 'Education' },
    { kind: 'partnership', name: 'Partnership' },
  ],
  people: [
    {
      name: 'Amara Fenwick',
      email: 'amara.fenwick@health.northbeck.example',
      agency: 'Health',
      role: 'position-holder',
    },
    { name: 'Tomas Birch', email: 'tomas.birch@northbeck.example', agency: 'Social care', role: 'position-holder' },
    { name: 'Priya Lark', email: 'priya.lark@police.northbeck.example', agency: 'Police', role: 'position-holder' },
    {
      name: 'Wren Castle',
      email: 'wren.castle@education.northbeck.example',
      agency: 'Education',
      role: 'position-holder',
    },
    { name: 'Denis Marsh', email: 'denis.marsh@northbeck.example', agency: 'Social care', role: 'decision-maker' },
    {
      name: 'Beth Quill',
      email: 'beth.quill@northbeck.example',
      agency: 'Partnership',
      role: 'business-unit',
    },
    { name: 'Joan Alder', email: 'joan.alder@northbeck.example', agency: 'Partnership', role: 'chair' },
    { name: 'Cass Orme', email: 'cass.orme@northbeck.example', agency: 'Social care', role: 'lead-partner' },
    { name: 'Hal Winter', email: 'hal.winter@health.northbeck.example', agency: 'Health', role: 'lead-partner' },
    { name: 'Rae Stone', email: 'rae.stone@police.northbeck.example', agency: 'Police', role: 'lead-partner' },
    { name: 'Lena Frost', email: 'lena.frost@northbeck.example', agency: 'Social care', role: 'legal-adviser' },
    { name: 'Sam Heron', email: 'sam.heron@police.northbeck.example', agency: 'Police', role: 'contributor' },
  ],
};

const about: Record<string, string> = {
  'Amara Fenwick': 'Speaks for Health. Opened most practice cases.',
  'Tomas Birch': 'Speaks for Social care, the local authority.',
  'Priya Lark': 'Speaks for Police. Raised the newest case; recorded disagreement on the decided one.',
  'Wren Castle': 'Speaks for Education. Is on no practice case, and so sees none.',
  'Denis Marsh':
    'Decides for the local authority and answers each disagreement. Has a notification still to send, and reasons to give.',
  'Beth Quill': 'Business unit. Looks after the partnership; is on no practice case.',
  'Cass Orme': 'Chief executive of the local authority. Sees a case when a disagreement reaches the lead partners.',
  'Hal Winter': 'Chief executive of the health board. Has given a view on one practice case.',
  'Rae Stone': 'Chief constable. Owes a view on one practice case.',
  'Lena Frost': 'Legal adviser of the local authority. Is on one practice case, with a room of its own for advice.',
  'Sam Heron': 'Works on the newest case for Police, without speaking for the agency.',
  'Joan Alder': 'Independent Chair. Told first, sees every case, leads resolution, gives no position.',
};

export type PracticePerson = Pick<Actor, 'person' | 'name' | 'agency' | 'role'> & { about: string };

/** The people a newcomer may become with one press. Never anyone of a real partnership. */
export async function practicePeople(db: Database): Promise<PracticePerson[]> {
  const rows = await db
    .selectDistinctOn([person.id], {
      person: person.id,
      name: person.name,
      agency: { id: agency.id, kind: agency.kind, name: agency.name },
      role: membership.role,
    })
    .from(membership)
    .innerJoin(person, eq(person.id, membership.person))
    .innerJoin(agency, eq(agency.id, membership.agency))
    .innerJoin(partnership, eq(partnership.id, membership.partnership))
    .where(and(eq(partnership.practice, true), current))
    .orderBy(person.id, membership.since, membership.id);
  const order = northbeck.people.map(({ name }) => name);
  return rows
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    .map((row) => ({ ...row, about: about[row.name] ?? '' }));
}
