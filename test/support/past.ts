/** What happened in the practice partnership before a story begins: acts by the routes, at whatever time they were done. */
import { eq, sql } from 'drizzle-orm';
import { pino } from 'pino';
import { dayOf, type Day } from '#schema/calendar.ts';
import type { CaseDetails } from '#schema/case.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import { newId } from '#schema/id.ts';
import { passkey, room, roomUpdate } from '#schema/tables/index.ts';
import { openStore } from '#server/store.ts';
import type { Place } from './database.ts';
import type { Device } from './device.ts';
import { createWorld, type Caller } from './world.ts';

export type Past = {
  /** What is done from now on is done at this moment; null for the present. */
  at: (day: Day | null) => void;
  /** Opens a case in which the three statutory partners take part. */
  open: (details: CaseDetails) => Promise<{ ref: string; room: string }>;
  /** Answers with the last entry that it wrote. */
  act: (room: string, name: string, command: RoomCommandInput) => Promise<number>;
  /** Adds a passkey of theirs, long enough ago for it to sign. */
  enrol: (name: string, device: Device, label: string) => Promise<void>;
  /** Puts a row into the log of a room's notes that nobody can read. */
  spoilNotes: (room: string, name: string) => Promise<number>;
};

/** Plays what came before on a practice place that no service is using. */
export async function playBefore(place: Place, play: (past: Past) => Promise<void>): Promise<void> {
  let day: Day | null = null;
  const log = pino({ level: 'warn' });
  const store = await openStore({ databaseUrl: place.databaseUrl, folder: place.folder, log });
  const time = async () => (day === null ? new Date().toISOString() : `${day}T10:00:00.000000Z`);
  const world = await createWorld(store.db, { time, setUp: null });
  const callers = new Map<string, Caller>();
  const called = async (name: string) => {
    const caller = callers.get(name) ?? (await world.as(name));
    callers.set(name, caller);
    return caller;
  };
  try {
    await play({
      at: (other) => (day = other),
      async open(details) {
        const speakers = ['Tomas Birch', 'Amara Fenwick', 'Priya Lark'].map(
          (name) => world.people.find((each) => each.name === name) ?? { agency: { id: '' }, person: '' },
        );
        const takingPart = speakers.map(({ agency, person }) => ({ agency: agency.id, speaker: person }));
        const command = { type: 'OpenCase', details, takingPart };
        const { status, body, text } = await (
          await called('Amara Fenwick')
        ).send('POST', '/cases', { id: newId(), command });
        if (status !== 201) throw new Error(`Opening a case was answered ${status}: ${text}`);
        return body as { ref: string; room: string };
      },
      async act(room, name, command) {
        const { status, body, text } = await (await called(name)).act(room, command);
        if (status >= 300) throw new Error(`${command.type} was answered ${status}: ${text}`);
        return Number(body['lastSeq']);
      },
      async enrol(name, device, label) {
        const caller = await called(name);
        const { body } = await caller.send('POST', '/passkeys/options', {});
        const response = device.made(String(body['challenge']), 'http://localhost');
        const { status, text } = await caller.send('POST', '/passkeys', { id: newId(), label, response });
        if (status !== 201) throw new Error(`Adding a passkey was answered ${status}: ${text}`);
        const at = sql`${passkey.at} - interval '2 days'`;
        await store.db.update(passkey).set({ at }).where(eq(passkey.id, device.id));
      },
      async spoilNotes(of, name) {
        const { person } = (await called(name)).actor;
        const [moved] = await store.db
          .update(room)
          .set({ notesSeq: sql`${room.notesSeq} + 1` })
          .where(eq(room.id, of))
          .returning({ seq: room.notesSeq });
        if (!moved) throw new Error(`No room ${of}`);
        const updates = new Uint8Array(20).fill(0xff);
        await store.db.insert(roomUpdate).values({ room: of, seq: moved.seq, person, connection: 'none', updates });
        return moved.seq;
      },
    });
  } finally {
    await world.close();
    await store.close();
  }
}

/** Today in London. */
export const todayHere = (): Day => dayOf(new Date().toISOString());
