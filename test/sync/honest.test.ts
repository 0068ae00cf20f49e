/** Honest traffic, made by the editor's own transactions, is never refused. */
import { expect, test } from 'vitest';
import { beHonest, type Outcome } from './support/honest.ts';

test('[R11] 5,000 updates of people who write, paste, undo, go offline and come back: none refused, all converge', () => {
  const wrong: Outcome[] = [];
  let [updates, cut] = [0, 0];
  for (let seed = 1; updates < 5_000; seed += 1) {
    const outcome = beHonest(seed, 300, { pastes: seed % 6 === 1 });
    updates += outcome.updates;
    cut += outcome.cut;
    if (outcome.refused.length > 0 || !outcome.held || !(outcome.converged || outcome.disorderly.length > 0))
      wrong.push(outcome);
  }
  expect(wrong).toEqual([]);
  expect(cut).toBeGreaterThan(2);
}, 300_000);
