/** Throws spoilt updates at a guard, and looks after each whether anything broke. */
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { deletionsIn, type Deletions } from '#server/sync/deletions.ts';
import { judge } from '#server/sync/guard.ts';
import { absorb, Held } from '#server/sync/held.ts';
import { mergeParts } from '#server/sync/merge.ts';
import { disorderly } from './order.ts';
import { pack } from '#server/sync/packed.ts';
import { Chance } from './chance.ts';
import { honestLog } from './honest.ts';
import { builtToHarm, spliced, spoilBytes } from './spoil.ts';

export type Fuzzed = { sent: number; taken: number; refused: number; disorderly: number; broken: string[] };

/** Sends `updates` spoilt updates in all, a few hundred to each of many notes, from seed `from` on. */
export function spoil({ from, updates }: { from: number; updates: number }): Fuzzed {
  const fuzzed: Fuzzed = { sent: 0, taken: 0, refused: 0, disorderly: 0, broken: [] };
  for (let seed = from; fuzzed.sent < updates; seed += 1) spoilOne(seed, Math.min(250, updates - fuzzed.sent), fuzzed);
  return fuzzed;
}

function spoilOne(seed: number, updates: number, fuzzed: Fuzzed): void {
  const chance = new Chance(seed);
  const { log: honest, leases } = honestLog(seed, 120);
  const half = honest.slice(0, Math.ceil(honest.length / 2));
  const held = new Held();
  absorb(held, half);
  const log = [...half];
  let doc = docOf(log);
  const [first] = leases.keys();
  const person = leases.get(first as number) as string;
  const victims = [...leases.keys()].filter((client) => leases.get(client) !== person);
  // A number below all others and one above: what they hold comes last, and first, in an update.
  const own = [...[...leases.keys()].filter((client) => leases.get(client) === person), 500, 900_000];
  const mine = (client: number) => own.includes(client) || (leases.has(client) ? false : null);
  for (let n = 0; n < updates; n += 1) {
    const update = chance.happens(0.5)
      ? builtToHarm(held.clocks, own, chance)
      : chance.happens(0.8)
        ? spoilBytes(chance.of(honest), chance)
        : spliced(chance.of(honest), chance.of(honest), chance);
    fuzzed.sent += 1;
    const before = [...held.clocks];
    const verdict = judge(update, { held, mine, deletions: () => deletionsIn(log) }, chance.happens(0.2));
    if (verdict.is === 'refused' || verdict.is === 'unleased') {
      fuzzed.refused += 1;
      if (JSON.stringify(before) !== JSON.stringify([...held.clocks]))
        fuzzed.broken.push(`${seed}/${n}: refused, but noted`);
    }
    if (verdict.is !== 'news') continue;
    fuzzed.taken += 1;
    log.push(verdict.update);
    const wrong = whatBroke(doc, verdict.update, held);
    if (!wrong) continue;
    fuzzed.broken.push(`${seed}/${n}: ${wrong}, by ${Buffer.from(update).toString('hex')}`);
    doc = docOf(log);
    return;
  }
  const wrong =
    whatLogBroke(log, held) ??
    whoLostWords(log, held, victims) ??
    (disorderly(doc).size > 0 ? null : whoDiffers(doc, log, chance));
  if (disorderly(doc).size > 0) fuzzed.disorderly += 1;
  if (wrong) fuzzed.broken.push(`${seed}: ${wrong}`);
}

function whatBroke(doc: Y.Doc, update: Uint8Array, held: Held): string | null {
  try {
    Y.applyUpdate(doc, update);
    doc.getXmlFragment(notesRoot).toJSON();
  } catch (error) {
    return `Yjs threw ${String(error)}`;
  }
  if (doc.store.pendingStructs || doc.store.pendingDs) return 'something waits for what is missing';
  const clocks = Y.decodeStateVector(Y.encodeStateVector(doc));
  for (const [client, clock] of held.clocks)
    if (clocks.get(client) !== clock) return `client ${client} is not at ${clock}`;
  return clocks.size === held.clocks.size ? null : 'there are other clients than believed';
}

