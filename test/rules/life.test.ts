/** [R43] The life of a case against its model: the same lives each time, so that what fails is what was changed. New lives are lived at night. */
import { test } from 'vitest';
import { liveLives, steps } from '../support/life.ts';

test(`[R43] [M20] [M22] [M25] [M29] 2,000 lives of a case, up to ${steps} steps each, go as the model says`, () => {
  liveLives(2_000, 43);
}, 300_000);
