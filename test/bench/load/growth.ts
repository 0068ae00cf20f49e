/** Typing in a few rooms while many others are open and quiet: what an update costs as a service grows. */
import { residentBytes } from './cpu.ts';
import { fanOutIn } from './fan-out.ts';
import { quiet } from './fill.ts';
import type { At, Figures } from './job.ts';
import { makeRooms } from './seats.ts';
import { joinAll } from './together.ts';

const typedIn = { rooms: 10, people: 4 };

export async function growth(at: At, rooms: number, seconds: number): Promise<Figures> {
  const idle = rooms - typedIn.rooms;
  const seatsOfIdle = idle > 0 ? await makeRooms(at.target, at.address, idle, 1) : [];
  const staying = await joinAll(at.target, seatsOfIdle.flat());
  await quiet(at);
  const seats = await makeRooms(at.target, at.address, typedIn.rooms, typedIn.people);
  const figures = await fanOutIn(at, seats, seconds);
  const resident = residentBytes(at.pids.server);
  await Promise.all(staying.map((typist) => typist.close()));
  return { 'CPU µs per update': figures['CPU µs per update'] ?? Number.NaN, 'MB of memory': resident / 1e6 };
}
