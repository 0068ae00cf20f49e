/** [T19] What a note holds is learnt in one walk and little room, whatever the most that the guard lets in is made of. */
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import { notesRoot } from '#schema/notes.ts';
import { limits } from '#schema/protocol.ts';
import { Held, learn } from '#server/sync/held.ts';
import { content } from '#server/sync/scan.ts';

/** Counts what is taken in, and what is asked of what is held. */
class Counting extends Held {
  taken = 0;
  asked = 0;
  override putStored(...given: Parameters<Held['putStored']>): void {
    this.taken += 1;
    super.putStored(...given);
  }
  override codeAt(client: number, clock: number): number {
    this.asked += 1;
    return super.codeAt(client, clock);
  }
}

test('two people’s smallest elements, each standing on the other’s, listed the wrong way round', () => {
  const [late, early] = [9, 3];
  const count = Math.floor(limits.noteBytes / 40);
  const encoder = encoding.createEncoder();
  const uint = (...values: number[]) => {
    for (const value of values) encoding.writeVarUint(encoder, value);
  };
  const paragraph = () => {
    uint(3);
    encoding.writeVarString(encoder, 'paragraph');
  };
  const beside = (client: number, clock: number) => {
    encoding.writeUint8(encoder, content.type | 0x80);
    uint(client, clock);
    paragraph();
  };
  uint(2, count, late, 0);
  for (let n = 0; n < count; n += 1) beside(early, n);
  uint(count, early, 0, content.type, 1);
  encoding.writeVarString(encoder, notesRoot);
  paragraph();
  for (let n = 1; n < count; n += 1) beside(late, n - 1);
  uint(0);
  const update = encoding.toUint8Array(encoder);
  expect(update.length).toBeGreaterThan(limits.noteBytes / 2);
  const held = new Counting();
  expect(learn(held, [update])).toBeNull();
  expect(held.taken).toBe(2 * count);
  expect(held.asked).toBe(2 * count - 1);
  expect(held.placesOf(late) + held.placesOf(early)).toBe(2 * count);
});

test('an attribute given as many values as a note has bytes is one place', () => {
  const count = limits.noteBytes;
  const encoder = encoding.createEncoder();
  const uint = (...values: number[]) => {
    for (const value of values) encoding.writeVarUint(encoder, value);
  };
  uint(1, 2, 3, 0, content.type, 1);
  encoding.writeVarString(encoder, notesRoot);
  uint(3);
  encoding.writeVarString(encoder, 'heading');
  encoding.writeUint8(encoder, content.any | 0x20);
  uint(0, 3, 0);
  encoding.writeVarString(encoder, 'level');
  uint(count);
  for (let n = 0; n < count; n += 1) encoding.writeUint8(encoder, 126);
  uint(0);
  const held = new Counting();
  expect(learn(held, [encoding.toUint8Array(encoder)])).toBeNull();
  expect(held.clockOf(3)).toBe(count + 1);
  expect(held.taken).toBe(2);
  expect(held.placesOf(3)).toBe(2);
  expect(held.codeAt(3, count)).toBe(held.codeAt(3, 1));
});
