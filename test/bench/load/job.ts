/** What the benchmark tells the process that makes the load, and what it hears back. */
import type { Target } from '../targets.ts';
import type { Workload } from '../workloads.ts';
import type { Pids } from './cpu.ts';
import type { Rooms } from './seats.ts';

/** Figures by name; the name ends in the unit. */
export type Figures = Record<string, number>;

export type At = { target: Target; address: string; pids: Pids };

export type Job =
  | { do: 'workload'; at: At; workload: Workload; trace: string | null }
  /** The first load after a restart, of a document that `first-load` filled. */
  | { do: 'load-again'; at: At; rooms: Rooms };

export type Answer = { figures: Figures; rooms?: Rooms } | { failed: string };
