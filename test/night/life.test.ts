/** [R43] The life of a case against its model: the full count, other lives each day. */
import { test } from 'vitest';
import { liveLives, steps } from '../support/life.ts';

test(`[R43] 100,000 lives of a case, up to ${steps} steps each, go as the model says`, () => {
  const seed = Math.floor(Date.now() / 86_400_000);
  console.log(`100,000 lives from seed ${seed}`);
  liveLives(100_000, seed);
});
