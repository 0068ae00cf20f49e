/** A tab left open over a release: it meets an entry of a kind it does not know, and says what to do instead of breaking. */
import * as encoding from 'lib0/encoding';
import type { WebSocketRoute } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { kind } from '#schema/protocol.ts';
import { hasBrowser } from '../support/browser.ts';
import { accessible, press, write } from '../support/screens.ts';
import { liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';

describe.skipIf(!hasBrowser())('a tab that is older than the service', () => {
  const story = tellStory();

  test('[M48] says that it needs to reload, gives every word that is not sent to be copied, and reads on once it has', async () => {
    const { ref, room } = await liveCaseAt(story.address, await signInAt(story.address, 'Amara Fenwick'));
    const { page, problems } = await story.enter('Amara Fenwick');
    const sockets: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/rooms\//, (socket) => {
      socket.connectToServer();
      if (socket.url().includes(room)) sockets.push(socket);
    });
    await page.goto(`/cases/${ref}`);
    await page.locator('[data-saved=true]').waitFor();
    await press(page, /^Add a comment/);
    await write(page, 'Your comment', 'The ward has 7:20am.');
    const read = await page.request.get(`/api/rooms/${room}/entries?since=0`);
    const { entries } = (await read.json()) as { entries: { seq: number; body: object }[] };
    const last = entries.at(-1);
    if (!last) throw new Error('The case has no record');
    const later = { ...last, seq: last.seq + 1, type: 'WeighedAnew', body: { ...last.body, type: 'WeighedAnew' } };
    const frame = encoding.createEncoder();
    encoding.writeVarUint(frame, kind.entries);
    encoding.writeVarString(frame, JSON.stringify([later]));
    sockets.at(-1)?.send(Buffer.from(encoding.toUint8Array(frame)));
    await page.getByRole('heading', { name: 'This page needs to reload' }).waitFor();
    expect(await page.getByLabel('Your text that is not saved. Copy it first.').inputValue()).toBe(
      'The ward has 7:20am.',
    );
    await write(page, 'Your comment', 'The ward has 7:40am.');
    expect(await page.getByLabel('Your text that is not saved. Copy it first.').inputValue()).toBe(
      'The ward has 7:40am.',
    );
    await accessible(page, 'a page that needs to reload');
    await press(page, 'Reload this page');
    await page.locator('[data-saved=true]').waitFor();
    expect(problems).toEqual([]);
  });
});
