/** [R11] Honest people at the editor's own binding, offline and back, with undo: the full count. */
import { test } from 'vitest';
import { beHonest } from '../sync/support/honest.ts';
import { keep } from './summary.ts';

test('[R11] updates made by the editor’s own binding: none is refused', () =>
  keep('R11 honest updates made by the editor', 100_000, (wanted) => {
    const first = Math.floor(Date.now() / 86_400_000) * 10_000;
    const refused: string[] = [];
    let [updates, notes, differing, unlike] = [0, 0, 0, 0];
    for (let seed = first; updates < wanted; seed += 1) {
      const outcome = beHonest(seed, 600, { pastes: seed % 10 === 0 });
      notes += 1;
      updates += outcome.updates;
      refused.push(...outcome.refused.map((why) => `${seed}: ${why}`));
      if (!outcome.held) unlike += 1;
      if (!outcome.converged) differing += 1;
    }
    for (const each of refused) console.log(each);
    return {
      done: updates,
      came: `${refused.length} refused; the server held what the copies hold in all but ${unlike} of ${notes} notes; in ${differing} undo itself left copies that differ`,
      good: refused.length === 0 && unlike === 0,
    };
  }));
