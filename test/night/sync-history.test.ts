/** [R12] [R26] Who wrote what, and what every past moment showed: the full count of random notes. */
import { test } from 'vitest';
import { whatPastDiffers, whoWrote } from '../sync/support/past.ts';
import { keep } from './summary.ts';

/** Another thousand each day. */
const first = Math.floor(Date.now() / 86_400_000) * 10_000;

test('[R12] every character resolves to the person whose number it bears', () =>
  keep('R12 histories: who wrote each character', 1_000, (count) => {
    const wrong: number[] = [];
    for (let seed = first; seed < first + count; seed += 1) {
      const { told, written } = whoWrote(seed, 150);
      if (JSON.stringify(told) !== JSON.stringify(written)) wrong.push(seed);
    }
    if (wrong.length > 0) console.log(`told of another: ${wrong.join(', ')}`);
    return { done: count, came: `${wrong.length} told a character of another person`, good: wrong.length === 0 };
  }));

test('[R26] the text at every past moment is what everybody saw then', () =>
  keep('R26 histories: the text at past moments', 1_000, (count) => {
    const wrong: string[] = [];
    for (let seed = first; seed < first + count; seed += 1) {
      for (const seq of whatPastDiffers(seed, 150)) wrong.push(`${seed}/${seq}`);
    }
    if (wrong.length > 0) console.log(`told otherwise: ${wrong.slice(0, 20).join(', ')}`);
    return {
      done: count,
      came: `${wrong.length} moments were told otherwise than they were`,
      good: wrong.length === 0,
    };
  }));
