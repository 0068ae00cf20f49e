/** The connection line on a screen, in each state that a real network and a real service can bring about. */
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#schema/id.ts';
import { limits } from '#schema/protocol.ts';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { postAt, practicePeopleAt } from '../support/chaired.ts';
import { practicePlace, type Place } from '../support/database.ts';
import { freePort } from '../support/port.ts';
import { accessible, fits, heading, looksRight, sees, visit, type Visitor } from '../support/screens.ts';
import { leaseAt, liveCaseAt, signInAt, startService, type RunningService } from '../support/service.ts';
import { standBefore, type Wire } from '../support/wire.ts';
import { Client } from '../sync/support/client.ts';
import { until } from '../sync/support/until.ts';

describe.skipIf(!hasBrowser())('the connection line', { timeout: 240_000 }, () => {
  let place: Place;
  let service: RunningService;
  let wire: Wire;
  /** What people use: everything goes through the wire. */
  let address: string;
  let browser: Browser;
  let health: Visitor;
  let live: { ref: string; room: string };

  beforeAll(async () => {
    place = await practicePlace('pglite');
    const port = await freePort();
    wire = await standBefore(port);
    address = `http://127.0.0.1:${wire.port}`;
    service = await startService(place, { PORT: String(port), CANDOUR_ORIGIN: address });
    browser = await openBrowser();
    live = await liveCaseAt(address, await signInAt(address, 'Amara Fenwick'));
    health = await visit(browser, address, 'Amara Fenwick');
    await health.page.goto(`/cases/${live.ref}`);
    await state(health.page, 'saved');
  });
  afterAll(async () => {
    await browser?.close();
    await wire?.close();
    await service?.kill();
    await place?.remove();
  });

  async function state(page: Page, kind: string, words?: string): Promise<void> {
    await page.locator(`[data-connection=${kind}]`).waitFor({ timeout: 60_000 });
    if (words) await page.locator('section[aria-label=Connection]').getByText(words).waitFor();
  }
  const saved = (page: Page) => page.locator('[data-saved=true]').waitFor({ timeout: 60_000 });
  async function type(page: Page, words: string): Promise<void> {
    await page.locator('[contenteditable=true] p').last().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(words);
  }

  test('[M48] Saving, then Reconnecting, while the service does not answer; Saved once it has', async () => {
    const { page } = health;
    process.kill(service.pid, 'SIGSTOP');
    await type(page, 'First. ');
    await state(page, 'saving', 'Saving…');
    await state(page, 'reconnecting', 'Reconnecting. Your last changes are not saved yet. Keep this tab open.');
    await accessible(page, 'reconnecting');
    process.kill(service.pid, 'SIGCONT');
    await saved(page);
    await state(page, 'saved', 'Saved at');
  });

  test('[M48] Reconnecting when the network is cut, and what was typed meanwhile is saved once it is mended', async () => {
    const { page } = health;
    wire.cut();
    await type(page, 'Second. ');
    await state(page, 'reconnecting', 'Reconnecting. Your last changes are not saved yet. Keep this tab open.');
    await page.setViewportSize({ width: 320, height: 800 });
    await fits(page, 'reconnecting at 320 px');
    await page.setViewportSize({ width: 1280, height: 900 });
    wire.mend();
    await saved(page);
    const { text } = (await (await page.request.get(`/api/rooms/${live.room}/notes`)).json()) as { text: string };
    expect(text).toMatch(/First\. Second\./);
  });

  test('[T22] too many tabs: each says so, keeps what is typed or shows the notes to read, and comes back once others are closed', async () => {
    const { page, context } = health;
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    /** This person's other tabs, in as many as one person may have. */
    const others: Client[] = [];
    const openOthers = async () => {
      while (others.length < limits.socketsPerPerson) {
        const other = await Client.open(service, live.room, { cookie }, { headers: { origin: address } });
        await until('an answer at the door', () => other.step1 !== null || other.closed !== null);
        if (!other.closed) others.push(other);
      }
    };
    wire.cut();
    await openOthers();
    wire.mend();
    const tooMany = 'You have too many tabs of this service open on your devices.';
    await type(page, 'Third. ');
    await state(page, 'too-many-open', tooMany);
    await sees(page, 'What you typed is kept in this tab and is not saved yet.');
    await page.locator('[aria-live=assertive]', { hasText: tooMany }).waitFor({ state: 'attached' });
    await looksRight(page, 'too many tabs, with something typed');
    const [line, buttons] = await Promise.all(
      [page.getByRole('region', { name: 'Connection' }), page.getByRole('toolbar')].map((part) => part.boundingBox()),
    );
    expect(buttons?.y, 'the buttons stand below the line').toBeGreaterThanOrEqual((line?.y ?? 0) + (line?.height ?? 0));

    const ninth = await context.newPage();
    await ninth.goto(`/cases/${live.ref}`);
    await state(ninth, 'too-many-open', 'Until then you can read, comment and give positions.');
    await sees(ninth, 'You can write here as soon as this tab is connected.');
    await sees(ninth, /First\. Second\./);
    await looksRight(ninth, 'too many tabs, just opened');

    const work = await context.newPage();
    const turnedAway = work.waitForEvent('websocket').then((socket) => socket.waitForEvent('close'));
    await work.goto('/');
    await turnedAway;
    const letIn = work.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'));

    for (const other of others.splice(0, 3)) other.close();
    await Promise.all([saved(page), saved(ninth), letIn]);
    await ninth.locator('[contenteditable=true]', { hasText: 'Third. ' }).waitFor();
    for (const tab of [ninth, work]) await tab.close();
    for (const other of others) other.close();
  });

  test('[T19] notes opened too often within an hour say so, and are there to read', async () => {
    const { context, page } = await visit(browser, address, 'Priya Lark');
    const cookie = await signInAt(address, 'Priya Lark');
    for (let n = 0; n < limits.leasesPerHour; n += 1) await leaseAt(address, cookie, live.room);
    await page.goto(`/cases/${live.ref}`);
    await state(page, 'too-often', 'This tab connects by itself in a minute or two.');
    await sees(page, /First\. Second\. Third\./);
    await accessible(page, 'notes opened too often');
    await context.close();
  });

  test('[M48] Offline, as the browser says it', async () => {
    const { page } = health;
    await page.context().setOffline(true);
    await state(
      page,
      'offline',
      'You are offline. You can keep typing in this tab. Nothing is saved until you are back online.',
    );
    await page.context().setOffline(false);
    await saved(page);
  });

  test('[M48] Access removed: the whole page says so, and nothing of the case is left on it', async () => {
    const beth = await signInAt(address, 'Beth Quill');
    const people = await practicePeopleAt(address);
    const named = (wanted: string) => people.find(({ name }) => name === wanted)?.person;
    const read = async () =>
      (await (await fetch(`${address}/api/admin`, { headers: { cookie: beth } })).json()) as {
        members: { person: string; membership: string }[];
        covers: { person: string; cover: string }[];
      };
    const administer = (command: object) =>
      postAt(address, beth, '/admin/commands', { id: newId(), command: { ...command, why: 'Leave.' } });
    const { service: at } = (await (await fetch(`${address}/api/session`)).json()) as {
      service: { today: string };
    };
    const covered = (await read()).members.find(({ person }) => person === named('Denis Marsh'));
    await administer({
      type: 'GiveCover',
      person: named('Cass Orme'),
      membership: covered?.membership,
      from: at.today,
      until: at.today,
      authorisedBy: 'Dana Holt, chief executive',
    });
    const { context, page } = await visit(browser, address, 'Cass Orme');
    await page.goto(`/cases/${live.ref}`);
    await saved(page);
    await sees(page, 'First. Second.');
    const cover = (await read()).covers.find(({ person }) => person === named('Cass Orme'));
    await administer({ type: 'EndCover', cover: cover?.cover });
    await heading(page, 'You no longer have access to this case');
    await accessible(page, 'access removed');
    expect(await page.locator('body').innerText()).not.toContain('First. Second.');
    expect(await page.getByRole('navigation', { name: 'Case' }).count()).toBe(0);
    await context.close();
  });
});
