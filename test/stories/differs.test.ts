/** [T4] A screen whose copy of the notes is not what is saved says so, keeps its person's words, and sends nothing that rests on it. */
import { describe, expect, test } from 'vitest';
import { kind, syncKind } from '#schema/protocol.ts';
import { hasBrowser } from '../support/browser.ts';
import { accessible, fits, follow, heading, press, sees, write } from '../support/screens.ts';
import { leaseAt, liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';
import { openWriter } from '../support/writer.ts';

/** An update that brings nothing, as a frame: what is left of one whose words were lost. */
const emptied = Buffer.from([kind.sync, syncKind.update, 2, 0, 0]);

describe.skipIf(!hasBrowser())('a copy that differs', () => {
  const story = tellStory();

  test('[R13] a colleague’s words are lost on the way: the form is held back, one’s own words are there to copy, and reloading mends it', async () => {
    const { ref, room } = await liveCaseAt(story.address, await signInAt(story.address, 'Amara Fenwick'));
    const { page, problems } = await story.enter('Amara Fenwick');
    let isLosing = false;
    let lost = 0;
    await page.routeWebSocket(/\/rooms\//, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        const isUpdate = typeof message !== 'string' && message[0] === kind.sync && message[1] === syncKind.update;
        if (isLosing && isUpdate && socket.url().includes(room)) {
          lost += 1;
          socket.send(emptied);
        } else {
          socket.send(message);
        }
      });
    });
    const saved = () => page.locator('[data-saved=true]').waitFor();
    await page.goto(`/cases/${ref}`);
    await saved();
    await page.locator('[contenteditable=true] p').last().click();
    await page.keyboard.type('The ward sister rang at 7:20am.');
    await saved();
    await follow(page, 'Versions and who wrote what');
    await follow(page, 'Name the notes as they stand now');
    await heading(page, 'Name the notes as they stand now');
    await write(page, 'Name', 'Before the meeting');

    isLosing = true;
    const cookie = await signInAt(story.address, 'Priya Lark');
    const client = await leaseAt(story.address, cookie, room);
    const police = openWriter({ address: story.address, room, cookie, client });
    police.type('Police were there at 7:40am.');
    await police.settled(60_000);
    await expect.poll(() => lost, { timeout: 60_000 }).toBeGreaterThan(0);
    isLosing = false;
    police.close();

    await page.getByRole('heading', { name: 'Your copy differs' }).waitFor({ timeout: 60_000 });
    expect(await page.getByRole('button', { name: 'Keep this version' }).isDisabled()).toBe(true);
    const own = page.getByLabel('What you typed on this page. Copy it, reload, and check that it is in the notes.');
    expect(await own.inputValue()).toContain('The ward sister rang at 7:20am.');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Before the meeting');
    for (const width of [375, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page, `a copy that differs at ${width} px`);
    }
    await accessible(page, 'a copy that differs');
    const read = await page.request.get(`/api/rooms/${room}/entries?since=0`);
    const { entries } = (await read.json()) as { entries: { type: string }[] };
    expect(entries.map(({ type }) => type)).not.toContain('VersionNamed');

    await press(page, 'Reload this page');
    await saved();
    await page.goto(`/cases/${ref}`);
    await saved();
    await sees(page, 'Police were there at 7:40am.');
    await sees(page, 'The ward sister rang at 7:20am.');
    expect(problems).toEqual([]);
  });
});
