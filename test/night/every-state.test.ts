/** Screens in the states that people meet them in: empty, crowded, far too full, with errors, with everything open, offline, in a session. */
import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { commandAt, differingCaseAt, runningSessionAt } from '../support/chaired.ts';
import { practicePlace, type Place } from '../support/database.ts';
import { readable } from '../support/reading.ts';
import { answer, press, sees, visit, write } from '../support/screens.ts';
import { liveCaseAt, signInAt, startService, type RunningService } from '../support/service.ts';

/** A word that no line is long enough for. */
const long = 'Einverständnis'.repeat(9);

describe.skipIf(!hasBrowser())('every state', { timeout: 600_000 }, () => {
  let place: Place;
  let service: RunningService;
  let browser: Browser;
  let states = 0;
  let checks = 0;

  beforeAll(async () => {
    place = await practicePlace('pglite');
    service = await startService(place);
    browser = await openBrowser();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    console.log(`${states} states, ${checks} checks of axe`);
    await browser?.close();
    await service?.kill();
    await place?.remove();
  });

  async function enter(name: string, address?: string): Promise<Page> {
    const { page } = await visit(browser, service.address, name);
    page.setDefaultTimeout(60_000);
    if (address) await open(page, address);
    return page;
  }

  async function open(page: Page, address: string): Promise<void> {
    await page.goto(address);
    await page.locator('h1').first().waitFor();
    await page.getByText(/^Opening the (form|notes)…$/).waitFor({ state: 'detached' });
  }

  async function look(page: Page, where: string): Promise<void> {
    states += 1;
    checks += await readable(page, where);
  }

  const liveCase = async () => (await liveCaseAt(service.address, await signInAt(service.address, 'Priya Lark'))).ref;

  test('[M51] with nothing in them', async () => {
    const page = await enter('Wren Castle');
    for (const address of ['/', '/register', '/inbox', '/screening']) {
      await open(page, address);
      await look(page, `${address}, empty`);
    }
  });

  test('[M51] notes with five people in them, everything in them open', async () => {
    const address = `/cases/${await liveCase()}`;
    const page = await enter('Priya Lark', address);
    for (const name of ['Amara Fenwick', 'Tomas Birch', 'Joan Alder', 'Denis Marsh']) {
      const other = await enter(name, address);
      const notes = other.getByRole('textbox', { name: /^Notes for/ });
      if ((await notes.count()) > 0) {
        await notes.focus();
        await other.keyboard.press('Control+End');
        await other.keyboard.type(` ${name} saw this.`);
        await sees(page, `${name} saw this.`);
      }
    }
    await look(page, 'notes, five people');
    await press(page, 'Add a comment');
    await press(page, 'Add comment');
    await page.getByRole('alert').waitFor();
    await look(page, 'a comment that lacks its words');
    await write(page, 'Your comment', 'Who saw this first?');
    await press(page, 'Add comment');
    await page.getByRole('button', { name: /^Reply/ }).click();
    await look(page, 'a reply being written');
    await press(page, 'Cancel');
    await page.getByRole('button', { name: /^Close / }).click();
    await press(page, 'Close comment');
    await page.getByRole('alert').waitFor();
    await look(page, 'a comment that is closed without saying how');
  });

  test('[M51] with far too much in them', async () => {
    const { room, ref } = await differingCaseAt(service.address);
    const police = await signInAt(service.address, 'Priya Lark');
    for (let many = 1; many <= 40; many += 1) {
      const text = `${many}. ${long} ${'It was said again. '.repeat(20)}`;
      await commandAt(service.address, police, room, {
        type: 'AddComment',
        about: null,
        text,
        question: null,
        mentions: [],
        agencies: [],
      });
      await commandAt(service.address, police, room, {
        type: 'AddToChronology',
        on: `2026-03-${10 + (many % 20)}`,
        what: text,
        source: `${long} log`,
      });
    }
    const page = await enter('Priya Lark');
    for (const part of ['', '?as=page', '/chronology', '/history', '/positions', '/resolution']) {
      await open(page, `/cases/${ref}${part}`);
      await look(page, `${part || 'notes'}, full`);
    }
  });

  test('[M51] with their errors shown', async () => {
    const live = `/cases/${await liveCase()}`;
    const differs = `/cases/${(await differingCaseAt(service.address)).ref}`;
    const forms: Record<string, string[]> = {
      'Priya Lark': [
        '/cases/new',
        '/screening/add',
        '/last-day',
        `${live}/positions/give`,
        `${live}/positions/ask`,
        `${live}/chronology/add`,
        `${live}/documents/add`,
        `${live}/criteria/child`,
        `${differs}/decision/disagree`,
      ],
      'Denis Marsh': [`${live}/decision`, `${live}/criteria/hand-over`],
      'Joan Alder': [`${differs}/session/prepare`, `${live}/private/open`],
      'Beth Quill': ['/admin/people/add', '/admin/people/cover'],
    };
    for (const [name, addresses] of Object.entries(forms)) {
      const page = await enter(name);
      for (const address of addresses) {
        await open(page, address);
        await page.locator('main form .govuk-button--primary').first().click();
        await page.getByRole('alert').getByRole('heading', { name: 'There is a problem' }).waitFor();
        expect(await page.title()).toMatch(/^Error: /);
        await look(page, `${address}, with errors`);
      }
    }
  });

  test('[M51] with the network away', async () => {
    const live = `/cases/${await liveCase()}`;
    for (const address of [live, `${live}/positions/give`]) {
      const page = await enter('Priya Lark', address);
      await page.context().setOffline(true);
      await page.locator('[data-connection=offline]').waitFor();
      await look(page, `${address}, offline`);
    }
  });

  test('[M51] in each step of a session', async () => {
    const { ref } = await runningSessionAt(service.address, { deputy: 'Wren Castle' });
    const [chair, health] = [
      await enter('Joan Alder', `/cases/${ref}/session`),
      await enter('Amara Fenwick', `/cases/${ref}/session`),
    ];
    const both = async (where: string) => {
      await look(chair, `session, ${where}, the Chair`);
      await look(health, `session, ${where}, a partner`);
    };
    await press(health, 'Join the session');
    await health.getByRole('button', { name: 'Ask to speak' }).waitFor();
    await both('facts');
    await press(chair, 'Start the next step: Round');
    await press(health, 'Ask to speak');
    await press(chair, 'Call Amara Fenwick');
    await sees(health, 'It is your turn to speak.');
    await both('round');
    await press(chair, 'Start the next step: Test a wording');
    await write(chair, 'Wording to test', `The child has been seriously harmed. ${long}`);
    await press(chair, 'Put the wording');
    await answer(health, 'Your answer for Health', 'Need more information');
    await press(health, 'Submit answer');
    await health.getByRole('alert').waitFor();
    await both('test');
    await press(chair, 'Pause');
    await sees(health, /paused/);
    await both('paused');
  });
});
