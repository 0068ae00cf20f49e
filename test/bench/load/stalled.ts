/** Readers that stop reading, in a room where people type: what they cost the server and those who read. */
import { residentBytes } from './cpu.ts';
import { fanOutIn } from './fan-out.ts';
import type { At, Figures } from './job.ts';
import { makeRooms } from './seats.ts';
import { joinAll } from './together.ts';

const typing = 10;
const stalling = 20;

export async function stalled(at: At, seconds: number): Promise<Figures> {
  const [seats = []] = await makeRooms(at.target, at.address, 1, typing + stalling);
  const readers = await joinAll(at.target, seats.slice(typing));
  const before = residentBytes(at.pids.server);
  for (const reader of readers) reader.stopReading();
  const figures = await fanOutIn(at, [seats.slice(0, typing)], seconds);
  const after = residentBytes(at.pids.server);
  for (const reader of readers) reader.leave();
  return {
    'CPU µs per update': figures['CPU µs per update'] ?? Number.NaN,
    'updates per second': figures['updates per second'] ?? Number.NaN,
    'MB more per reader that stopped': (after - before) / 1e6 / stalling,
  };
}
