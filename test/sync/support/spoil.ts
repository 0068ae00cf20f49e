/** Spoilt updates: honest ones with bytes changed, and ones built to look right and be wrong. */
import * as encoding from 'lib0/encoding';
import { notesRoot } from '#schema/notes.ts';
import type { Chance } from './chance.ts';

/** The same bytes with a few of them changed, taken out, doubled or cut off. */
export function spoilBytes(update: Uint8Array, chance: Chance): Uint8Array {
  const bytes = [...update];
  for (let times = 1 + chance.below(3); times > 0; times -= 1) {
    const at = chance.below(bytes.length || 1);
    switch (chance.below(6)) {
      case 0:
        bytes[at] = chance.below(256);
        break;
      case 1:
        bytes[at] = ((bytes[at] ?? 0) + chance.of([1, 255, 127, 128])) % 256;
        break;
      case 2:
        bytes.splice(at, 1 + chance.below(3));
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + chance.below(8)));
        break;
      case 4:
        bytes.length = at;
        break;
      default:
        bytes.push(chance.below(256));
    }
  }
  return Uint8Array.from(bytes);
}

/** Two updates' halves in one. */
export function spliced(a: Uint8Array, b: Uint8Array, chance: Chance): Uint8Array {
  return Uint8Array.from([...a.subarray(0, chance.below(a.length)), ...b.subarray(chance.below(b.length))]);
}

const names = [
  'paragraph',
  'heading',
  'listItem',
  'bulletList',
  'table',
  'tableRow',
  'tableCell',
  'hardBreak',
  'script',
];

/**
 * A well-formed update of structs and deletions that may stand on anything, or on nothing: in up to
 * four blocks, often of one's own numbers, the higher of which may stand on what comes later.
 */
export function builtToHarm(clocks: ReadonlyMap<number, number>, own: readonly number[], chance: Chance): Uint8Array {
  const encoder = encoding.createEncoder();
  const uint = (value: number) => encoding.writeVarUint(encoder, value);
  const clients = [...clocks.keys(), ...own, 77];
  const id = () => {
    const client = chance.of(clients);
    uint(client);
    const known = clocks.get(client) ?? 0;
    uint(Math.max(0, known + chance.of([-1, -1, -1, 0, 1, -known, -chance.below(known + 1), 2 ** 20])));
  };
  const blocks = chance.of([0, 1, 1, 1, 2, 3, 4]);
  uint(blocks);
  const chosen = Array.from({ length: blocks }, () => (chance.happens(0.75) ? chance.of(own) : chance.of(clients)));
  if (chance.happens(0.8)) chosen.sort((a, b) => b - a);
  for (const client of chosen) {
    const structs = 1 + chance.below(3);
    uint(structs);
    uint(client);
    uint(Math.max(0, (clocks.get(client) ?? 0) + chance.of([0, 0, 0, 0, 0, -1, 1, -2])));
    for (let left = structs; left > 0; left -= 1) struct();
  }
  const deleting = chance.of([0, 0, 1, 2]);
  uint(deleting);
  for (let left = deleting; left > 0; left -= 1) {
    uint(chance.of(clients));
    uint(1);
    uint(chance.below(20));
    uint(chance.of([1, 2, 5, 1, 2 ** 30]));
  }
  return encoding.toUint8Array(encoder);

  function struct(): void {
    const ref = chance.of([0, 1, 4, 4, 4, 6, 7, 7, 8, 10]);
    const origin = chance.happens(0.6);
    const right = chance.happens(0.3);
    const sub = chance.happens(0.15);
    if (ref === 0 || ref === 10) {
      encoding.writeUint8(encoder, ref);
      uint(1 + chance.below(5));
      return;
    }
    encoding.writeUint8(encoder, ref | (origin ? 0x80 : 0) | (right ? 0x40 : 0) | (sub ? 0x20 : 0));
    if (origin) id();
    if (right) id();
    if (!origin && !right) {
      const root = chance.happens(0.3);
      uint(root ? 1 : 0);
      if (root) encoding.writeVarString(encoder, notesRoot);
      else id();
      if (sub) encoding.writeVarString(encoder, chance.of(['level', 'colspan', 'start', 'style']));
    }
    switch (ref) {
      case 1:
        uint(1 + chance.below(3));
        break;
      case 4:
        encoding.writeVarString(encoder, chance.of(['a', 'bc', '🙂', 'é', 'words']));
        break;
      case 6:
        encoding.writeVarString(encoder, chance.of(['bold', 'italic', 'link', 'style']));
        encoding.writeVarString(encoder, chance.of(['{}', 'null', '{"href":"https://example.org"}', '1']));
        break;
      case 7: {
        const text = chance.happens(0.4);
        uint(text ? 6 : 3);
        if (!text) encoding.writeVarString(encoder, chance.of(names));
        break;
      }
      default:
        uint(1);
        encoding.writeAny(encoder, chance.of([1, 2, 3, 7, 200, null, 'a', [1, 2]]));
    }
  }
}
