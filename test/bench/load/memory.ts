/** What an open note that nobody types in costs, and what each further person in it. */
import { residentBytes } from './cpu.ts';
import { textOf } from './content.ts';
import type { At, Figures } from './job.ts';
import { during } from './quantile.ts';
import { makeRooms, type Seat } from './seats.ts';
import { fill } from './fill.ts';
import { Typist } from './typist.ts';

/** Bytes of text in each note. */
const text = 2_000;
/** Notes that are open before the first look, so that what a server makes once is not counted. */
const before = 50;
const look = 300;

export async function memory(at: At, notes: number): Promise<Figures> {
  const rooms = await makeRooms(at.target, at.address, before + notes, 2);
  const here: Typist[] = [];
  const open = async (seats: readonly Seat[]) => {
    for (const seat of seats) here.push(await openNote(at, seat));
  };
  const first = (from: number, to: number) => rooms.slice(from, to).map(([seat]) => seat as Seat);
  await open(first(0, before));
  const start = await settledBytes(at);
  await open(first(before, before + notes));
  const withOne = await settledBytes(at);
  for (const [, seat] of rooms.slice(before)) here.push(await Typist.join(at.target, seat as Seat));
  const withTwo = await settledBytes(at);
  await Promise.all(here.map((typist) => typist.close()));
  return {
    'kB per open note': (withOne - start) / notes / 1000,
    'kB per further connection': (withTwo - withOne) / notes / 1000,
    'MB at rest': start / 1e6,
  };
}

function openNote(at: At, seat: Seat): Promise<Typist> {
  return at.target.understands ? fill(at, seat, textOf(text)) : Typist.join(at.target, seat);
}

/** Resident bytes once garbage is collected and they no longer change. */
async function settledBytes({ pids }: At): Promise<number> {
  let last = 0;
  for (;;) {
    process.kill(pids.server, 'SIGUSR2');
    await during(look);
    const now = residentBytes(pids.server);
    if (Math.abs(now - last) < 100_000) return now;
    last = now;
  }
}
