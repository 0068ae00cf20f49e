/** Everyone types as fast as the others hear: how many useful deliveries a second of CPU buys. */
import { cpuOf, databaseCpuOf } from './cpu.ts';
import type { At, Figures } from './job.ts';
import { during } from './quantile.ts';
import { makeRooms, type Rooms } from './seats.ts';
import { joinAll } from './together.ts';
import type { Typist } from './typist.ts';

/** Updates that each typist may have on their way to the others, where a workload does not say. */
export const onTheirWay = 16;
const warmUp = 1_000;

type Shape = { rooms: number; people: number; seconds: number; ahead?: number };

export async function fanOut(at: At, shape: Shape): Promise<Figures> {
  return fanOutIn(at, await makeRooms(at.target, at.address, shape.rooms, shape.people), shape.seconds, shape.ahead);
}

/** The same in rooms that are there already. */
export async function fanOutIn(at: At, seats: Rooms, seconds: number, ahead = onTheirWay): Promise<Figures> {
  return (await typeTogether(at, seats, seconds, ahead)).figures;
}

/** The same with how much was typed in all, what came before and after the measurement too. */
export async function typeTogether(
  at: At,
  seats: Rooms,
  seconds: number,
  ahead = onTheirWay,
): Promise<{ figures: Figures; sent: number }> {
  const typists = await joinAll(at.target, seats.flat());
  const circles = seats.map((each) => new Circle(typists.splice(0, each.length), at.target.echoes, ahead));
  for (const circle of circles) circle.begin();
  await during(warmUp);

  const cpuBefore = cpuOf(at.pids);
  const databaseBefore = databaseCpuOf(at.pids);
  const before = total(circles);
  const began = performance.now();
  await during(seconds * 1000);
  const cpu = cpuOf(at.pids) - cpuBefore;
  const database = databaseCpuOf(at.pids) - databaseBefore;
  const took = (performance.now() - began) / 1000;
  const after = total(circles);

  await Promise.all(circles.map((circle) => circle.close()));
  const deliveries = after.deliveries - before.deliveries;
  const updates = after.sent - before.sent;
  const figures = {
    'deliveries per CPU second': deliveries / cpu,
    'deliveries per second': deliveries / took,
    'updates per second': updates / took,
    'CPU µs per update': (cpu * 1e6) / updates,
    'CPU share': cpu / took,
    'of it database': database / took,
  };
  return { figures, sent: total(circles).sent };
}

function total(circles: readonly Circle[]): { sent: number; deliveries: number } {
  let sent = 0;
  let deliveries = 0;
  for (const circle of circles) {
    sent += circle.sent;
    deliveries += circle.usefulDeliveries;
  }
  return { sent, deliveries };
}

/** The typists of one room, who together keep a fixed number of updates on their way. */
class Circle {
  readonly #typists: readonly Typist[];
  /** Sockets that each update comes back on. */
  readonly #hearers: number;
  readonly #most: number;
  #next = 0;
  #delivered = 0;
  #due = false;
  #ended = false;
  sent = 0;

  constructor(typists: readonly Typist[], echoes: boolean, ahead: number) {
    this.#typists = typists;
    this.#most = ahead * typists.length;
    this.#hearers = echoes ? typists.length : typists.length - 1;
    for (const typist of typists)
      typist.onHeard = (heard, message) => {
        if (heard === 'update') this.#heard(typist.brought(message));
      };
  }

  /** Deliveries to others than the writer. */
  get usefulDeliveries(): number {
    return (this.#delivered * (this.#typists.length - 1)) / this.#hearers;
  }

  begin(): void {
    for (const typist of this.#typists) typist.begin();
    this.sent = this.#typists.length;
    this.#pump();
  }

  #heard(updates: number): void {
    this.#delivered += updates;
    if (this.#due) return;
    this.#due = true;
    setImmediate(() => {
      this.#due = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#ended) return;
    const going = this.sent - this.#delivered / this.#hearers;
    for (let free = Math.floor(this.#most - going); free > 0; free -= 1) {
      this.#typists[this.#next]?.type();
      this.#next = (this.#next + 1) % this.#typists.length;
      this.sent += 1;
    }
  }

  async close(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#typists.map((typist) => typist.close()));
  }
}
