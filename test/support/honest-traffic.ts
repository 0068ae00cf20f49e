/** People editing one note in the real editor, through the guard: how many updates were sent and which were refused. */
import fc from 'fast-check';
import * as Y from 'yjs';
import { notesRoot } from '#schema/notes.ts';
import { deletionsIn } from '#server/sync/deletions.ts';
import { judge } from '#server/sync/guard.ts';
import { Held } from '#server/sync/held.ts';
import { anyAct, EditingCopy } from './editing.ts';

export type Traffic = { updates: number; refused: string[]; converged: boolean };

type Tab = {
  person: string;
  copy: EditingCopy;
  /** What the server has sent and this tab has not had yet. */
  inbox: Uint8Array[];
  /** What this tab wrote while it was away; null while it is connected. */
  away: boolean;
};

/** Plays until so many updates were sent. The same seed plays the same. */
export function honestTraffic({ updates: wanted, seed }: { updates: number; seed: number }): Traffic {
  const traffic: Traffic = { updates: 0, refused: [], converged: true };
  const step = fc.record({
    tab: fc.nat({ max: 3 }),
    act: anyAct,
    receives: fc.boolean(),
    leaves: fc.integer({ min: 0, max: 60 }).map((chance) => chance === 0),
    returns: fc.integer({ min: 0, max: 20 }).map((chance) => chance === 0),
  });
  for (let room = 0; traffic.updates < wanted; room += 1) {
    const steps =
      fc.sample(fc.array(step, { minLength: 120, maxLength: 120 }), { numRuns: 1, seed: seed + room })[0] ?? [];
    playRoom(steps, traffic);
  }
  return traffic;
}

function playRoom(
  steps: readonly {
    tab: number;
    act: Parameters<EditingCopy['act']>[0];
    receives: boolean;
    leaves: boolean;
    returns: boolean;
  }[],
  traffic: Traffic,
): void {
  const held = new Held();
  const taken: Uint8Array[] = [];
  const server = new Y.Doc({ gc: false });
  const holder = new Map([
    [101, 'Health'],
    [102, 'Health'],
    [201, 'Police'],
    [301, 'Social care'],
  ]);
  const send = (update: Uint8Array, from: Tab, returning = false): void => {
    traffic.updates += 1;
    const asked = {
      held,
      mine: (client: number) => holder.get(client) === from.person,
      deletions: () => deletionsIn(taken),
    };
    const verdict = judge(update, asked, returning);
    if (verdict.is === 'refused') traffic.refused.push(verdict.why);
    if (verdict.is !== 'news') return;
    taken.push(verdict.update);
    Y.applyUpdate(server, verdict.update);
    for (const tab of tabs) if (tab !== from) tab.inbox.push(verdict.update);
  };
  const tabs: Tab[] = [...holder].map(([client, person]) => {
    const tab: Tab = {
      person,
      inbox: [],
      away: false,
      copy: new EditingCopy(client, (update) => !tab.away && send(update, tab)),
    };
    return tab;
  });
  const comeBack = (tab: Tab): void => {
    if (!tab.away) return;
    tab.away = false;
    // As the provider does: the server says what it has, the tab sends what that lacks, and is sent the rest.
    send(Y.encodeStateAsUpdate(tab.copy.doc, Y.encodeStateVector(server)), tab, true);
    tab.inbox = [];
    tab.copy.receive(Y.encodeStateAsUpdate(server, Y.encodeStateVector(tab.copy.doc)));
  };
  const hear = (tab: Tab): void => {
    if (tab.away) return;
    for (const update of tab.inbox.splice(0)) tab.copy.receive(update);
  };
  for (const { tab: which, act, receives, leaves, returns } of steps) {
    const tab = tabs[which] as Tab;
    if (leaves) tab.away = true;
    if (returns) comeBack(tab);
    if (receives) hear(tab);
    tab.copy.act(act);
  }
  for (const tab of tabs) comeBack(tab);
  for (const tab of tabs) hear(tab);
  const said = server.getXmlFragment(notesRoot).toString();
  traffic.converged &&= tabs.every(({ copy }) => copy.doc.getXmlFragment(notesRoot).toString() === said);
}
