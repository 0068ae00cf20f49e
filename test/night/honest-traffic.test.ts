/** [R11] Honest writing is never refused: the full count. */
import { expect, test } from 'vitest';
import { honestTraffic } from '../support/honest-traffic.ts';

test('[R11] 100,000 honest updates of the real editor: none is refused', () => {
  const { updates, refused, converged } = honestTraffic({
    updates: 100_000,
    seed: Math.floor(Date.now() / 86_400_000),
  });
  console.log(`${updates} honest updates, ${refused.length} refused`);
  expect(refused).toEqual([]);
  expect(converged).toBe(true);
});
