/** Who watches over the chairs of all sessions: what goes wrong with one keeps no other from being paused. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chairSeen } from '#schema/tables/index.ts';
import { createBus } from '#server/bus.ts';
import { createChairWatch } from '#server/chair-watch.ts';
import type { Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';
import { createWorld, openCase, type World } from '../support/world.ts';

describe.each(databaseKinds())('on %s', (kind) => {
  let store: Store;
  let world: World;
  beforeAll(async () => {
    store = await freshStore(kind);
    world = await createWorld(store.db);
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  test('a session that cannot be paused is said, and the others that lost their Chair are paused', async () => {
    const health = await world.as('Amara Fenwick');
    const rooms = [await openCase(world, health), await openCase(world, health)].map(({ room }) => room);
    const at = '2026-01-01T00:00:00Z';
    await store.db.insert(chairSeen).values(rooms.map((room) => ({ room, person: 'somebody', at })));
    const asked: string[] = [];
    const said: string[] = [];
    const watch = createChairWatch({
      db: store.db,
      bus: createBus(),
      rooms: { peopleIn: async () => [] },
      log: pino(
        { level: 'error' },
        { write: (line: string) => said.push((JSON.parse(line) as { room: string }).room) },
      ),
      commands: {
        async carryOutByClock(_tx, { room }) {
          asked.push(room);
          if (asked.length === 1) throw new Error('It cannot be folded');
          return { firstSeq: 1, lastSeq: 1 };
        },
      },
    });
    await watch.lookNow();
    expect(asked.sort()).toEqual(rooms.sort());
    expect(said).toHaveLength(1);
  });
});
