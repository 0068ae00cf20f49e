/** Many clients joining, a few at a time: a server has some seconds for each that knocks, and a thousand at once is another measurement. */
import type { Target } from '../targets.ts';
import type { Seat } from './seats.ts';
import { Typist } from './typist.ts';

const atOnce = 32;

/** Typists for these seats, in the same order. */
export async function joinAll(target: Target, seats: readonly Seat[]): Promise<Typist[]> {
  const typists: Typist[] = [];
  let next = 0;
  const joining = async (): Promise<void> => {
    for (let nth = next++; nth < seats.length; nth = next++) {
      typists[nth] = await Typist.join(target, seats[nth] as Seat);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, joining));
  return typists;
}
