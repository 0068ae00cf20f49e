/** How the service stops: whoever is here is sent away to come back, whatever else it waits for. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { newId } from '#schema/id.ts';
import { close } from '#schema/protocol.ts';
import { mail, person, room as roomTable } from '#schema/tables/index.ts';
import { createSessions } from '#server/auth/sessions.ts';
import { openStore } from '#server/store.ts';
import { practicePlace, type Place } from '../support/database.ts';
import { startService } from '../support/service.ts';
import { Client } from '../sync/support/client.ts';
import { until } from '../sync/support/until.ts';

/** A mail server that greets and says nothing more; its wires, and whether any has been given up. */
async function silentMailServer() {
  const wires: Socket[] = [];
  let isGivenUp = false;
  const server = createServer((wire) => {
    wires.push(wire);
    wire.on('error', () => undefined).on('close', () => (isGivenUp = true));
    wire.resume().write('220 mail.example.org\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    wires,
    isGivenUp: () => isGivenUp,
    close() {
      for (const wire of wires) wire.destroy();
      server.close();
    },
  };
}

/** Somebody signed in, their own room, and a mail to them that waits to be sent. */
async function withMailWaiting({ databaseUrl, folder }: Place): Promise<{ cookie: string; own: string }> {
  const { db, close } = await openStore({ databaseUrl, folder, log: pino({ level: 'silent' }) });
  const [amara] = await db.select({ id: person.id }).from(person).where(eq(person.name, 'Amara Fenwick'));
  const id = amara?.id ?? '';
  const [own] = await db.select({ id: roomTable.id }).from(roomTable).where(eq(roomTable.owner, id));
  await db.insert(mail).values({ id: newId(), person: id, subject: 'Something', body: 'Something.', state: 'waiting' });
  const { cookie } = await createSessions(db, { secure: false }).start(id);
  await close();
  return { cookie: cookie.split(';')[0] ?? '', own: own?.id ?? '' };
}

test('nobody waits for a mail server that says nothing', async () => {
  const place = await practicePlace('pglite');
  onTestFinished(place.remove);
  const { cookie, own } = await withMailWaiting(place);
  const mails = await silentMailServer();
  onTestFinished(mails.close);
  const env = { CANDOUR_MODE: 'live', SMTP_URL: mails.url, MAIL_FROM: 'Candour <candour@example.org>' };
  const service = await startService(place, env);
  onTestFinished(service.kill);
  const here = await Client.open(service, own, { cookie });
  await until('the mail to be on its way', () => mails.wires.length > 0);
  const stopped = service.stop();
  await until('somebody who is here to be sent away', () => here.closed !== null, 45_000);
  expect([here.closed?.code, mails.isGivenUp()]).toEqual([close.restart, false]);
  for (const wire of mails.wires) wire.destroy();
  expect(await stopped).toBe(0);
});
