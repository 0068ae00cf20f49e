/** Cases of growing weight at a running service: pages of notes, comments on their words, and others who type. */
import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import { anchorOf } from '#lib/comments/anchors.ts';
import { flatOf } from '#lib/notes/flat.ts';
import { newId } from '#schema/id.ts';
import { notesRoot } from '#schema/notes.ts';
import { leaseAt, liveCaseAt, writersAt } from '../../support/service.ts';
import { openWriter, type Writer } from '../../support/writer.ts';

export type Case = { address: string; ref: string; room: string; cookies: readonly string[] };

/** Characters of a page of A4, and of each of its paragraphs. */
const page = 3_000;
const paragraph = 500;
const words =
  'The record of that morning has three entries, each with its source, and none of them agrees with the next. ';
/** Paragraphs sent before the earlier ones are known to be durable. */
const ahead = 20;
/** Milliseconds between two keys of somebody who types. */
const betweenKeys = 333;

export async function findCase(address: string, cookie: string): Promise<Case> {
  const { ref, room } = await liveCaseAt(address, cookie);
  return { address, ref, room, cookies: await writersAt(address, ref) };
}

async function join({ address, room }: Case, cookie: string): Promise<Writer> {
  const writer = openWriter({ address, room, cookie, client: await leaseAt(address, cookie, room) });
  await new Promise<void>((resolve) => void writer.provider.once('sync', () => resolve()));
  return writer;
}

/** Paragraphs of so many pages. */
const paragraphsOf = (pages: number) => (pages * page) / paragraph;

/** How the last paragraph of so many pages begins. */
export const endOf = (pages: number) => `${paragraphsOf(pages) - 1}. ${words.slice(0, 10)}`;

/** Writes on at the end, from so many pages that are there to so many in all. */
export async function writePages(at: Case, from: number, to: number): Promise<void> {
  const writer = await join(at, at.cookies[0] ?? '');
  for (let n = paragraphsOf(from); n < paragraphsOf(to); n += 1) {
    writer.type(`${n}. ${words.repeat(5)}`.slice(0, paragraph));
    if (n % ahead === 0) await writer.settled(60_000);
  }
  await writer.settled(60_000);
  writer.close();
}

/** Comments on so many different words, spread over the whole notes. */
export async function addComments(at: Case, count: number): Promise<void> {
  const reader = await join(at, at.cookies[0] ?? '');
  const notes = reader.doc.getXmlFragment(notesRoot);
  const flat = flatOf(notes);
  const from = (n: number) => Math.floor((n / count) * (flat.text.length - 40));
  for (let n = 0; n < count; n += 1) {
    const about = anchorOf(flat, { from: from(n), to: from(n) + 30 });
    await sendCommand(at, at.cookies[n % at.cookies.length] ?? '', {
      type: 'AddComment',
      about,
      text: `Where does this come from? The log we hold has another time. Comment ${n}.`,
      question: null,
      mentions: [],
    });
  }
  reader.close();
}

async function sendCommand({ address, room }: Case, cookie: string, command: object): Promise<void> {
  const reply = await fetch(`${address}/api/rooms/${room}/commands`, {
    method: 'POST',
    headers: { cookie, origin: address, 'content-type': 'application/json' },
    body: JSON.stringify({ id: newId(), command }),
  });
  if (!reply.ok) throw new Error(`A comment was not taken: ${reply.status} ${await reply.text()}`);
}

/** People who each type in a paragraph of their own, three keys a second, until they are stopped. */
export async function others(at: Case, count: number): Promise<{ stop: () => Promise<void> }> {
  const writers = await Promise.all(
    Array.from({ length: count }, (_, n) => join(at, at.cookies[n % at.cookies.length] ?? '')),
  );
  let typing = true;
  const all = writers.map(async ({ notes }, n) => {
    const mine = new Y.XmlElement('paragraph');
    // Words of their own: an editor takes paragraphs with the same words for one another.
    const text = new Y.XmlText(`${n}. `);
    mine.insert(0, [text]);
    notes.push([mine]);
    await pause((n / count) * betweenKeys);
    while (typing) {
      text.insert(text.length, text.length % 6 === 5 ? ' ' : 'e');
      await pause(betweenKeys);
    }
  });
  return {
    async stop() {
      typing = false;
      await Promise.all(all);
      for (const writer of writers) writer.close();
    },
  };
}
