/** When the days that are not counted change: which cases that moves, and what is then written in each. */
import { and, eq } from 'drizzle-orm';
import { holidaysOf, type Arrangements } from '#schema/arrangements.ts';
import { holidaysByDay, type Day, type Holidays } from '#schema/calendar.ts';
import type { CommandId, PartnershipId, RoomId } from '#schema/id.ts';
import { recounted } from '#schema/recount.ts';
import { fold, hasCase, type CaseRoom } from '#schema/room.ts';
import { room as roomTable } from '#schema/tables/index.ts';
import type { Hint } from './bus.ts';
import type { Sender } from './command.ts';
import { append, lockHead, type Folds } from './ledger.ts';
import { projectCase } from './projection/case.ts';
import { caseRoomOf } from './rights.ts';
import type { Database } from './store.ts';

/** A case whose last day to notify moves with a change of bank holidays. */
export type Recounted = { ref: string; before: Day; after: Day };

/** The open cases that this person is on whose last day to notify would move. Of other cases nothing is told. */
export async function wouldRecount(
  db: Database,
  folds: Folds,
  calendar: Arrangements['calendar'],
  { actor, partnership }: Sender,
): Promise<Recounted[]> {
  const moving: Recounted[] = [];
  const holidays = holidaysByDay(holidaysOf({ calendar }));
  for (const { state, moved } of await casesUnder(db, folds, partnership.id, holidays)) {
    if (!moved || moved.notifyBy === moved.before) continue;
    if (!(await caseRoomOf(db, state.case.ref, actor.person))) continue;
    moving.push({ ref: state.case.ref, before: moved.before, after: moved.notifyBy });
  }
  return moving.sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

/** Cases of the partnership, in the order of their rooms, with what moves in each under these holidays. */
async function casesUnder(
  tx: Database,
  folds: Folds,
  partnership: PartnershipId,
  holidays: Holidays,
): Promise<{ room: RoomId; state: CaseRoom; moved: ReturnType<typeof recounted> }[]> {
  const rooms = await tx
    .select({ id: roomTable.id })
    .from(roomTable)
    .where(and(eq(roomTable.partnership, partnership), eq(roomTable.kind, 'case')))
    .orderBy(roomTable.id);
  const cases: { room: RoomId; state: CaseRoom; moved: ReturnType<typeof recounted> }[] = [];
  for (const { id } of rooms) {
    const state = await folds.stateOf(tx, id);
    if (hasCase(state)) cases.push({ room: id, state, moved: recounted(state, holidays) });
  }
  return cases;
}

/**
 * Records in each case what moved, and why, so that its people see it. What time will do, and by when
 * things are asked, is worked out anew in every case: not all of it has a date in the record.
 */
export async function recountCases(
  tx: Database,
  folds: Folds,
  sender: Sender,
  { arrangements, why }: { arrangements: Arrangements; why: string },
  id: CommandId,
): Promise<Hint[]> {
  const hints: Hint[] = [];
  const holidays = holidaysByDay(holidaysOf(arrangements));
  const { id: partnership } = sender.partnership;
  for (const { room } of await casesUnder(tx, folds, partnership, holidays)) {
    const head = await lockHead(tx, room);
    const state = await folds.stateOf(tx, room);
    if (!hasCase(state)) continue;
    const moved = recounted(state, holidays);
    const entries = moved ? await append(tx, head, [{ type: 'ClockRecounted', ...moved, why }], sender.actor, id) : [];
    const after = fold(entries, state);
    if (hasCase(after)) await projectCase(tx, room, partnership, after);
    if (moved) hints.push({ kind: 'entries', room, seq: after.seq });
    hints.push({ kind: 'work', people: state.case.people.map(({ person }) => person) });
  }
  return hints;
}
