/** [R11] Spoilt updates at the guard: the full count. */
import { expect, test } from 'vitest';
import { spoil } from '../sync/support/fuzz.ts';

test('[R11] 500,000 spoilt updates: what is let in breaks nothing', () => {
  const from = Math.floor(Date.now() / 86_400_000) * 10_000;
  const outcome = spoil({ from, updates: 500_000 });
  console.log(`${outcome.sent} spoilt updates, ${outcome.taken} taken, ${outcome.broken.length} that broke something`);
  expect(outcome.broken).toEqual([]);
});
