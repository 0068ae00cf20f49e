/** [R11] Honest people at the editor's own binding, offline and back, with undo: the full count. */
import { expect, test } from 'vitest';
import { beHonest } from '../sync/support/honest.ts';

test('[R11] 100,000 updates made by the editor’s own binding: none is refused', () => {
  const first = Math.floor(Date.now() / 86_400_000) * 10_000;
  const refused: string[] = [];
  let [updates, differing, unlike] = [0, 0, 0];
  for (let seed = first; updates < 100_000; seed += 1) {
    const outcome = beHonest(seed, 600);
    updates += outcome.updates;
    refused.push(...outcome.refused.map((why) => `${seed}: ${why}`));
    if (!outcome.held) unlike += 1;
    if (!outcome.converged) differing += 1;
  }
  console.log(
    `${updates} honest updates, ${refused.length} refused; in ${differing} notes undo left copies that differ`,
  );
  expect(refused).toEqual([]);
  expect(unlike).toBe(0);
});
