/** Read-side lists: what this person may see, and nothing derived from anything else. */
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { isStatutoryPartner } from '#schema/agency.ts';
import { holds, asThemselves, seesEveryCase, type Actor } from '#schema/actor.ts';
import type { AgencyId, PartnershipId, PersonId, RoomId } from '#schema/id.ts';
import type { RegisterRow } from '#schema/register.ts';
import { draft, register, room, roomMember, workItem, person as personTable } from '#schema/tables/index.ts';
import type { Need } from '#schema/work.ts';
import { isOrIsCoveredBy } from './cover.ts';
import { stillMember } from './rights.ts';
import type { Database } from './store.ts';

/** A need with a first day is not asked before it; days are those of London. */
const askedToday = sql`coalesce(${workItem.need} ->> 'from', '') <= to_char(now() at time zone 'Europe/London', 'YYYY-MM-DD')`;

/** What needs this person, or a colleague they cover for today, by clock. */
export async function needsFor(db: Database, person: PersonId): Promise<(Need & { ref: string; room: RoomId })[]> {
  const rows = await db
    .select({ need: workItem.need, ref: room.ref, room: room.id })
    .from(workItem)
    .innerJoin(room, eq(room.id, workItem.room))
    .innerJoin(roomMember, and(eq(roomMember.room, room.id), eq(roomMember.person, workItem.person)))
    .where(and(isOrIsCoveredBy(workItem.person, person), stillMember, askedToday))
    .orderBy(sql`${workItem.need} ->> 'due'`, asc(room.ref), asc(workItem.position));
  return rows.map(({ need, ref, room }) => ({ ...need, ref: ref ?? '', room }));
}

/** The cases this person is admitted to, soonest clock first among the undecided, decided ones after. */
export async function casesOf(db: Database, person: PersonId): Promise<(RegisterRow & { room: RoomId })[]> {
  const rows = await db
    .select({ row: register.row, room: register.room })
    .from(register)
    .innerJoin(roomMember, and(eq(roomMember.room, register.room), isOrIsCoveredBy(roomMember.person, person)))
    .where(stillMember);
  // Once, for whoever is on a case and covers for somebody else on it.
  return [...new Map(rows.map((each) => [each.room, each])).values()]
    .map(({ row, room }) => ({ ...row, room }))
    .sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || (a.notifyBy < b.notifyBy ? -1 : 1));
}

/** Decided here, or another authority's to decide: its last day to notify asks nothing of us. */
function isOver({ decidedAt, acceptedBy }: RegisterRow): boolean {
  return decidedAt !== null || Boolean(acceptedBy);
}

/**
 * The register: every case considered. The Chair sees every one of the partnership; others see
 * those they are admitted to, so that the register tells nobody of a case they are kept out of.
 */
export async function registerFor(
  db: Database,
  actor: Actor,
  partnership: PartnershipId,
): Promise<{ rows: RegisterRow[]; seesEvery: boolean }> {
  if (!seesEveryCase(actor)) {
    const rows = await casesOf(db, actor.person);
    return { rows: rows.map(({ room, ...row }) => row).sort(newestFirst), seesEvery: false };
  }
  const rows = await db
    .select({ row: register.row })
    .from(register)
    .where(eq(register.partnership, partnership))
    .orderBy(desc(sql`${register.row} ->> 'openedAt'`));
  return { rows: rows.map(({ row }) => row), seesEvery: true };
}

function newestFirst(a: RegisterRow, b: RegisterRow): number {
  return a.openedAt < b.openedAt ? 1 : -1;
}

export const draftForms = [
  'reopen',
  'reasons',
  'return',
  'sufficiency',
  'review-view',
  'position',
  'dissent',
  'decision',
  'resolution',
  'outcome',
  'lead-view',
  'question',
] as const;
export type DraftForm = (typeof draftForms)[number];
export type Draft = {
  form: string;
  agency: AgencyId;
  at: string;
  person: PersonId;
  body: Record<string, unknown> | null;
};

/** Forms begun in a room. Another agency's words are not sent; that it has begun is. */
export async function draftsFor(db: Database, roomId: RoomId, reader: Actor): Promise<Draft[]> {
  const rows = await db.select().from(draft).where(eq(draft.room, roomId));
  return rows.map(({ form, agency, at, person, body }) => ({
    form,
    agency,
    at,
    person,
    body: agency === reader.agency.id ? (JSON.parse(body) as Record<string, unknown>) : null,
  }));
}

/** When it was saved; or who had saved it meanwhile, in which case nothing was. */
export type SavedDraft = { at: string } | { meanwhile: { name: string; at: string } };

/**
 * Saves a form's draft over the one that `since` names, the moment of the draft it was begun from
 * (null: none). Where a colleague has saved another meanwhile, theirs stays, and the saver is told
 * who and when: two people of one agency never overwrite each other unawares.
 */
export async function saveDraft(
  db: Database,
  roomId: RoomId,
  by: Actor,
  form: DraftForm,
  { body: fields, since }: { body: Record<string, unknown>; since: string | null },
): Promise<SavedDraft> {
  const body = JSON.stringify(fields);
  const row = { room: roomId, agency: by.agency.id, form, person: by.person, body };
  const [saved] = await db
    .insert(draft)
    .values(row)
    .onConflictDoUpdate({
      target: [draft.room, draft.agency, draft.form],
      set: { body, person: by.person, at: sql`clock_timestamp()` },
      setWhere: sql`${draft.person} = ${by.person} or ${draft.body} = '{}' or ${draft.at} = ${since}::timestamptz`,
    })
    .returning({ at: draft.at });
  if (saved) return saved;
  const [other] = await db
    .select({ name: personTable.name, at: draft.at })
    .from(draft)
    .innerJoin(personTable, eq(personTable.id, draft.person))
    .where(and(eq(draft.room, roomId), eq(draft.agency, by.agency.id), eq(draft.form, form)));
  if (!other) throw new Error('The draft was not stored');
  return { meanwhile: other };
}

/** Who may be asked to take part in a new case: each agency with those who speak for it. */
export function speakersOf(people: readonly Actor[]) {
  const speakers = people.filter(
    (person) => holds(asThemselves(person), 'position-holder') && person.agency.kind !== 'partnership',
  );
  const agencies = new Map(speakers.map(({ agency }) => [agency.id, agency]));
  return [...agencies.values()]
    .sort((a, b) => Number(isStatutoryPartner(b)) - Number(isStatutoryPartner(a)))
    .map((agency) => ({
      agency,
      speakers: speakers.filter((each) => each.agency.id === agency.id).map(({ person, name }) => ({ person, name })),
    }));
}
