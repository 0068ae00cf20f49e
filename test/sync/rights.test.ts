/** [R17] Every kind of message by every capability: the whole matrix, against a table of its own. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Capability } from '#schema/case.ts';
import type { RoomId } from '#schema/id.ts';
import { notesRoot } from '#schema/notes.ts';
import { close, kind, syncKind } from '#schema/protocol.ts';
import { freshStore } from '../support/database.ts';
import { awarenessMessage, Client, syncMessage } from './support/client.ts';
import { openHouse, type House, type Person } from './support/house.ts';
import { until } from './support/until.ts';

/** What becomes of a message: it is answered; its words are kept; it is read and nothing comes of it; its sender is sent away. */
type Outcome = 'answered' | 'kept' | 'passed over' | 'sent away';

const everyone = (outcome: Outcome) => ({ read: outcome, comment: outcome, write: outcome });

/** Who may send what, as the notes' wire promises it. A kind without a line here is no TypeScript. */
const kinds: Record<keyof typeof kind, Record<Capability, Outcome> | 'by its step'> = {
  sync: 'by its step',
  awareness: everyone('answered'),
  auth: everyone('sent away'),
  queryAwareness: everyone('answered'),
  durable: everyone('sent away'),
  entries: everyone('sent away'),
  entriesSince: everyone('answered'),
  refresh: everyone('sent away'),
  contentHash: everyone('answered'),
  filled: everyone('sent away'),
};
const steps: Record<keyof typeof syncKind, Record<Capability, Outcome>> = {
  step1: everyone('answered'),
  step2: { read: 'passed over', comment: 'passed over', write: 'kept' },
  update: { read: 'sent away', comment: 'sent away', write: 'kept' },
};

/** The least that each kind says, well formed: what is refused is refused for its kind. */
const bodies: Record<keyof typeof kind, number[]> = {
  sync: [],
  awareness: [...awarenessMessage([{ client: 41, clock: 1, state: { cursor: { head: 1 } } }]).subarray(1)],
  auth: [0, 0],
  queryAwareness: [],
  durable: [1],
  entries: [2, 0x5b, 0x5d],
  entriesSince: [0],
  refresh: [4, ...Buffer.from('work')],
  contentHash: [64, ...Buffer.alloc(64, 'a'), 0],
  filled: [4, ...Buffer.from('full')],
};

const capabilities: readonly Capability[] = ['read', 'comment', 'write'];

let house: House;
const closing: (() => void)[] = [];
beforeAll(async () => {
  house = await openHouse(await freshStore('pglite'), { forgives: true });
});
afterEach(() => {
  for (const each of closing.splice(0)) each();
});
afterAll(() => house.close());

type Entered = { client: Client; room: RoomId; owner: Person };

/** Somebody with this capability and no more, in a room of its own. */
async function enterWith(capability: Capability): Promise<Entered> {
  const [owner, person] = [await house.person('Amara'), await house.person('Priya')];
  const room = await house.room(owner, [person, capability]);
  const client = await enter(room, person);
  await isAnswered(client);
  return { client, room, owner };
}

async function enter(room: RoomId, person: Person): Promise<Client> {
  const client = await Client.open(house, room, person);
  closing.push(() => client.close());
  return client;
}

/** Whether the service answers: then it has read all that was sent before. False when it has closed the socket. */
async function isAnswered(client: Client): Promise<boolean> {
  const before = client.answers.length;
  client.sync(syncKind.step1, Uint8Array.of(0));
  await until('an answer, or the end', () => client.answers.length > before || client.closed !== null);
  return client.closed === null;
}

const words = (): Uint8Array => {
  const doc = new Y.Doc({ gc: false });
  doc.getXmlFragment(notesRoot).push([new Y.XmlElement('paragraph')]);
  return Y.encodeStateAsUpdate(doc);
};

/** How many paragraphs the room keeps besides the one its owner writes now, which is stored after all that came before. */
async function keptIn({ room, owner }: Entered): Promise<number> {
  const writer = await enter(room, owner);
  writer.update(words());
  await until('what came last to be stored', () => writer.durable === 1);
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, await house.rooms.updateOf(room));
  return doc.getXmlFragment(notesRoot).length - 1;
}

/** Where an answer is `expected` it is waited for: some come only after what is looked up for them. */
async function outcomeOf(
  entered: Entered,
  message: Uint8Array,
  expected: Outcome,
  answers: (client: Client) => number,
): Promise<Outcome> {
  const { client } = entered;
  const before = answers(client);
  client.send(message);
  const isOpen = await isAnswered(client);
  const kept = await keptIn(entered);
  if (isOpen && kept === 1) return 'kept';
  expect(kept).toBe(0);
  if (!isOpen) {
    expect(client.closed?.code).toBe(close.refusedUpdate);
    return 'sent away';
  }
  if (expected === 'answered') await until('its answer', () => answers(client) > before);
  return answers(client) > before ? 'answered' : 'passed over';
}

/** What came to a client as an answer to a message of this kind. */
const answersTo =
  (name: keyof typeof kind) =>
  (client: Client): number => {
    if (name === 'awareness' || name === 'queryAwareness') return client.presence.size;
    const of = name === 'entriesSince' ? kind.entries : kind[name];
    return client.texts.filter((text) => text.kind === of).length;
  };

const rows = Object.entries(kinds).flatMap(([name, outcome]) =>
  outcome === 'by its step'
    ? []
    : capabilities.map((held) => [name as keyof typeof kind, held, outcome[held]] as const),
);

describe('[R17] every kind of message by every capability', () => {
  test.each(rows)('%s from somebody who may %s: %s', async (name, held, outcome) => {
    const entered = await enterWith(held);
    if (name === 'queryAwareness') {
      // Presence is told to who enters; asked for again, it comes again.
      const other = await enter(entered.room, entered.owner);
      other.awareness(43, 1, { cursor: null });
      await until('the other to be seen', () => entered.client.presence.size === 1);
      entered.client.presence.clear();
    }
    const message = Uint8Array.of(kind[name], ...bodies[name]);
    expect(await outcomeOf(entered, message, outcome, answersTo(name))).toBe(outcome);
  });

  const stepRows = Object.entries(steps).flatMap(([name, outcome]) =>
    capabilities.map((held) => [name as keyof typeof syncKind, held, outcome[held]] as const),
  );
  test.each(stepRows)('sync %s from somebody who may %s: %s', async (name, held, outcome) => {
    const body = name === 'step1' ? Uint8Array.of(0) : words();
    // The question that shows that it was read is answered too.
    const beyondIt = ({ answers }: Client) => (name === 'step1' ? answers.length - 1 : 0);
    const message = syncMessage(syncKind[name], body);
    expect(await outcomeOf(await enterWith(held), message, outcome, beyondIt)).toBe(outcome);
  });

  test.each(capabilities)('a kind or a step that there is not, from somebody who may %s: sent away', async (held) => {
    const known = new Set<number>(Object.values(kind));
    const unknown = [...Array(32).keys(), 119, 120, 127].filter((each) => !known.has(each));
    expect(unknown.length).toBeGreaterThan(20);
    const [owner, person] = [await house.person('Amara'), await house.person('Priya')];
    const room = await house.room(owner, [person, held]);
    for (const message of [...unknown.map((each) => [each, 0]), [kind.sync, 3, 0], [kind.sync, 120, 0]]) {
      const client = await enter(room, person);
      client.send(Uint8Array.from(message));
      expect((await client.isClosed()).code, `${message}`).toBe(close.refusedUpdate);
    }
  });
});
