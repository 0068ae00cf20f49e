/** People typing at an even pace: how long until the others see it, and until the server says that it is kept. */
import { cpuOf } from './cpu.ts';
import type { At, Figures } from './job.ts';
import { during, quantile } from './quantile.ts';
import { makeRooms } from './seats.ts';
import { joinAll } from './together.ts';
import type { Typist } from './typist.ts';

const warmUp = 1_000;
/** How often the keys that are due are pressed, in milliseconds. */
const beat = 2;

type Shape = { rooms: number; people: number; keysPerSecond: number; seconds: number };

/** When one typist's messages went out: by clock for those who see them, by number for acknowledgements. */
type Sent = { byClock: Map<number, number>; byNumber: number[]; told: number };

export async function typing(at: At, { rooms, people, keysPerSecond, seconds }: Shape): Promise<Figures> {
  const { target } = at;
  const seats = (await makeRooms(target, at.address, rooms, people)).flat();
  const typists = await joinAll(target, seats);
  const acknowledges = target.speech !== 'plain';
  const sent = new Map<number, Sent>();
  const seen: number[] = [];
  const kept: number[] = [];
  let measuring = false;

  for (const typist of typists) {
    sent.set(typist.client, { byClock: new Map(), byNumber: [], told: 0 });
    typist.begin();
  }
  if (acknowledges) await Promise.all(typists.map((typist) => typist.settled()));
  for (const typist of typists) {
    const own = sent.get(typist.client) as Sent;
    const already = typist.sent;
    typist.onHeard = (heard, message) => {
      const now = performance.now();
      if (heard === 'update') {
        typist.brought(message, (client, from, length) => {
          const others = client === typist.client ? undefined : sent.get(client);
          if (!measuring || !others) return;
          for (let clock = from; clock < from + length; clock += 1) {
            const pressed = others.byClock.get(clock);
            if (pressed !== undefined) seen.push(now - pressed);
          }
        });
      } else if (heard === 'durable' || heard === 'applied') {
        for (; own.told < typist.acknowledged - already; own.told += 1) {
          if (measuring) kept.push(now - (own.byNumber[own.told] ?? Number.NaN));
        }
      }
    };
  }

  const stop = press(typists, keysPerSecond, (typist, clock) => {
    const own = sent.get(typist.client) as Sent;
    const now = performance.now();
    own.byClock.set(clock, now);
    own.byNumber.push(now);
  });
  await during(warmUp);
  measuring = true;
  const cpuBefore = cpuOf(at.pids);
  await during(seconds * 1000);
  const cpu = cpuOf(at.pids) - cpuBefore;
  measuring = false;
  stop();
  await Promise.all(typists.map((typist) => typist.close()));
  return {
    ...(acknowledges
      ? { 'acknowledged p50 ms': quantile(kept, 0.5), 'acknowledged p99 ms': quantile(kept, 0.99) }
      : {}),
    'seen p50 ms': quantile(seen, 0.5),
    'seen p99 ms': quantile(seen, 0.99),
    'deliveries per CPU second': seen.length / cpu,
    'CPU share': cpu / seconds,
  };
}

/** Presses keys, the typists taking turns so that the whole is even. Returns what ends it. */
function press(
  typists: readonly Typist[],
  keysPerSecond: number,
  onPressed: (typist: Typist, clock: number) => void,
): () => void {
  const perMillisecond = (typists.length * keysPerSecond) / 1000;
  const began = performance.now();
  let pressed = 0;
  const timer = setInterval(() => {
    const due = (performance.now() - began) * perMillisecond;
    for (; pressed < due; pressed += 1) {
      const typist = typists[pressed % typists.length] as Typist;
      onPressed(typist, typist.type());
    }
  }, beat);
  return () => clearInterval(timer);
}
