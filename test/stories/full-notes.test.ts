/** Notes that fill up: the screen warns while there is room, holds back what could not be kept, and keeps what was not kept to be copied. */
import * as encoding from 'lib0/encoding';
import type { WebSocketRoute } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { close, kind, type Filled } from '#schema/protocol.ts';
import { hasBrowser } from '../support/browser.ts';
import { accessible, sees } from '../support/screens.ts';
import { liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';

const told = (filled: Filled): Buffer => {
  const frame = encoding.createEncoder();
  encoding.writeVarUint(frame, kind.filled);
  encoding.writeVarString(frame, filled);
  return Buffer.from(encoding.toUint8Array(frame));
};

describe.skipIf(!hasBrowser())('notes that fill up', () => {
  const story = tellStory();

  test('[T19] warn, then take nothing more but go on letting words out, and keep what came too late', async () => {
    const { ref, room } = await liveCaseAt(story.address, await signInAt(story.address, 'Amara Fenwick'));
    const { page, problems } = await story.enter('Amara Fenwick');
    const sockets: WebSocketRoute[] = [];
    /** Whether the service hears what is typed. */
    let deaf = false;
    await page.routeWebSocket(/\/rooms\//, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        if (!deaf) server.send(message);
      });
      if (socket.url().includes(room)) sockets.push(socket);
    });
    await page.goto(`/cases/${ref}`);
    await page.locator('[data-saved=true]').waitFor();
    const notes = page.getByRole('textbox', { name: /^Notes for/ });
    const toTheEnd = async () => {
      await notes.locator('p').last().click();
      await page.keyboard.press('Control+End');
      // The editor learns of it by an event, which comes before the next frame: nobody types sooner.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    };

    sockets.at(-1)?.send(told('long'));
    await sees(page, /These notes are getting long/);
    await toTheEnd();
    await page.keyboard.type('There is still room. ');
    await notes.getByText('There is still room.').waitFor();

    sockets.at(-1)?.send(told('full'));
    await sees(page, /These notes are full/);
    await accessible(page, 'full notes');

    // One's own last words can be taken back, and do not come again while there is no room for them.
    const takeBack = async (keys: string) => {
      await page.keyboard.press(keys);
      return notes.textContent();
    };
    await toTheEnd();
    await expect.poll(() => takeBack('Control+z')).not.toContain('There is');
    expect(await takeBack('Control+y')).not.toContain('There is');
    sockets.at(-1)?.send(told('roomy'));
    await page.getByText(/These notes are full/).waitFor({ state: 'detached' });
    await expect.poll(() => takeBack('Control+y')).toContain('There is still room. ');
    sockets.at(-1)?.send(told('full'));
    await sees(page, /These notes are full/);

    await toTheEnd();
    await page.keyboard.type('No more');
    for (let n = 0; n < 'room. '.length; n += 1) await page.keyboard.press('Backspace');
    await expect.poll(() => notes.textContent()).toContain('There is still');
    expect(await notes.textContent()).not.toContain('No more');
    expect(await notes.textContent()).not.toContain('still room.');
    expect(await takeBack('Control+z')).not.toContain('still room.');
    await page.locator('[data-saved=true]').waitFor();

    sockets.at(-1)?.send(told('roomy'));
    await page.getByText(/These notes are full/).waitFor({ state: 'detached' });
    deaf = true;
    await toTheEnd();
    await page.keyboard.type('came too late');
    sockets.at(-1)?.close({ code: close.full, reason: 'the notes are full' });
    await page.getByRole('heading', { name: 'The notes are full' }).waitFor();
    expect(await page.getByLabel(/Your text that is not saved/).inputValue()).toContain('came too late');
    await accessible(page, 'words that came too late');
    expect(problems).toEqual([]);
  });
});
