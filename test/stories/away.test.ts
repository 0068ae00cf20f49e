/** Back after a time without connection: what others did meanwhile is told, and the sentence that both sides changed. */
import type { WebSocketRoute } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { openLiveCase, selectWords } from '../support/notes-page.ts';
import { accessible, fits, sees } from '../support/screens.ts';
import { tellStory } from '../support/story.ts';

describe.skipIf(!hasBrowser())('back after being cut off', () => {
  const story = tellStory();

  test('[M12] others’ changes are told by section, and a sentence that both changed is shown; the caret stays', async () => {
    const [health, police] = await Promise.all(['Amara Fenwick', 'Priya Lark'].map((name) => story.enter(name)));
    if (!health || !police) throw new Error('Nobody came');
    const { page } = health;
    const sockets: WebSocketRoute[] = [];
    let cut = false;
    await page.routeWebSocket(/\/rooms\//, (socket) => {
      if (cut) return void socket.close();
      socket.connectToServer();
      sockets.push(socket);
    });
    for (const each of [page, police.page]) await openLiveCase(each);
    await page.locator('[data-saved=true]').waitFor();
    cut = true;
    for (const socket of sockets) await socket.close();
    await health.context.setOffline(true);
    await sees(page, /^You are offline/);
    await selectWords(page, 'was called at 7:40am');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('we think ');
    await selectWords(police.page, '7:40am');
    await police.page.keyboard.type('7:20am');
    await police.page.locator('[data-saved=true]').waitFor();
    cut = false;
    await health.context.setOffline(false);
    const told = page.getByText(/^Reconnected\. 1 change was made by others while you were away: What happened\.$/);
    await told.waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('[contenteditable=true]') !== null)).toBe(true);
    await told.click();
    await page
      .getByRole('listitem')
      .filter({ hasText: /we think was called at 7:20am/ })
      .waitFor();
    await accessible(page, 'what was missed');
    await fits(page, 'what was missed');
    await page.getByRole('button', { name: 'Close this message' }).click();
    expect(await told.count()).toBe(0);
  });
});
