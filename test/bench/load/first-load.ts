/** Opening a large note: one after another, twenty at once, and first after a restart. */
import { historyFrom } from './content.ts';
import { cpuOf } from './cpu.ts';
import { fill, quiet } from './fill.ts';
import type { At, Figures } from './job.ts';
import { during, median } from './quantile.ts';
import { makeRooms, type Rooms, type Seat } from './seats.ts';
import { Typist } from './typist.ts';

const atOnce = 20;
/** Times each of them opens it, one after another: the CPU they cost is known to ten milliseconds in all. */
const rounds = 5;
/** Milliseconds after the last word: every server has by then done what it does once writing stops. */
const rest = 5_000;

export async function firstLoad(
  at: At,
  trace: string | null,
  traces: number,
): Promise<{ figures: Figures; rooms: Rooms }> {
  const rooms = await makeRooms(at.target, at.address, 1, atOnce + 1);
  const [keeper, ...readers] = rooms[0] as [Seat, ...Seat[]];
  const keeping = await fill(at, keeper, historyFrom(trace, traces));
  await during(rest);
  await quiet(at);

  const cpuBefore = cpuOf(at.pids);
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const seat of readers) {
      const { took, received } = await load(at, seat);
      times.push(took);
      bytes = received;
    }
  }
  const cpu = cpuOf(at.pids) - cpuBefore;
  await quiet(at);
  const began = performance.now();
  const all = await Promise.all(readers.map((seat) => load(at, seat)));
  const together = performance.now() - began;
  await keeping.close();
  return {
    figures: {
      'load ms': median(times),
      'server CPU ms per load': (cpu * 1000) / times.length,
      bytes: bytes,
      'all of 20 at once ms': together,
      'median of 20 at once ms': median(all.map(({ took }) => took)),
    },
    rooms,
  };
}

/** The first load after the server has started anew on the same store. */
export async function loadAgain(at: At, rooms: Rooms): Promise<Figures> {
  const { took, received } = await load(at, rooms[0]?.[0] as Seat);
  return { 'after restart ms': took, 'after restart bytes': received };
}

/** From the first byte of the connection to the last of the document. */
async function load({ target }: At, seat: Seat): Promise<{ took: number; received: number }> {
  const began = performance.now();
  const typist = await Typist.join(target, seat);
  const took = performance.now() - began;
  const received = typist.bytes;
  await typist.close();
  return { took, received };
}
