/** Folding: a record in parts comes to what it comes to whole, and what a screen holds is added to, never changed. */
import { describe, expect, test } from 'vitest';
import { fold } from '#schema/room.ts';
import {
  amara,
  denis,
  given,
  notesFrozen,
  notesSaying,
  opened,
  positionsDiffer,
  priya,
  record,
} from '../support/rules.ts';
import type { Happened } from '../support/rules.ts';

const comment = (text: string, by = amara): Happened => ({
  by,
  event: { type: 'CommentAdded', about: null, text, question: null, mentions: [] },
});
const reply = (thread: number, text: string): Happened => ({
  by: priya,
  event: { type: 'CommentReplied', thread, text, mentions: [] },
});
/** Entries 8 to 10 begin threads; what follows goes back to the first and the last of them, twice each. */
const history = [
  ...opened(),
  ...positionsDiffer(),
  comment('First'),
  comment('Second'),
  comment('Third'),
  reply(8, 'To the first'),
  reply(10, 'To the third'),
  notesFrozen(notesSaying(1, 'What happened')),
  reply(8, 'To the first again'),
  { by: denis, event: { type: 'CommentClosed', thread: 10, settled: 'answered', note: '' } } satisfies Happened,
  comment('Fourth'),
];
const entries = record(history);

function deeplyFrozen<Part>(part: Part): Part {
  if (typeof part !== 'object' || part === null || Object.isFrozen(part)) return part;
  for (const each of Object.values(Object.freeze(part))) deeplyFrozen(each);
  return part;
}

describe('a record folded', () => {
  test('in two parts, cut anywhere, comes to what it comes to whole', () => {
    const whole = given(...history).state;
    for (const [cut] of entries.entries()) {
      expect(fold(entries.slice(cut), fold(entries.slice(0, cut)))).toEqual(whole);
    }
  });

  test('from what a screen holds leaves that as it was: nothing in it can be changed', () => {
    const whole = fold(entries);
    for (const [cut] of entries.entries()) {
      const held = deeplyFrozen(fold(entries.slice(0, cut)));
      expect(fold(entries.slice(cut), held)).toEqual(whole);
    }
  });

  test('twice from the same place gives two records that know nothing of each other', () => {
    const held = fold(entries);
    const next = (text: string) => fold(record([reply(8, text), comment(text)], entries).slice(entries.length), held);
    const [one, other] = [next('One'), next('Other')];
    expect([one, other, held].map(({ comments }) => comments.map(({ text }) => text).slice(4))).toEqual([
      ['One'],
      ['Other'],
      [],
    ]);
    expect([one, other].map(({ comments }) => comments[0]?.replies.at(-1)?.text)).toEqual(['One', 'Other']);
    expect(held.comments[0]?.replies).toHaveLength(2);
  });

  test('answers what was said to the thread that began it, whichever that is', () => {
    expect(
      fold(entries).comments.map(({ replies, closed }) => [replies.map(({ text }) => text), closed !== null]),
    ).toEqual([
      [['To the first', 'To the first again'], false],
      [[], false],
      [['To the third'], true],
      [[], false],
    ]);
  });
});
