/** Whatever is sent: the guard never throws, and what it lets in leaves every copy whole and as the server believes it. */
import { expect, test } from 'vitest';
import { spoil } from './support/fuzz.ts';

test('[R11] 5,000 spoilt updates: what is let in breaks nothing', () => {
  const outcome = spoil({ from: 1, updates: 5_000 });
  expect(outcome.broken).toEqual([]);
  expect(outcome.refused).toBeGreaterThan(2_000);
  expect(outcome.taken).toBeGreaterThan(50);
}, 120_000);
