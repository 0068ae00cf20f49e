/** Somebody is called away: they are told in good time, stay by one press, and lose no word when they are signed out after all. */
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { runningSessionAt } from '../support/chaired.ts';
import { accessible, fits, press, sees } from '../support/screens.ts';
import { liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';

/** Minutes: short enough to wait for, and with room for a busy machine between the notice and the end. */
const idle = 0.75;

describe.skipIf(!hasBrowser())('signed out by time', { timeout: 240_000 }, () => {
  const story = tellStory({ env: { CANDOUR_IDLE_MINUTES: String(idle) } });
  let ref: string;
  let room: string;
  const words = 'The ward sister rang at 7:20am.';

  beforeAll(async () => {
    ({ ref, room } = await liveCaseAt(story.address, await signInAt(story.address, 'Amara Fenwick')));
  });

  const kind = (page: Page, of: string) =>
    page.locator(`[data-time-out=${of}]`).waitFor({ state: 'attached', timeout: 120_000 });

  test.concurrent('[R36] told in good time, and stays by one press of a key', async () => {
    const { page } = await story.enter('Tomas Birch');
    await kind(page, 'idle');
    await page.getByRole('heading', { name: /^You will be signed out at / }).waitFor();
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page, `the notice at ${width} px`);
    }
    await accessible(page, 'the notice');
    await page.getByRole('button', { name: 'Stay signed in' }).press('Enter');
    await kind(page, 'none');
    expect((await page.request.get('/api/work')).status()).toBe(200);
    await page.close();
  });

  test.concurrent(
    '[R36] [M48] signed out while away: the words stay, and are saved once signed in again in place',
    async () => {
      const { page } = await story.enter('Amara Fenwick');
      await page.goto(`/cases/${ref}`);
      await page.locator('[data-connection=saved]').waitFor();
      await page.context().setOffline(true);
      await page.locator('[contenteditable=true] p').last().click();
      await page.keyboard.type(words);
      await kind(page, 'ended');
      await page.context().setOffline(false);
      await page.locator('[data-connection=signed-out]').waitFor({ timeout: 60_000 });
      await sees(page, 'You have been signed out. Sign in again to save your last changes.');
      await accessible(page, 'signed out in the notes');
      const before = page.url();
      await press(page, 'Go on as Amara Fenwick');
      await page.locator('[data-saved=true]').waitFor({ timeout: 60_000 });
      await page.getByRole('heading', { name: 'Sign in again' }).waitFor({ state: 'detached' });
      expect(page.url()).toBe(before);
      const notes = (await (await page.request.get(`/api/rooms/${room}/notes`)).json()) as { text: string };
      expect(notes.text).toContain(words);
      await page.close();
    },
  );

  test.concurrent('[R36] [M26] whoever listens in a running session stays without touching the page', async () => {
    const { ref: chaired } = await runningSessionAt(story.address, { deputy: 'Wren Castle' });
    const chair = await story.enter('Joan Alder');
    await chair.page.goto(`/cases/${chaired}/session`);
    const { page } = await story.enter('Priya Lark');
    await page.goto(`/cases/${chaired}/session`);
    await press(page, 'Join the session');
    await sees(page, /Here: Police, Priya Lark/);
    const until = async () => {
      const reply = await page.request.get('/api/session');
      return ((await reply.json()) as { signedIn: { until: string } }).signedIn.until;
    };
    const first = await until();
    await expect.poll(until, { timeout: 60_000 }).not.toBe(first);
    await page.context().close();
    await chair.context.close();
  });

  test.concurrent('[R36] elsewhere too: what a form holds is still there', async () => {
    const { page } = await story.enter('Amara Fenwick');
    await page.goto('/account');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await kind(page, 'ended');
    await page.getByRole('heading', { name: 'Sign in again' }).waitFor();
    await accessible(page, 'signed out on a page');
    await press(page, 'Go on as Amara Fenwick');
    await page.getByRole('heading', { name: 'Sign in again' }).waitFor({ state: 'detached' });
    expect((await page.request.get('/api/work')).status()).toBe(200);
  });
});
