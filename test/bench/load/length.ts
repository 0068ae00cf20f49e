/** Typing in notes of a given length: what an update costs as notes grow, with what a server does to the whole note once writing stops. */
import { textOf } from './content.ts';
import { cpuOf } from './cpu.ts';
import { typeTogether } from './fan-out.ts';
import { fill, quiet } from './fill.ts';
import type { At, Figures } from './job.ts';
import { during } from './quantile.ts';
import { makeRooms, type Seat } from './seats.ts';

/** People in the note, one of whom only reads. */
const people = 5;
/** Milliseconds after the last word in which every server has begun to store or merge the whole. */
const rest = 4_000;

export async function length(at: At, bytes: number, seconds: number): Promise<Figures> {
  const [seats] = await makeRooms(at.target, at.address, 1, people);
  const [keeper, ...others] = seats as [Seat, ...Seat[]];
  const keeping = await fill(at, keeper, textOf(bytes));
  await quiet(at);
  const before = cpuOf(at.pids);
  const { sent } = await typeTogether(at, [others], seconds);
  await during(rest);
  await quiet(at);
  const cpu = cpuOf(at.pids) - before;
  await keeping.close();
  return { 'CPU µs per update': (cpu * 1e6) / sent };
}
