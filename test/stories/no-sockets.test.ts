/** Police on a network that blocks sockets: they read, comment and give their position, and see what others do. */
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#schema/id.ts';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { practicePlace, type Place } from '../support/database.ts';
import { startNoSockets } from '../support/no-sockets.ts';
import {
  accessible,
  answer,
  fits,
  follow,
  heading,
  press,
  sees,
  visit,
  write,
  type Visitor,
} from '../support/screens.ts';
import { liveCaseAt, signInAt, startService, type RunningService } from '../support/service.ts';

describe.skipIf(!hasBrowser())('where no socket gets through', () => {
  let place: Place;
  let service: RunningService;
  let network: Awaited<ReturnType<typeof startNoSockets>>;
  let browser: Browser;
  let police: Visitor;
  let live: { ref: string; room: string };
  let health: string;

  beforeAll(async () => {
    place = await practicePlace('pglite');
    service = await startService(place);
    network = await startNoSockets(service.address);
    browser = await openBrowser();
    health = await signInAt(service.address, 'Amara Fenwick');
    live = await liveCaseAt(service.address, health);
    police = await visit(browser, network.address, 'Priya Lark');
    police.page.setDefaultTimeout(45_000);
  });
  afterAll(async () => {
    await browser?.close();
    await network?.close();
    await service?.kill();
    await place?.remove();
  });

  test('[M51] the notes are there to read, nothing can be typed that would be lost, and the line says so', async () => {
    const { page } = police;
    await page.goto(`/cases/${live.ref}`);
    await page.locator('[data-connection=not-live]').waitFor();
    await sees(page, 'Live editing is not available on this network. You can read, comment and give positions.');
    expect(network.turnedAway()).toBeGreaterThan(0);
    const reply = await page.request.get(`/api/rooms/${live.room}/notes`);
    const { text } = (await reply.json()) as { text: string };
    const words = text.split('\n\n').find((block) => block !== '' && !block.startsWith('#')) ?? '';
    expect(words).not.toBe('');
    await sees(page, words.slice(0, 40));
    expect(await page.locator('[contenteditable=true]').count()).toBe(0);
    await accessible(page, 'notes where no socket gets through');
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page, `notes at ${width} px`);
    }
  });

  test('[T22] a service that takes no more sockets is not taken for a network that lets none through', async () => {
    const { page } = police;
    const taken = '**/api/sockets';
    await page.route(taken, (route) => route.fulfill({ json: { taken: false } }));
    await page.reload();
    await page.locator('[data-connection=busy]').waitFor();
    await sees(page, 'The service takes no more connections at the moment.');
    await sees(page, 'You can write here as soon as this tab is connected.');
    const check = await page.context().newPage();
    await check.route(taken, (route) => route.fulfill({ json: { taken: false } }));
    await check.goto('/check');
    await sees(check, 'You can work from here, with what is said above.');
    await sees(check, 'The service takes no more connections at the moment. Check again in a few minutes.');
    expect(await check.getByRole('heading', { name: 'What to tell your IT team' }).count()).toBe(0);
    await check.close();
    await page.unroute(taken);
    await page.locator('[data-connection=not-live]').waitFor();
  });

  test('[M12] a comment is about one paragraph, and whoever has the notes open finds its words', async () => {
    const { page } = police;
    const paragraph = page.locator('.app-notes__text--read p', { hasText: 'hospital' }).first();
    await paragraph.getByRole('button', { name: /^Comment/ }).click();
    const quote = await page.locator('.app-comment-form blockquote').innerText();
    await write(page, 'Your comment', 'Which ward was this?');
    await press(page, 'Add comment');
    const { page: theirs } = await visit(browser, service.address, 'Amara Fenwick');
    await theirs.goto(`/cases/${live.ref}`);
    await press(theirs, /^All/);
    const thread = theirs.locator('article', { hasText: 'Which ward was this?' });
    await thread.locator('blockquote').getByText(quote.slice(0, 40)).waitFor();
    await thread.getByRole('button', { name: /^Go to text/ }).waitFor();
    await theirs.locator('[contenteditable=true] p').last().click();
    await theirs.keyboard.type('Written while Police only reads.');
    await sees(page, 'Written while Police only reads.');
    await theirs.context().close();
  });

  test('[M12] a comment is added, and another’s comment comes without reloading', async () => {
    const { page } = police;
    await press(page, /^Add a comment/);
    await write(page, 'Your comment', 'Our log has the call at 7:40am.');
    await press(page, 'Add comment');
    await sees(page, 'Our log has the call at 7:40am.');
    const headers = { cookie: health, origin: service.address, 'content-type': 'application/json' };
    const { entries } = (await (
      await fetch(`${service.address}/api/rooms/${live.room}/entries?since=0`, { headers })
    ).json()) as { entries: { seq: number; type: string }[] };
    const thread = entries.filter(({ type }) => type === 'CommentAdded').at(-1)?.seq;
    const command = { type: 'ReplyToComment', thread, text: 'The ward has 7:20am.', mentions: [] };
    const sent = await fetch(`${service.address}/api/rooms/${live.room}/commands`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ id: newId(), command }),
    });
    expect(sent.status, await sent.text()).toBe(201);
    await sees(page, 'The ward has 7:20am.');
  });

  test('[M20] a position is given', async () => {
    const { page } = police;
    await page.goto(`/cases/${live.ref}/positions`);
    // Before this is known, the page takes itself to be cut off, and says that nothing can be submitted.
    await page.locator('[data-connection=not-live]').waitFor();
    await follow(page, /(Give|Go on with) .* position/);
    await heading(page, /position/);
    await answer(page, /abused or neglected/, 'Met');
    await write(page, /reason for criterion 1/, 'The explanation does not fit.');
    await answer(page, /died or been seriously harmed/, 'Met');
    await write(page, /reason for criterion 2/, 'What the consultant said.');
    await answer(page, /Did it happen in this area/, 'Met');
    await write(page, /reason for criterion 3/, 'At home.');
    await answer(page, 'Should the local authority notify?', 'Notify');
    await write(page, /reason for your overall view/, 'As above.');
    await answer(page, /reputation/, 'No');
    await press(page, 'Check and submit');
    await heading(page, /Check/);
    await press(page, 'Submit position');
    await heading(page, 'Positions');
    await sees(page, /Police/);
    expect(await page.getByRole('link', { name: /(Give|Go on with) .* position/ }).count()).toBe(0);
  });
});
