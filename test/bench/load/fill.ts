/** Puts content into rooms, and takes its time until the server has it. */
import { cpuOf } from './cpu.ts';
import type { At } from './job.ts';
import { during } from './quantile.ts';
import type { Seat } from './seats.ts';
import { Typist } from './typist.ts';

/** Messages that are sent before those before them are acknowledged. */
const ahead = 20;
const look = 250;

/** Sends `updates` as one client, who stays. */
export async function fill({ target }: At, seat: Seat, updates: readonly Uint8Array[]): Promise<Typist> {
  const typist = await Typist.join(target, seat);
  for (const update of updates) {
    typist.send(update);
    if (target.speech !== 'plain' && typist.sent % ahead === 0) await typist.settled();
  }
  // y-websocket acknowledges nothing; it answers in order.
  if (target.speech === 'plain') await typist.load();
  else await typist.settled();
  return typist;
}

/** Resolves once the server and its database rest: nothing of what came before is measured with what comes next. */
export async function quiet({ pids }: At): Promise<void> {
  let before = cpuOf(pids);
  for (;;) {
    await during(look);
    const now = cpuOf(pids);
    if (now - before < 0.02) return;
    before = now;
  }
}
