/** The comments on the paragraph that the cursor is in. */
import { expect, test } from 'vitest';
import { threadsAt } from '#lib/comments/at-cursor.ts';

const text = 'one two\nthree four\nfive';
const places = new Map([
  [4, { from: 0, to: 3 }],
  [5, { from: 8, to: 13 }],
  [6, { from: 4, to: 18 }],
  [7, null],
]);

test('[M12] are those whose words stand in that line, or run into it', () => {
  expect(threadsAt(2, text, places)).toEqual([4, 6]);
  expect(threadsAt(8, text, places)).toEqual([5, 6]);
  expect(threadsAt(18, text, places)).toEqual([5, 6]);
  expect(threadsAt(21, text, places)).toEqual([]);
});
