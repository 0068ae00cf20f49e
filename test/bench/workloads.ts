/** What each server is asked to do. */

/** `seconds` are those that are measured, after a second of warming up. */
export type Workload = { name: string; needs: 'anything' | 'documents' } & (
  | { is: 'fan-out'; rooms: number; people: number; seconds: number }
  | { is: 'typing'; rooms: number; people: number; keysPerSecond: number; seconds: number }
  | { is: 'first-load' }
  | { is: 'memory'; notes: number }
  | { is: 'length'; bytes: number; seconds: number }
);

/** Whether it is measured in each repetition: what is slow to set up and little disturbed is measured once. */
export const isRepeated = ({ is }: Workload): boolean => is === 'fan-out' || is === 'typing';

/** All of them; `quick` measures for a shorter time and leaves out the largest. */
export function workloads(quick: boolean): Workload[] {
  const seconds = quick ? 1 : 2;
  const fanOut = (rooms: number, people: number): Workload => ({
    name: `fan-out-${rooms}x${people}`,
    needs: 'anything',
    is: 'fan-out',
    rooms,
    people,
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
  return [
    fanOut(1, 20),
    fanOut(1, 50),
    fanOut(50, 4),
    ...(quick ? [] : [fanOut(100, 10)]),
    typing('typing-1000-a-second', 10, 10, 10),
    typing('typing-100-people', 1, 100, 3),
    { name: 'first-load', needs: 'documents', is: 'first-load' },
    { name: 'memory', needs: 'anything', is: 'memory', notes: quick ? 100 : 400 },
    length('10kB', 10_000),
    length('100kB', 100_000),
    ...(quick ? [] : [length('1MB', 1_000_000)]),
  ];
}
