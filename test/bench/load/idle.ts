/** People who have a note open and do nothing: what a connection costs while it is quiet. */
import { cpuOf, residentBytes } from './cpu.ts';
import { quiet } from './fill.ts';
import type { At, Figures } from './job.ts';
import { during } from './quantile.ts';
import { makeRooms } from './seats.ts';
import { joinAll } from './together.ts';

/** People in each room: a case with all its partners in it. */
const people = 10;

export async function idle(at: At, connections: number, seconds: number): Promise<Figures> {
  const seats = await makeRooms(at.target, at.address, connections / people, people);
  const before = residentBytes(at.pids.server);
  const typists = await joinAll(at.target, seats.flat());
  await quiet(at);
  const cpu = cpuOf(at.pids);
  await during(seconds * 1000);
  const used = cpuOf(at.pids) - cpu;
  const after = residentBytes(at.pids.server);
  await Promise.all(typists.map((typist) => typist.close()));
  return { 'CPU share': used / seconds, 'kB per connection': (after - before) / connections / 1000 };
}
