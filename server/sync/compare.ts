/** What two versions of the notes differ in, and who made each difference: people by the log, words by their text. */
import { diffArrays } from 'diff';
import { replay, type Act, type Line, type Run } from './history.ts';
import type { LogRow } from './log.ts';

/** Words as both have them, or as somebody added or took them away. `act` is null where nothing shows whose it is. */
export type Piece = { is: 'same' | 'added' | 'removed'; text: string; act: Act | null };
/** Neighbouring lines that differ, whole, with the heading they stand under ('' above the first). */
export type Hunk = { under: string; pieces: Piece[] };

/** Milliseconds for the words of one line, and of all: a line that takes longer is shown as removed and added, whole. */
const patience = { line: 1_000, all: 5_000 };

type Word = { text: string; act: Act | null };

/**
 * What was added and removed from row `from` to row `to` of the log, in the order of the notes. Rows
 * must begin with the first. What was written and deleted in between is in neither version, and not told.
 */
export function compare(rows: readonly LogRow[], from: number, to: number, within = patience.all): Hunk[] {
  const until = performance.now() + within;
  const { lines } = replay(rows, { seq: to }, { deleted: true });
  const hunks: Hunk[] = [];
  let under = '';
  let begun: Piece[] = [];
  const end = (): void => {
    const pieces = withEveryAct(joined(begun));
    if (pieces.some(({ is }) => is !== 'same')) hunks.push({ under, pieces });
    begun = [];
  };
  for (const line of lines) {
    const before = textOf(line, standsBefore(from));
    const after = textOf(line, stands);
    if (before === '' && after === '') continue;
    if (before === after || line.element === 'heading') end();
    if (before !== after) {
      if (begun.length > 0) begun.push({ is: 'same', text: '\n', act: null });
      begun = begun.concat(piecesOf(line, from, until));
    }
    if (line.element === 'heading' && after !== '') {
      end();
      under = after;
    }
  }
  end();
  return hunks;
}

const stands = ({ deleted }: Run): boolean => !deleted;
const standsBefore =
  (from: number) =>
  ({ written, deleted }: Run): boolean =>
    written.seq <= from && (!deleted || deleted.seq > from);

function textOf({ runs }: Line, counts: (run: Run) => boolean): string {
  return runs
    .filter(counts)
    .map(({ text }) => text)
    .join('');
}

/** Words of a line between two others: those of the version before, and of the one after; `same` where they are equal. */
type Stretch = { same: boolean; gone: readonly Word[]; here: readonly Word[] };

/** One line in both versions, word by word. */
function piecesOf({ runs }: Line, from: number, until: number): Piece[] {
  const before = wordsOf(runs.filter(standsBefore(from)), ({ deleted }) => deleted);
  const after = wordsOf(runs.filter(stands), ({ written }) => (written.seq > from ? written : null));
  return withoutIslands(stretchesOf(before, after, until)).flatMap(({ same, gone, here }): Piece[] =>
    same
      ? here.map(({ text }) => ({ is: 'same', text, act: null }))
      : [
          ...gone.map((word): Piece => ({ is: 'removed', ...word })),
          ...here.map((word): Piece => ({ is: 'added', ...word })),
        ],
  );
}

function stretchesOf(before: readonly Word[], after: readonly Word[], until: number): Stretch[] {
  const parts = diffArrays([...before], [...after], {
    comparator: (one, other) => one.text.trim() === other.text.trim(),
    timeout: Math.min(patience.line, until - performance.now()),
  });
  // Not told apart in time: all of one, then all of the other, which is true as well.
  if (!parts) return [{ same: false, gone: before, here: after }];
  const stretches: Stretch[] = [];
  let old = 0;
  let now = 0;
  for (const { removed, added, value } of parts) {
    const gone = added ? [] : before.slice(old, old + value.length);
    const here = removed ? [] : after.slice(now, now + value.length);
    old += gone.length;
    now += here.length;
    const last = stretches.at(-1);
    if (!removed && !added) stretches.push({ same: true, gone, here });
    else if (last && !last.same) stretches[stretches.length - 1] = merged(last, { same: false, gone, here });
    else stretches.push({ same: false, gone, here });
  }
  return stretches;
}

/**
 * A sentence written anew has words of the old one by chance. Where they were taken away and typed
 * again, and are fewer than what changed around them, they belong to the change.
 */
function withoutIslands(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const stretch of stretches) {
    all.push(stretch);
    while (endsInIsland(all)) {
      const [one, island, other] = all.splice(-3, 3) as [Stretch, Stretch, Stretch];
      all.push(merged(merged(one, island), other));
    }
  }
  return all;
}

function endsInIsland(all: readonly Stretch[]): boolean {
  const [one, island, other] = [all.at(-3), all.at(-2), all.at(-1)];
  if (!one || !island || !other || one.same || !island.same || other.same) return false;
  const typedAgain = island.gone.every(({ act }) => act) && island.here.every(({ act }) => act);
  return typedAgain && sizeOf(island) <= Math.min(sizeOf(one), sizeOf(other));
}

const sizeOf = ({ gone, here }: Stretch): number => Math.max(gone.length, here.length);

function merged(one: Stretch, other: Stretch): Stretch {
  return { same: false, gone: [...one.gone, ...other.gone], here: [...one.here, ...other.here] };
}

/** Words with the signs at them and the space after; with the last act that `made` tells of in each. */
function wordsOf(runs: readonly Run[], made: (run: Run) => Act | null): Word[] {
  const acts = runs.flatMap((run) => Array<Act | null>(run.text.length).fill(made(run)));
  const text = runs.map((run) => run.text).join('');
  return [...text.matchAll(/\S+\s*|\s+/gu)].map(({ 0: word, index }) => ({
    text: word,
    act: acts
      .slice(index, index + word.length)
      .reduce((last, act) => (act && (!last || act.seq >= last.seq) ? act : last), null),
  }));
}

/** Neighbours of one kind and one person as one; the end of a paragraph that was parted off, or joined on, did not change. */
function joined(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    const isOf = piece.is === 'same' || !piece.act || !last?.act || last.act.person === piece.act.person;
    if (last && last.is === piece.is && isOf) {
      all[all.length - 1] = { is: piece.is, text: last.text + piece.text, act: piece.act ?? last.act };
    } else {
      all.push(piece);
    }
    const [one, line, other] = all.slice(-3);
    if (one && line?.text === '\n' && other && isMoved(one, other)) {
      const later = one.is === 'added' ? one : other;
      all.splice(-3, 3, { is: 'same', text: one === later ? one.text : `\n${later.text}`, act: null });
    }
  }
  return all;
}

function isMoved(one: Piece, other: Piece): boolean {
  return one.is !== 'same' && other.is !== 'same' && one.is !== other.is && one.text.trim() === other.text.trim();
}

/**
 * "seven" that became "seventy" was not taken away by anybody: its change is the act of who added to
 * it, which stands beside it. Spaces alone are no change of words.
 */
function withEveryAct(pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((piece, index): Piece[] => {
    if (piece.is === 'same') return [piece];
    if (piece.text.trim() === '') return piece.is === 'added' ? [{ ...piece, is: 'same', act: null }] : [];
    if (piece.act) return [piece];
    const beside = [pieces[index + 1], pieces[index - 1]].find((each) => each && each.is !== 'same' && each.act);
    return [{ ...piece, act: beside?.act ?? null }];
  });
}
