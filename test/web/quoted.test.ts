/** A thread as the start of a reason. */
import { expect, test } from 'vitest';
import type { Thread } from '#schema/comment.ts';
import { quotedStart, withQuoted } from '#lib/comments/quoted.ts';
import { amara, priya } from '../support/rules.ts';

const thread: Thread = {
  seq: 4,
  at: '2026-11-23T10:00:00.000Z',
  by: amara,
  about: { start: 'AAAA', end: 'AAAA', quote: 'called at 7:40am', section: 'What happened' },
  text: 'Our log says 7:20am.',
  question: null,
  mentions: [],
  agencies: [],
  replies: [{ seq: 5, at: '2026-11-23T11:00:00.000Z', by: priya, text: 'We differ.', mentions: [], agencies: [] }],
  closed: null,
};

const start = [
  'The notes say: “called at 7:40am”',
  'Amara Fenwick, Health: “Our log says 7:20am.”',
  'Priya Lark, Police: “We differ.”',
  '',
].join('\n');

test('[M12] quotes the words and what was said of them, by whom', () => {
  expect(quotedStart(thread)).toBe(start);
});

test('[M12] goes after what is written already, which stays', () => {
  expect(withQuoted('', thread)).toBe(start);
  expect(withQuoted('The ward is clear.\n', thread)).toBe(`The ward is clear.\n\n${start}`);
});
