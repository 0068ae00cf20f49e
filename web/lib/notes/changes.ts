/** What changed in the editor's document when the shared one did: the binding replaces the whole, though most of its blocks are the very same. */
import { Fragment, type Node } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import { Mapping, StepMap } from '@tiptap/pm/transform';
import { ySyncPluginKey } from '@tiptap/y-tiptap';

/** Whether a transaction brings what others wrote, or an undo by way of the shared document. */
export function isFromShared(transaction: Transaction): boolean {
  const meta: unknown = transaction.getMeta(ySyncPluginKey);
  return transaction.docChanged && typeof meta === 'object' && meta !== null && 'isChangeOrigin' in meta;
}

/** Where positions went: by what the transaction says, or by what truly differs where it came from the shared document. */
export function mappingOf(transaction: Transaction): Mapping {
  return isFromShared(transaction)
    ? new Mapping([mapBetween(transaction.before, transaction.doc)])
    : transaction.mapping;
}

/**
 * A map of positions that leaves alone every block that both documents hold, and of the others the
 * words that are the same. Blocks between the first and the last that differ are known by being the
 * very same node, or else by their place.
 */
export function mapBetween(before: Node, after: Node): StepMap {
  const [was, is] = [before.children, after.children];
  const first = sameFromStart(was, is);
  const last = sameFromEnd(was, is, first);
  const ranges: number[] = [];
  const places = new Map(is.map((block, index) => [block, index]));
  let at = sizeOf(was.slice(0, first));
  let next = first;
  let gone: Node[] = [];
  const settle = (upTo: number) => {
    ranges.push(...rangesOf(gone, is.slice(next, upTo), at));
    at += sizeOf(gone);
    gone = [];
    next = upTo;
  };
  for (const block of was.slice(first, was.length - last)) {
    const place = places.get(block);
    if (place === undefined || place < next) {
      gone.push(block);
      continue;
    }
    settle(place);
    at += block.nodeSize;
    next = place + 1;
  }
  settle(is.length - last);
  return new StepMap(ranges);
}

function sameFromStart(was: readonly Node[], is: readonly Node[]): number {
  const differs = was.findIndex((block, index) => !isSame(block, is[index]));
  return differs < 0 ? was.length : differs;
}

/** Of those after the first `but`. */
function sameFromEnd(was: readonly Node[], is: readonly Node[], but: number): number {
  const most = Math.min(was.length, is.length) - but;
  let count = 0;
  while (count < most && isSame(was[was.length - 1 - count], is[is.length - 1 - count])) count += 1;
  return count;
}

function isSame(a: Node | undefined, b: Node | undefined): boolean {
  return a !== undefined && b !== undefined && (a === b || a.eq(b));
}

/** Start, length before and length after of what differs between blocks that stood at `at` and those in their place. */
function rangesOf(before: readonly Node[], after: readonly Node[], at: number): number[] {
  // Several people's words in as many blocks: each block by itself, so that what lies between is left alone.
  if (before.length > 1 && before.length === after.length) {
    const starts = before.map((_, index) => at + sizeOf(before.slice(0, index)));
    return before.flatMap((block, index) => rangesOf([block], after.slice(index, index + 1), starts[index] ?? at));
  }
  const [was, is] = [Fragment.from(before), Fragment.from(after)];
  const start = was.findDiffStart(is);
  const end = was.findDiffEnd(is);
  if (start === null || end === null) return [];
  // Where both ends meet inside repeated characters, the later end is the true one.
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  return [at + start, end.a + overlap - start, end.b + overlap - start];
}

function sizeOf(blocks: readonly Node[]): number {
  return blocks.reduce((size, { nodeSize }) => size + nodeSize, 0);
}
