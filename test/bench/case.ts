/**
 * Measures a case with a long record: `npm run bench:case`. One with 500 entries beside one with
 * 5,000, ten times as many: what grows no faster than its entries has a ratio of ten or less, and
 * what one more entry costs has a ratio of one. Nothing here passes or fails.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Actor } from '#schema/actor.ts';
import { dayOf } from '#schema/calendar.ts';
import type { Event } from '#schema/event.ts';
import { newId, type RoomId } from '#schema/id.ts';
import { hashText, verify, type Entry } from '#schema/ledger.ts';
import { fold } from '#schema/room.ts';
import { append, createFolds, lockHead } from '#server/ledger.ts';
import { openStore, type Database } from '#server/store.ts';
import { merged } from '#lib/connection/record.ts';
import { createWorld, openCase } from '../support/world.ts';
import { median } from './load/quantile.ts';
import { lines, number } from './report.ts';

const sizes = [500, 5_000] as const;
const repetitions = 9;
const words = 'The consultant does not expect that the injury will last, and says so in the second letter. '.repeat(4);
const today = dayOf(new Date().toISOString());

/** What a case that is much discussed holds, by the place of the entry in its record. */
function eventAt(seq: number, actor: Actor): Event {
  switch (seq % 10) {
    case 0:
    case 1:
      return { type: 'CommentAdded', about: null, text: words, question: null, mentions: [] };
    case 2:
    case 3:
    case 4:
      return { type: 'CommentReplied', thread: seq - (seq % 10) + 1, text: words, mentions: [] };
    case 5:
      return { type: 'CommentClosed', thread: seq - 4, settled: 'answered', note: '' };
    case 6:
      return {
        type: 'ElementAnswered',
        content: { element: 'known', answer: 'yes', evidence: words, source: 'Letter', missing: '', from: '' },
      };
    case 7: {
      const asked = { asker: actor, about: null, what: words, to: actor.agency, person: '', by: today };
      return { type: 'QuestionAsked', ...asked, position: null };
    }
    case 8:
      return { type: 'QuestionAnswered', question: seq - 1, answer: words };
    default:
      return { type: 'NotesFrozen', notes: { version: seq, text: words.repeat(5), hash: hashText(words.repeat(5)) } };
  }
}

/** Fills a room's record up to `size` entries. */
async function fill(db: Database, room: RoomId, actor: Actor, size: number): Promise<void> {
  await db.transaction(async (tx) => {
    let head = await lockHead(tx, room);
    while (head.seq < size) {
      const next = head.seq + 1;
      const events = Array.from({ length: Math.min(250, size - head.seq) }, (_, n) => eventAt(next + n, actor));
      const now = new Date().toISOString();
      const last = (await append(tx, head, events, actor, newId(), async () => now)).at(-1);
      if (!last) break;
      head = { room, seq: last.seq, hash: last.hash };
    }
  });
}

type Figures = Record<string, number>;

/**
 * Milliseconds of a processor that this takes, done over and over: what waits for its turn beside
 * other programs does not count, and some systems count in steps of milliseconds.
 */
async function milliseconds(what: () => unknown): Promise<number> {
  const taken: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const began = process.threadCpuUsage();
    let spent = 0;
    let times = 0;
    for (let more = 1; spent < 100; more *= 2) {
      for (let again = 0; again < more; again += 1) await what();
      times += more;
      const { user, system } = process.threadCpuUsage(began);
      spent = (user + system) / 1000;
    }
    taken.push(spent / times);
  }
  return median(taken);
}

const loadBefore = loadavg();
const folder = await mkdtemp(join(tmpdir(), 'candour-case-'));
const store = await openStore({ databaseUrl: null, folder: join(folder, 'data'), log: pino({ level: 'warn' }) });
const world = await createWorld(store.db);
const figures: Figures[] = [];
try {
  const health = await world.as('Amara Fenwick');
  for (const size of sizes) {
    const { ref, room } = await openCase(world, health);
    await fill(store.db, room, health.actor, size);
    const read = async () => (await health.get(`/cases/${ref}`)).body['entries'] as Entry[];
    const entries = await read();
    const before = entries.slice(0, -1);
    const last = entries.slice(-1);
    const state = fold(before);
    const opening = await milliseconds(async () => fold(await read()));
    figures.push({
      'open: read and fold ms': opening,
      'read from the server ms': await milliseconds(read),
      'fold on the server, first time ms': await milliseconds(() => createFolds().stateOf(store.db, room)),
      'fold on the screen ms': await milliseconds(() => fold(entries)),
      'one more entry on the screen ms': await milliseconds(() => fold(merged(before, last).grown ?? [], state)),
      'check the record ms': await milliseconds(() => verify(entries)),
      'MB on the wire': JSON.stringify(entries).length / 1e6,
    });
  }
} finally {
  await world.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
const made = report();
const results = join(import.meta.dirname, 'results');
await mkdir(results, { recursive: true });
await writeFile(join(results, 'case.md'), made);
console.log(made);

function report(): string {
  const names = Object.keys(figures[0] ?? {});
  const rows = names.map((name) => {
    const [small, large] = figures.map((each) => each[name] ?? Number.NaN);
    return [name, number(small ?? Number.NaN), number(large ?? Number.NaN), number((large ?? 0) / (small ?? 0))];
  });
  const rounded = (load: readonly number[]) => load.map((each) => each.toFixed(1)).join(' ');
  const head = sizes.map((size) => `${size.toLocaleString('en-GB')} entries`);
  return `${[
    `# A long record, ${new Date().toISOString().slice(0, 10)}`,
    '',
    `${cpus()[0]?.model ?? 'Unknown processor'}, ${cpus().length} cores, node ${process.version.slice(1)}, the embedded database in the same process. Load average ${rounded(loadBefore)} before and ${rounded(loadavg())} after. Milliseconds of a processor, the database's among them; each is the median of ${repetitions}.`,
    'Open: what has to be done before a screen shows the case. Read: the whole record by its route, parsed. What grows no faster than the entries has a ratio of 10 or less. One more entry is folded into what the screen holds: the ratio of it should be far below 10.',
    '',
    ...lines([['', ...head, 'ratio'], ...rows]),
  ].join('\n')}\n`;
}
