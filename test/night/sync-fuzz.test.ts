/** [R11] Spoilt updates at the guard: the full count. */
import { test } from 'vitest';
import { spoil } from '../sync/support/fuzz.ts';
import { keep } from './summary.ts';

test('[R11] spoilt updates: what is let in breaks nothing', () =>
  keep('R11 spoilt updates at the guard', 500_000, (updates) => {
    const from = Math.floor(Date.now() / 86_400_000) * 10_000;
    const { sent, taken, broken } = spoil({ from, updates });
    for (const each of broken.slice(0, 20)) console.log(each);
    return { done: sent, came: `${taken} taken; ${broken.length} broke something`, good: broken.length === 0 };
  }));
