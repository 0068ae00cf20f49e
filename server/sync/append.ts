/** Appends to the notes' log: one statement, one round trip, one commit for many rooms. */
import type { PersonId, RoomId } from '#schema/id.ts';
import { list, type Run } from './statements.ts';

/** What one connection wrote in one room since the last commit. */
export type NewRow = {
  person: PersonId;
  connection: string;
  /** Whose signed-in session it came by; null for the service itself writing for a person. */
  session: string | null;
  updates: Uint8Array;
};
/** Rows for one room, on top of the last row known here. */
export type NewRows = { room: RoomId; onto: number; rows: readonly NewRow[] };

export type Appended =
  /** Rows `onto + 1` and on, in the order given; `refused` are the places of rows whose writer may no longer write. */
  | { is: 'stored'; refused: number[] }
  /** Somebody else has written: read on, judge again, try again. */
  | { is: 'behind' };

/**
 * The room's row is locked and its last sequence compared before anything is written: two processes
 * cannot both append on top of the same row, so no update is stored that was judged against less
 * than all before it. Rooms are locked in the order of their ids, so that two commits cannot wait
 * for each other. Whether each writer may still write is asked in the same statement: nothing is
 * accepted after a revocation has committed (R18).
 */
const statement = `
with asked as (
  select id, onto from unnest($1::text[], $2::bigint[]) as asked(id, onto)
),
locked as materialized (
  select room.id, room.notes_seq from room join asked on asked.id = room.id
  order by room.id for no key update of room
),
given as (
  select ($1::text[])[room] as room, nth, person, connection, session, at_byte, bytes
  from unnest($3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[])
    as given(room, nth, person, connection, session, at_byte, bytes)
),
allowed as (
  select given.*, asked.onto + row_number() over (partition by given.room order by given.nth) as seq
  from given
  join asked on asked.id = given.room
  join locked on locked.id = given.room and locked.notes_seq = asked.onto
  where given.session = '-' or (
    exists (select 1 from session where session.id = given.session and session.expires_at > now())
    and exists (
      select 1 from room_member
      where room_member.room_id = given.room and room_member.person_id = given.person
        and room_member.capability = 'write' and (room_member.until is null or room_member.until > now())
    )
  )
),
moved as (
  update room set notes_seq = counted.seq
  from (select room, max(seq) as seq from allowed group by room) as counted
  where room.id = counted.room
),
stored as (
  insert into room_update (room_id, seq, person_id, connection_id, updates)
  select room, seq, person, connection, substr($10::bytea, at_byte, bytes) from allowed
)
select locked.id as room, locked.notes_seq as was, array_agg(allowed.nth) as nths
from locked left join allowed on allowed.room = locked.id
group by locked.id, locked.notes_seq`;

/** Appends `batch`, whose rooms must differ. One answer for each room, in the same order. Throws when nothing is known to be stored. */
export async function append(run: Run, batch: readonly NewRows[]): Promise<Appended[]> {
  const rows = batch.flatMap(({ rows }, place) => rows.map((row, nth) => ({ ...row, place: place + 1, nth })));
  const bytes = Buffer.concat(rows.map(({ updates }) => updates));
  let at = 1;
  const starts = rows.map(({ updates }) => {
    const start = at;
    at += updates.length;
    return start;
  });
  const answered = await run(statement, [
    list(batch.map(({ room }) => room)),
    list(batch.map(({ onto }) => onto)),
    list(rows.map(({ place }) => place)),
    list(rows.map(({ nth }) => nth)),
    list(rows.map(({ person }) => person)),
    list(rows.map(({ connection }) => connection)),
    list(rows.map(({ session }) => session ?? '-')),
    list(starts),
    list(rows.map(({ updates }) => updates.length)),
    bytes,
  ]);
  const byRoom = new Map(answered.map((row) => [row.room, row]));
  return batch.map(({ room, onto, rows }) => {
    const row = byRoom.get(room);
    if (!row) throw new Error(`No room ${room}`);
    if (Number(row.was) !== onto) return { is: 'behind' };
    const stored = new Set(Array.isArray(row.nths) ? row.nths : []);
    return { is: 'stored', refused: rows.flatMap((_, nth) => (stored.has(nth) ? [] : [nth])) };
  });
}
