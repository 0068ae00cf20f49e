/** Looks, again and again, at what the database says of open rooms and of everyone in them: hints only make it sooner. */
import type { Capability } from '#schema/case.ts';
import type { RoomId } from '#schema/id.ts';
import { capabilityNow, sessionHolds } from '../standing.ts';
import type { RoomSocket } from './socket.ts';
import { list, type Run } from './statements.ts';

/** Where a room stands, on whatever process it was written. */
export type Heads = { record: number; notes: number; epoch: number };

/** The heads of rooms, by id. */
export async function readHeads(run: Run, rooms: readonly RoomId[]): Promise<Map<RoomId, Heads>> {
  if (rooms.length === 0) return new Map();
  const rows = await run('select id, head_seq, notes_seq, epoch from room where id = any($1::text[])', [list(rooms)]);
  return new Map(
    rows.map((row) => [
      String(row.id),
      { record: Number(row.head_seq), notes: Number(row.notes_seq), epoch: Number(row.epoch) },
    ]),
  );
}

/** What of a socket's right has ended: its session, its place in the room, or the terms it came in on. */
export type Ended = 'session' | 'place' | 'terms';

/**
 * For each socket whether it may stay as it is. One query for all. A session that ended, a person
 * who was disabled, a role or a cover that ended, a capability that changed.
 */
const statement = `
select asked.nth,
  ${sessionHolds('asked.session')} as signed_in,
  (select disabled_at is null from person where person.id = asked.person) as enabled,
  ${capabilityNow('asked.room', 'asked.person')} as capability,
  exists (
    select 1 from membership
    where person_id = asked.person and agency_id = asked.agency and role = asked.role
      and since <= now() and (until is null or until > now())
  ) as serves
from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
  as asked(nth, session, room, person, agency, role)`;

export async function readEnded(run: Run, sockets: readonly RoomSocket[]): Promise<Map<RoomSocket, Ended>> {
  if (sockets.length === 0) return new Map();
  const rows = await run(statement, [
    list(sockets.map((_, nth) => nth)),
    list(sockets.map(({ session }) => session)),
    list(sockets.map(({ room }) => room.id)),
    list(sockets.map(({ actor }) => actor.person)),
    list(sockets.map(({ actor }) => actor.agency.id)),
    list(sockets.map(({ actor }) => actor.role)),
  ]);
  const ended = new Map<RoomSocket, Ended>();
  for (const row of rows) {
    const socket = sockets[Number(row.nth)];
    if (!socket) throw new RangeError('The database answered for a socket that was not asked about');
    const capability = row.capability as Capability | null;
    if (row.signed_in !== true || row.enabled !== true) ended.set(socket, 'session');
    else if (capability === null) ended.set(socket, 'place');
    else if (capability !== socket.capability || row.serves !== true) ended.set(socket, 'terms');
  }
  return ended;
}
