/** What is measured: each server, how it is started, and what is known of it. */
import { join } from 'node:path';

export type TargetName =
  'floor-send' | 'floor-tick' | 'ours-postgres' | 'ours-pglite' | 'ours-unguarded' | 'hocuspocus' | 'y-websocket';

export type Target = {
  name: TargetName;
  /** Its start file, and the environment that makes it this target. */
  file: string;
  env: Record<string, string>;
  /** How a client speaks to it. */
  speech: 'plain' | 'ours' | 'hocuspocus';
  /** Whether it answers a first sync: the floors know nothing of documents. */
  understands: boolean;
  /** Whether a writer is sent its own words again: those deliveries are not useful. */
  echoes: boolean;
  database: 'none' | 'postgres' | 'folder';
  /** In a run of a quarter of an hour measured at fan-out only. */
  long?: true;
};

const file = (name: string): string => join(import.meta.dirname, 'servers', name);
const floor = { file: file('floor.ts'), speech: 'plain', understands: false, echoes: false, database: 'none' } as const;
const ours = { file: file('ours.ts'), env: {}, speech: 'ours', understands: true, echoes: false } as const;

export const targets: readonly Target[] = [
  { name: 'floor-send', ...floor, env: { FLOOR: 'send' } },
  { name: 'floor-tick', ...floor, env: { FLOOR: 'tick' } },
  { name: 'ours-postgres', ...ours, database: 'postgres' },
  { name: 'ours-pglite', ...ours, database: 'folder' },
  { name: 'ours-unguarded', ...ours, file: file('ours-unguarded.ts'), database: 'postgres', long: true },
  {
    name: 'hocuspocus',
    file: file('hocuspocus.ts'),
    env: {},
    speech: 'hocuspocus',
    understands: true,
    echoes: true,
    database: 'postgres',
  },
  {
    name: 'y-websocket',
    file: file('y-websocket.ts'),
    env: {},
    speech: 'plain',
    understands: true,
    echoes: true,
    database: 'folder',
  },
];