/** The log as a whole: it merges, and what is learnt from the merged copy is what was learnt update by update. */
function whatLogBroke(log: readonly Uint8Array[], held: Held): string | null {
  try {
    const raw = new Held();
    absorb(raw, log);
    for (const [client, clock] of held.clocks) {
      if (raw.clockOf(client) !== clock) return `the log has client ${client} at ${raw.clockOf(client)}`;
    }
    // Null for what would read differently: what it holds is the same.
    const merged = mergeParts({ merged: Uint8Array.of(0, 0), rows: [pack(log)] }) ?? Y.encodeStateAsUpdate(docOf(log));
    const again = new Held();
    absorb(again, [merged]);
    for (const [client, clock] of held.clocks) {
      for (let at = 0; at < clock; at += 1) {
        if (again.codeAt(client, at) !== held.codeAt(client, at) || raw.codeAt(client, at) !== held.codeAt(client, at))
          return `${client}:${at} stands elsewhere after merging`;
      }
    }
    return null;
  } catch (error) {
    return `merging threw ${String(error)}`;
  }
}

/** What others wrote is where it was, unless somebody deleted it; and they write on. */
function whoLostWords(log: readonly Uint8Array[], held: Held, victims: readonly number[]): string | null {
  const doc = docOf(log);
  const deletions = deletionsIn(log);
  const since: Uint8Array[] = [];
  for (const victim of victims) {
    for (const struct of doc.store.clients.get(victim) ?? []) {
      if (!(struct instanceof Y.Item)) return `client ${victim} has garbage for words`;
      if (struct.deleted && !isExplained(struct, deletions)) return `words of client ${victim} vanished`;
    }
    doc.clientID = victim;
    const before = Y.encodeStateVector(doc);
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText(`still ${victim}`)]);
    doc.getXmlFragment(notesRoot).push([paragraph]);
    const mine = (client: number) => client === victim;
    const verdict = judge(Y.encodeStateAsUpdate(doc, before), { held, mine, deletions: () => deletions }, true);
    if (verdict.is !== 'news') return `client ${victim} cannot write on: ${JSON.stringify(verdict)}`;
    since.push(verdict.update);
  }
  const shown = docOf([...log, ...since])
    .getXmlFragment(notesRoot)
    .toString();
  const missing = victims.find((victim) => !shown.includes(`still ${victim}`));
  return missing === undefined ? null : `what client ${missing} wrote since is not shown`;
}

/** Deleted by an update, or within something that was. */
function isExplained(item: Y.Item, deletions: Deletions): boolean {
  for (let at: Y.Item | null = item; at; at = at.parent instanceof Y.AbstractType ? at.parent._item : null)
    if (deletions.has(at.id.client, at.id.clock, at.length)) return true;
  // By no update, in every copy: an attribute keeps its last value only, and where the words between two marks are
  // deleted Yjs clears the marks away. Neither is a word.
  return item.parentSub !== null || item.content instanceof Y.ContentFormat;
}

/** A copy that got every update as it came, one that got them merged, and one that took them in bursts: all read alike. */
function whoDiffers(live: Y.Doc, log: readonly Uint8Array[], chance: Chance): string | null {
  const shown = (doc: Y.Doc) => doc.getXmlFragment(notesRoot).toString().toWellFormed();
  const text = shown(live);
  const merged = mergeParts({ merged: Uint8Array.of(0, 0), rows: [pack(log)] });
  if (!merged || shown(docOf([merged])) !== text) return 'merged it reads differently';
  if (shown(docOf([Y.mergeUpdates([...log])])) !== text) return 'joined it reads differently';
  const bursts = new Y.Doc({ gc: false });
  for (let at = 0; at < log.length;) {
    const some = 1 + chance.below(12);
    bursts.transact(() => {
      for (const update of log.slice(at, at + some)) Y.applyUpdate(bursts, update);
    });
    at += some;
  }
  return shown(bursts) === text ? null : 'in bursts it reads differently';
}

function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}
