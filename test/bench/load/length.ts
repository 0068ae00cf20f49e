/** Typing in notes of a given length: what an update costs as notes grow. */
import { textOf } from './content.ts';
import { fanOutIn } from './fan-out.ts';
import { fill, quiet } from './fill.ts';
import type { At, Figures } from './job.ts';
import { makeRooms, type Seat } from './seats.ts';

/** People in the note, one of whom only reads. */
const people = 5;

export async function length(at: At, bytes: number, seconds: number): Promise<Figures> {
  const [seats] = await makeRooms(at.target, at.address, 1, people);
  const [keeper, ...others] = seats as [Seat, ...Seat[]];
  const keeping = await fill(at, keeper, textOf(bytes));
  await quiet(at);
  const figures = await fanOutIn(at, [others], seconds);
  await keeping.close();
  return { 'CPU µs per update': figures['CPU µs per update'] ?? Number.NaN };
}
