/** Who a person is today: agency and role as they stand, nobody once they have left. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agency, membership, partnership, person } from '#schema/tables/index.ts';
import { actorOf, peopleOf } from '#server/auth/actor.ts';
import type { Database, Store } from '#server/store.ts';
import { databaseKinds, freshStore } from '../support/database.ts';

const contact = { name: 'Business unit', phone: '01632 960 000', email: 'unit@northbeck.example' };
const past = '2020-01-01T00:00:00Z';
const future = '2099-01-01T00:00:00Z';

describe.each(databaseKinds())('people on %s', (kind) => {
  let store: Store;
  let db: Database;

  beforeAll(async () => {
    store = await freshStore(kind);
    db = store.db;
    for (const id of ['northbeck', 'southbeck']) await db.insert(partnership).values({ id, name: id, contact });
    await db.insert(agency).values([
      { id: 'health', partnership: 'northbeck', kind: 'health', name: 'Health' },
      { id: 'police', partnership: 'southbeck', kind: 'police', name: 'Police' },
    ]);
  });
  afterAll(() => store?.close());

  /** Someone who speaks for Health in Northbeck, except as told. */
  async function serving(id: string, other: Partial<typeof membership.$inferInsert> = {}): Promise<void> {
    await db.insert(person).values({ id, name: `Ms ${id}`, email: `${id}@example.org`, passwordHash: 'x' });
    const given = { partnership: 'northbeck', agency: 'health', role: 'position-holder', since: past } as const;
    await db.insert(membership).values({ ...given, id: `${id} serves`, person: id, ...other });
  }

  test('someone who serves is an actor of their partnership, as they stand now', async () => {
    await serving('amara');
    expect(await actorOf(db, 'amara')).toEqual({
      actor: {
        person: 'amara',
        name: 'Ms amara',
        agency: { id: 'health', kind: 'health', name: 'Health' },
        role: 'position-holder',
      },
      partnership: expect.objectContaining({ id: 'northbeck', name: 'northbeck', practice: false, contact }),
    });
    await db.update(membership).set({ role: 'contributor' }).where(eq(membership.person, 'amara'));
    expect((await actorOf(db, 'amara'))?.actor.role).toBe('contributor');
  });

  test('[R18] someone who has left, has not begun or is disabled is nobody', async () => {
    await serving('left', { until: past });
    await serving('later', { since: future });
    await serving('disabled');
    await db.update(person).set({ disabledAt: past }).where(eq(person.id, 'disabled'));
    for (const id of ['left', 'later', 'disabled', 'unheard-of']) expect(await actorOf(db, id), id).toBeNull();
  });

  test('a partnership’s people are those who serve in it today, by name', async () => {
    await serving('zoe', { until: future });
    await serving('bo');
    await serving('elsewhere', { partnership: 'southbeck', agency: 'police' });
    const people = await peopleOf(db, 'northbeck');
    expect(people.map(({ person }) => person)).toEqual(['amara', 'bo', 'zoe']);
    expect((await peopleOf(db, 'southbeck')).map(({ agency }) => agency.name)).toEqual(['Police']);
  });
});
