/** [M48] The post is killed after a mail was taken and before that was marked: none is lost, none is a second mail. */
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mail } from '#schema/tables/index.ts';
import { createPost } from '#server/notice/post.ts';
import { openStore } from '#server/store.ts';
import { databaseKinds, freshPlace } from '../support/database.ts';
import { startNotify, startSmtp } from '../support/mail.ts';
import { carrierTo, spawnPost, type By } from '../support/post-process.ts';
import { createWorld, openCase } from '../support/world.ts';

const log = pino({ level: 'silent' });
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const count = (ids: readonly string[], id: string) => ids.filter((each) => each === id).length;

/** Stops at the second mail until `release`; `reached` resolves when it has been taken. */
function heldAtTheSecond() {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const hold = async (taken: number): Promise<void> => {
    if (taken !== 2) return;
    reached.resolve();
    await released.promise;
  };
  return { hold, reached: reached.promise, release: released.resolve };
}

// A database, a process and a mail server of its own each: on a machine with much else to do that takes long.
describe.each(databaseKinds())('on %s', { timeout: 240_000 }, (kind) => {
  /** Kills the post at its second mail and lets another go on; the ids of what was taken, and of what there is. */
  async function killed(by: By, url: string, { reached, release }: ReturnType<typeof heldAtTheSecond>) {
    const place = await freshPlace(kind);
    onTestFinished(place.remove);
    const open = () => openStore({ databaseUrl: place.databaseUrl, folder: place.folder, log });
    const before = await open();
    const world = await createWorld(before.db);
    await openCase(world, await world.as('Amara Fenwick'));
    await world.close();
    await before.close();

    const first = spawnPost({ databaseUrl: place.databaseUrl, folder: place.folder, by, url, now: inMinutes(10) });
    const complained = first.gone.then((complaints) => {
      throw new Error(`It ended before it was killed: ${complaints}`);
    });
    await Promise.race([reached, complained]);
    complained.catch(() => undefined);
    first.kill();
    await first.gone;
    release();

    const after = await open();
    const carrier = carrierTo(by, url);
    const origin = () => 'https://candour.example.org';
    const next = createPost({ db: after.db, carrier, origin, log, time: async () => inMinutes(20) });
    await next.lookNow();
    await next.lookNow();
    const all = await after.db.select().from(mail);
    await next.close();
    await after.close();
    expect(all.length).toBeGreaterThan(1);
    expect(all.map(({ state }) => state)).toEqual(all.map(() => 'sent'));
    return all.map(({ id }) => id);
  }

  test('[M48] by SMTP every mail leaves; the one in hand goes again under the same Message-ID, and no other', async () => {
    const held = heldAtTheSecond();
    const smtp = await startSmtp(undefined, held.hold);
    onTestFinished(smtp.close);
    const ids = (await killed('SMTP', smtp.url, held)).map((id) => `<${id}@example.org>`);
    const taken = smtp.received.map(({ id }) => id);
    const inHand = taken[1] ?? '';
    expect(new Set(taken)).toEqual(new Set(ids));
    for (const id of ids) expect(count(taken, id), id).toBe(id === inHand ? 2 : 1);
  });

  test('[M48] by GOV.UK Notify every mail leaves once: the one in hand is found there by its reference', async () => {
    const held = heldAtTheSecond();
    const notify = await startNotify(held.hold);
    onTestFinished(notify.close);
    const ids = await killed('GOV.UK Notify', notify.url, held);
    expect(notify.sent.map(({ reference }) => reference).sort()).toEqual(ids.sort());
  });
});
