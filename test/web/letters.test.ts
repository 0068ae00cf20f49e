/** Words cut short, to know a text by. */
import { expect, test } from 'vitest';
import { firstWords } from '#lib/letters.ts';

test('the first words, and a sign that there are more', () => {
  expect(firstWords('A neighbour reported shouting at night, and called again.')).toBe(
    'A neighbour reported shouting at night…',
  );
  expect(firstWords(' Seen at home\n today ')).toBe('Seen at home today');
  expect(firstWords('')).toBe('');
});
