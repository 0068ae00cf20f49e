/** People who only move their cursors: what presence costs. */
import { cpuOf } from './cpu.ts';
import type { At, Figures } from './job.ts';
import { during } from './quantile.ts';
import { makeRooms } from './seats.ts';
import { joinAll } from './together.ts';

/** Moves of each cursor in a second: as many as an editor tells of somebody who types or drags. */
const movesPerSecond = 10;
const warmUp = 1_000;
/** How often the cursors that are due are moved, in milliseconds. */
const beat = 5;

export async function cursors(at: At, people: number, seconds: number): Promise<Figures> {
  const [seats = []] = await makeRooms(at.target, at.address, 1, people);
  const typists = await joinAll(at.target, seats);
  let moves = 0;
  let heard = 0;
  for (const typist of typists) {
    typist.onHeard = (what) => {
      if (what === 'presence') heard += 1;
    };
  }
  const began = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1000) * people * movesPerSecond;
    for (; moves < due; moves += 1) typists[moves % typists.length]?.moveCursor(moves);
  }, beat);
  await during(warmUp);
  const before = { cpu: cpuOf(at.pids), moves, heard };
  await during(seconds * 1000);
  const cpu = cpuOf(at.pids) - before.cpu;
  clearInterval(timer);
  const figures = {
    'CPU share': cpu / seconds,
    'moves per second': (moves - before.moves) / seconds,
    'messages heard per second': (heard - before.heard) / seconds,
  };
  await Promise.all(typists.map((typist) => typist.close()));
  return figures;
}
