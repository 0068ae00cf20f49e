/** Notes as the service's readable text: its blocks, and what a comment about one of them is about. */
import { expect, test } from 'vitest';
import { aboutBlock, blocksOf } from '#lib/notes/text-blocks.ts';

test('[M51] each block stands under the heading before it', () => {
  const blocks = blocksOf('First words\n\n## What happened\n\nThe ward rang.\n\n- One\n- Two');
  expect(blocks.map(({ isHeading, section }) => [isHeading, section])).toEqual([
    [false, ''],
    [true, 'What happened'],
    [false, 'What happened'],
    [false, 'What happened'],
  ]);
});

test('[M12] a comment about a block quotes its words as the notes have them, without the signs of the text', () => {
  const quote = (text: string) => aboutBlock({ isHeading: false, words: text, section: 'What happened' }).quote;
  expect(quote('The ward rang.')).toBe('The ward rang.');
  expect(quote('- One\n- Two')).toBe('One\nTwo');
  expect(quote('1. One\n2. Two')).toBe('One\nTwo');
  expect(quote('> Said at 7:20am')).toBe('Said at 7:20am');
  expect(quote('Time | Place')).toBe('Time\nPlace');
  expect([...quote('a'.repeat(3_000))]).toHaveLength(2_000);
});
