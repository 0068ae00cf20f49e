/** [R43] The life of a case against its model: the full count, other lives each day. */
import { test } from 'vitest';
import { liveLives, steps } from '../support/life.ts';
import { keep } from './summary.ts';

/** Fewer do not meet every refusal that there is, which is looked at too. */
const least = 2_000;

test(`[R43] lives of a case, up to ${steps} steps each, go as the model says`, () =>
  keep('R43 lives of a case against its model', 100_000, (count) => {
    const lives = Math.max(least, count);
    const seed = Math.floor(Date.now() / 86_400_000);
    console.log(`${lives} lives from seed ${seed}`);
    // Throws at the first that does not.
    liveLives(lives, seed);
    return { done: lives, came: `all went as the model says, from seed ${seed}`, good: true };
  }));
