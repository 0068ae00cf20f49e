/** What each server is asked to do. */

/** `seconds` are those that are measured, after a second of warming up; `long` ones come last, while there is time. */
export type Workload = { name: string; needs: 'anything' | 'documents'; long?: true } & (
  | { is: 'fan-out'; rooms: number; people: number; ahead?: number; seconds: number }
  | { is: 'typing'; rooms: number; people: number; keysPerSecond: number; seconds: number }
  | { is: 'first-load'; traces: number }
  | { is: 'memory'; notes: number }
  | { is: 'idle'; connections: number; seconds: number }
  | { is: 'length'; bytes: number; seconds: number }
  | { is: 'cursors'; people: number; seconds: number }
  | { is: 'growth'; rooms: number; seconds: number }
  | { is: 'stalled'; seconds: number }
);

/** Whether it is measured in each repetition: what is slow to set up and little disturbed is measured once. */
export const isRepeated = ({ is, long }: Workload): boolean => !long && (is === 'fan-out' || is === 'typing');

/** All of them; `quick` measures for a shorter time. */
export function workloads(quick: boolean): Workload[] {
  const seconds = quick ? 1 : 2;
  const fanOut = (rooms: number, people: number, ahead?: number): Workload => ({
    name: `fan-out-${rooms}x${people}${ahead ? `-${ahead}-ahead` : ''}`,
    needs: 'anything',
    is: 'fan-out',
    rooms,
    people,
    ...(ahead ? { ahead } : {}),
    seconds,
  });
  const typing = (name: string, rooms: number, people: number, keysPerSecond: number): Workload => ({
    name,
    needs: 'anything',
    is: 'typing',
    rooms,
    people,
    keysPerSecond,
    seconds: seconds * 2,
  });
  const length = (name: string, bytes: number): Workload => ({
    name: `length-${name}`,
    needs: 'documents',
    is: 'length',
    bytes,
    seconds,
  });
  const growth = (rooms: number): Workload => ({
    name: `growth-${rooms}-rooms`,
    needs: 'documents',
    long: true,
    is: 'growth',
    rooms,
    seconds,
  });
  const long = (workload: Workload): Workload => ({ ...workload, long: true });
  return [
    fanOut(1, 2),
    // Enough on their way that waiting for a disk idles no server.
    fanOut(1, 2, 128),
    fanOut(1, 20),
    fanOut(1, 50),
    fanOut(50, 4),
    fanOut(100, 10),
    typing('typing-1000-a-second', 10, 10, 10),
    typing('typing-100-people', 1, 100, 3),
    { name: 'first-load', needs: 'documents', is: 'first-load', traces: 1 },
    { name: 'cursors-50', needs: 'anything', is: 'cursors', people: 50, seconds: seconds * 2 },
    { name: 'memory', needs: 'anything', is: 'memory', notes: quick ? 100 : 200 },
    { name: 'idle-1000-connections', needs: 'anything', is: 'idle', connections: 1_000, seconds: seconds * 5 },
    length('10kB', 10_000),
    length('100kB', 100_000),
    length('1MB', 1_000_000),
    long(fanOut(1, 100)),
    long(fanOut(1, 300)),
    { name: 'stalled-readers', needs: 'documents', long: true, is: 'stalled', seconds: seconds * 2 },
    { name: 'first-load-ten', needs: 'documents', long: true, is: 'first-load', traces: 10 },
    // With what stands around each piece, and what is typed in the measurement, this comes near the longest note that is let in.
    long(length('2MB', 2_000_000)),
    growth(10),
    growth(100),
    growth(1_000),
    growth(10_000),
  ];
}
