/** Appends to the notes' log: one statement, one round trip, one commit for many rooms. */
import type { PersonId, RoomId } from '#schema/id.ts';
import { hasWaitedInVain } from '../log.ts';
import { capabilityNow, sessionHolds } from '../standing.ts';
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
export type NewRows = { room: RoomId; epoch: number; onto: number; rows: readonly NewRow[] };

export type Appended =
  /** Rows `onto + 1` and on, in the order given. */
  | { is: 'stored' }
  /** Nothing of it: the writers at these places may no longer write here, or wrote on a copy that has been voided. */
  | { is: 'barred'; places: number[] }
  /** Nothing of it: somebody else has written. Read on, judge again, try again. */
  | { is: 'behind' }
  /** Nothing of it: something else is being recorded in the room. Try again. */
  | { is: 'held' };

/** Told in place of a row's sequence where every copy of the room has been voided; and where the room's row is held. */
const voided = 0;
const held = -1;

/**
 * A room's row is changed only while its last sequence is the one known here. Two processes cannot
 * both append on top of the same row, so nothing is stored that was judged against less than all
 * before it; and a commit whose answer was lost is not done twice. Rooms come in the order of their
 * ids, so that two commits cannot wait for each other. Whether each writer may still write is asked
 * in the same statement, and so is whether the room's epoch is the one they wrote in: none that
 * begins after a revocation has committed stores anything (R18), nor after a new epoch (T18).
 *
 * An act too holds the room's row while it is recorded. Waiting for it costs least where it takes a
 * moment; `passing` over what is held lets all other rooms go on where it takes longer.
 */
const statementFor = (passing: boolean): string => `
with ${passing ? free : ''}
barred as materialized (
  select given.room, given.seq
  from unnest($4::text[], $5::bigint[], $6::text[], $8::text[]) as given(room, seq, person, session)
  where given.session <> '-' and (
    ${sessionHolds('given.session')} is not true
    or ${capabilityNow('given.room', 'given.person')} is distinct from 'write'
  )
),
moved as (
  update room set notes_seq = asked.onto + asked.rows
  from unnest($1::text[], $2::bigint[], $3::int[], $12::int[]) as asked(id, onto, rows, epoch)
  where room.id = asked.id and room.notes_seq = asked.onto and room.epoch = asked.epoch
    and not exists (select from barred where barred.room = asked.id)
    ${passing ? 'and asked.id in (select id from free)' : ''}
  returning room.id
),
stored as (
  insert into room_update (room_id, seq, person_id, connection_id, updates)
  select given.room, given.seq, given.person, given.connection, substr($11::bytea, given.at_byte, given.bytes)
  from unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $9::int[], $10::int[])
    as given(room, seq, person, connection, at_byte, bytes)
  where given.room in (select id from moved)
)
select id as room, null::bigint as seq from moved
union all
select room, seq from barred
union all
select asked.id, ${voided} from unnest($1::text[], $12::int[]) as asked(id, epoch)
where (select epoch from room where room.id = asked.id) is distinct from asked.epoch
${passing ? isHeld : ''}`;

const free = `free as materialized (
  select id from room where id = any($1::text[]) order by id for no key update skip locked
),`;
const isHeld = `
union all
select asked.id, ${held} from unnest($1::text[]) as asked(id) where asked.id not in (select id from free)`;

const waiting = statementFor(false);
const passing = statementFor(true);

/** Appends `batch`, whose rooms must differ. One answer for each room, in the same order. Throws when nothing is known to be stored. */
export async function append(run: Run, batch: readonly NewRows[]): Promise<Appended[]> {
  const rows = batch.flatMap(({ room, onto, rows }) =>
    rows.map((row, place) => ({ ...row, room, seq: onto + 1 + place })),
  );
  const bytes = Buffer.concat(rows.map(({ updates }) => updates));
  let at = 1;
  const starts = rows.map(({ updates }) => {
    const start = at;
    at += updates.length;
    return start;
  });
  const asked = [
    list(batch.map(({ room }) => room)),
    list(batch.map(({ onto }) => onto)),
    list(batch.map(({ rows }) => rows.length)),
    list(rows.map(({ room }) => room)),
    list(rows.map(({ seq }) => seq)),
    list(rows.map(({ person }) => person)),
    list(rows.map(({ connection }) => connection)),
    list(rows.map(({ session }) => session ?? '-')),
    list(starts),
    list(rows.map(({ updates }) => updates.length)),
    bytes,
    list(batch.map(({ epoch }) => epoch)),
  ];
  const answered = await run(waiting, asked).catch((error: unknown) => {
    if (!hasWaitedInVain(error)) throw error;
    return run(passing, asked);
  });
  const stored = new Set<unknown>();
  const barred = new Map<unknown, Set<number>>();
  for (const { room, seq } of answered) {
    if (seq === null) stored.add(room);
    else barred.set(room, (barred.get(room) ?? new Set()).add(Number(seq)));
  }
  return batch.map(({ room, onto, rows }) => {
    if (stored.has(room)) return { is: 'stored' };
    const seqs = barred.get(room);
    if (!seqs) return { is: 'behind' };
    if (seqs.has(held)) return { is: 'held' };
    const places = [...rows.keys()];
    return { is: 'barred', places: seqs.has(voided) ? places : places.filter((place) => seqs.has(onto + 1 + place)) };
  });
}
