/** The notes as they stood at any moment, and what two versions of them differ in, for those who ask by request. */
import type { RoomId } from '#schema/id.ts';
import type { NotesWriter, Comparison, ComparisonAsked, MomentAsked, PastBlock, PastNotes } from '#schema/version.ts';
import { told } from '../moment.ts';
import type { Database } from '../store.ts';
import type { Hunk } from './compare.ts';
import { passages, writersOf, type Act, type Line, type Until } from './history.ts';
import type { HistoryAnswer, HistoryQuestion } from './history-worker.ts';
import { readRows, type LogRow } from './log.ts';
import { createThread } from '../thread.ts';

/** As far as the log goes. */
const now: Until = { seq: Number.MAX_SAFE_INTEGER };

/** What holds a line decides what it is, but for a heading. */
const kinds: ReadonlyMap<string, PastBlock['kind']> = new Map([
  ['listItem', 'item'],
  ['tableCell', 'cell'],
  ['tableHeader', 'cell'],
  ['blockquote', 'quote'],
]);

export type Versions = ReturnType<typeof createVersions>;

/** Everything is read from the log, never from a copy of the notes; the thread is started by the first question. */
export function createVersions() {
  const thread = createThread<HistoryQuestion, HistoryAnswer>(new URL('./history-worker.ts', import.meta.url));

  /** The notes as of a version or a time, each passage with who wrote it. */
  async function notesAt(db: Database, room: RoomId, { version, at }: MomentAsked): Promise<PastNotes> {
    const rows = await readRows(db, room, 0);
    const until: Until = version !== undefined ? { seq: version } : at !== undefined ? { at } : now;
    const moment = await thread.ask({ what: 'moment', rows, until });
    if (Array.isArray(moment)) throw new TypeError('The history thread answered another question');
    const said = new Map(moment.lines.map((line) => [line, passages(line)]));
    const acts = [...said.values()].flat().map(({ person, to }) => ({ seq: 0, at: to, person }));
    const writers = await peopleOf(db, room, acts);
    return {
      version: moment.seq,
      at: moment.at && told(moment.at),
      blocks: moment.lines.map((line) => blockOf(line, writers)),
    };
  }

  /** What changed from one version to another, whichever of them is given first. */
  async function compareVersions(db: Database, room: RoomId, asked: ComparisonAsked): Promise<Comparison> {
    const rows = await readRows(db, room, 0);
    const latest = rows.at(-1)?.seq ?? 0;
    const [from, to] = [Math.min(asked.from, latest), Math.min(asked.to ?? latest, latest)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    const hunks = await thread.ask({ what: 'compare', rows, from, to });
    if (!Array.isArray(hunks)) throw new TypeError('The history thread answered another question');
    const acts = hunks.flatMap(({ pieces }) => pieces.flatMap(({ act }) => act ?? []));
    const writers = await peopleOf(db, room, acts);
    return {
      from: momentOf(rows, from),
      to: momentOf(rows, to),
      changes: hunks.map((hunk) => changeOf(hunk, writers)),
    };
  }

  return { notesAt, compare: compareVersions, close: thread.close };
}

type Writers = (act: Pick<Act, 'person' | 'at'>) => NotesWriter | null;

/** Who each act's person was on its day. */
async function peopleOf(db: Database, room: RoomId, acts: readonly Act[]): Promise<Writers> {
  const key = ({ person, at }: Pick<Act, 'person' | 'at'>): string => `${person} ${at}`;
  const once = [...new Map(acts.map((act) => [key(act), act])).values()];
  const found = await writersOf(db, room, once);
  const writers = new Map(
    [...found].map(([act, writer]) => [key(act), { person: act.person, name: writer.name, agency: writer.agency }]),
  );
  return (act) => writers.get(key(act)) ?? null;
}

function blockOf(line: Line, writers: Writers): PastBlock {
  return {
    kind: line.element === 'heading' ? 'heading' : (kinds.get(line.holder) ?? 'paragraph'),
    passages: passages(line).map(({ text, person, from, to }) => ({
      text,
      by: writers({ person, at: to }),
      from: told(from),
      to: told(to),
    })),
  };
}

function changeOf({ under, pieces }: Hunk, writers: Writers): Comparison['changes'][number] {
  return {
    under,
    pieces: pieces.map(({ is, text, act }) =>
      is === 'same' ? { is, text } : { is, text, by: act && writers(act), at: act && told(act.at) },
    ),
  };
}

function momentOf(rows: readonly LogRow[], seq: number): { version: number; at: string | null } {
  const row = rows.findLast((each) => each.seq <= seq);
  return { version: row?.seq ?? 0, at: row ? told(row.at) : null };
}
