/** Random notes played again from their log: what each past moment showed, and who wrote what. */
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { replay, type Line } from '#server/sync/history.ts';
import { docOf } from './client.ts';
import { honestLog } from './honest.ts';
import { rowsOf } from './rows.ts';

const words = (lines: readonly Line[]): string =>
  lines.map(({ runs }) => runs.map(({ text }) => text).join('')).join('|');
/** Every text of the document in the order it is shown, as the history shows it. */
function wordsIn(doc: Y.Doc): string {
  const lines: string[] = [];
  const walk = (parent: Y.XmlFragment | Y.XmlElement): string =>
    parent
      .toArray()
      .map((node) => {
        if (node instanceof Y.XmlText)
          return (node.toDelta() as { insert: string }[]).map(({ insert }) => insert).join('');
        if (!(node instanceof Y.XmlElement)) return '';
        if (node.nodeName === 'hardBreak') return '\n';
        const own = walk(node);
        if (['paragraph', 'heading', 'horizontalRule'].includes(node.nodeName)) lines.push(own);
        return '';
      })
      .join('');
  walk(doc.getXmlFragment(notesRoot));
  return lines.join('|');
}

/** Rows of a random log at which the history tells another text than everybody saw then: every third is looked at. */
export function whatPastDiffers(seed: number, acts: number): number[] {
  const { log, senders } = honestLog(seed, acts);
  const rows = rowsOf(log, senders);
  const doc = new Y.Doc({ gc: false });
  return rows
    .map(({ seq }) => seq)
    .filter((seq) => {
      Y.applyUpdate(doc, log[seq - 1] as Uint8Array);
      if (seq % 3 !== 0 && seq < rows.length) return false;
      const moment = replay(rows, { seq });
      return moment.seq !== seq || words(moment.lines).toWellFormed() !== wordsIn(doc).toWellFormed();
    });
}

/** Characters of a random log by person: as the history tells them, and by the number each bears. */
export function whoWrote(
  seed: number,
  acts: number,
): { told: [person: string, characters: number][]; written: [person: string, characters: number][] } {
  const { log, senders, leases } = honestLog(seed, acts);
  const written = new Map<string, number>();
  for (const [client, structs] of docOf(log).store.clients) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString) || struct.deleted) continue;
      const person = leases.get(client) as string;
      written.set(person, (written.get(person) ?? 0) + struct.length);
    }
  }
  const told = new Map<string, number>();
  for (const { runs } of replay(rowsOf(log, senders), { seq: log.length }).lines) {
    for (const { text, written: by } of runs) {
      if (text !== '\n') told.set(by.person, (told.get(by.person) ?? 0) + text.length);
    }
  }
  return { told: [...told].sort(), written: [...written].sort() };
}
