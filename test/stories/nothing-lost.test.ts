/** Nothing typed on a screen of a case is lost: not where a page cannot be opened, not on moving about, not when the page must reload. */
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { answer, follow, heading, looksRight, press, sees, write, type Visitor } from '../support/screens.ts';
import { liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';

describe.skipIf(!hasBrowser())('what somebody typed', () => {
  const story = tellStory();
  let health: Visitor;
  let live: { ref: string; room: string };

  beforeAll(async () => {
    live = await liveCaseAt(story.address, await signInAt(story.address, 'Amara Fenwick'));
    health = await story.enter('Amara Fenwick');
  });

  const saved = (page: Page) => page.locator('[data-saved=true]').waitFor();

  test('[M48] offline: a page that cannot be opened keeps the case, its room and the words typed in the notes', async () => {
    const { page } = health;
    await page.goto(`/cases/${live.ref}`);
    await saved(page);
    await page.context().setOffline(true);
    await page.locator('[contenteditable=true] p').last().click();
    await page.keyboard.type('The ward sister rang at 7:20am.');
    await page.locator('[data-connection=offline]').waitFor();
    await follow(page, "Police's account");
    await heading(page, 'This page could not be opened');
    await sees(page, 'You are offline.');
    await page.getByRole('navigation', { name: 'Case' }).waitFor();
    await looksRight(page, 'a page of a case that could not be opened');
    await follow(page, 'Notes');
    await page.locator('[contenteditable=true]').getByText('The ward sister rang at 7:20am.').waitFor();
    await page.context().setOffline(false);
    await saved(page);
    const { text } = (await (await page.request.get(`/api/rooms/${live.room}/notes`)).json()) as { text: string };
    expect(text).toContain('The ward sister rang at 7:20am.');
  });

  test('[M48] offline: the screens beside the notes open all the same', async () => {
    const { page } = health;
    await page.goto(`/cases/${live.ref}`);
    await saved(page);
    await page.context().setOffline(true);
    await page.locator('[data-connection=offline]').waitFor();
    await follow(page, 'Chronology');
    await heading(page, 'Chronology');
    await page.context().setOffline(false);
    await saved(page);
  });

  test('[M48] a page that could not be opened opens once it can: Try again', async () => {
    const { page } = health;
    await page.context().setOffline(true);
    await follow(page, 'Notes');
    await follow(page, "Police's account");
    await heading(page, 'This page could not be opened');
    await page.context().setOffline(false);
    await press(page, 'Try again');
    await heading(page, "Police's account");
  });

  test('[M48] unsaved words of an account are asked about in its place before it is left', async () => {
    const { page } = health;
    await page.goto(`/cases/${live.ref}`);
    await follow(page, 'Our account');
    await heading(page, 'Our account (Health)');
    await page.locator('[contenteditable=true]').waitFor();
    await saved(page);
    await page.context().setOffline(true);
    await page.locator('[contenteditable=true] p').last().click();
    await page.keyboard.type('Seen by the consultant.');
    await page.locator('[data-connection=offline]').waitFor();
    await follow(page, 'Positions');
    await page.getByRole('heading', { name: 'Your last changes are not saved yet' }).waitFor();
    await looksRight(page, 'asked before an account is left');
    await press(page, 'Stay here');
    await page.locator('[contenteditable=true]').getByText('Seen by the consultant.').waitFor();
    await page.context().setOffline(false);
    await saved(page);
  });

  test('[M48] a comment that is not posted is found again on coming back, and asked about before the case is left', async () => {
    const { page } = health;
    await page.context().setOffline(false);
    await page.goto(`/cases/${live.ref}`);
    await press(page, /^Add a comment/);
    await write(page, 'Your comment', 'Our log has the call at 7:40am.');
    await follow(page, 'Positions');
    await heading(page, 'Positions');
    await looksRight(page, 'a comment not posted, told of elsewhere');
    await follow(page, 'Go back to your comment');
    expect(await page.getByLabel('Your comment', { exact: true }).inputValue()).toBe('Our log has the call at 7:40am.');
    await page.getByRole('link', { name: 'My work' }).click();
    await page.getByRole('heading', { name: 'You typed something that is not sent' }).waitFor();
    await press(page, 'Leave');
    await heading(page, 'My work');
    await page.goBack();
    await heading(page, 'Notes');
    expect(await page.getByLabel('Your comment', { exact: true }).inputValue()).toBe('Our log has the call at 7:40am.');
    await press(page, 'Add comment');
    await sees(page, 'Our log has the call at 7:40am.');
    await follow(page, 'Chronology');
    await heading(page, 'Chronology');
    await expect.poll(() => page.getByRole('complementary', { name: 'Not sent yet' }).allInnerTexts()).toEqual([]);
  });

  test('[M48] so is a form that goes into the record', async () => {
    const { page } = health;
    await page.goto(`/cases/${live.ref}/chronology/add`);
    await write(page, 'What happened?', 'The health visitor called.');
    await follow(page, 'Documents');
    await follow(page, 'Go back to “Add');
    expect(await page.getByLabel('What happened?', { exact: true }).inputValue()).toBe('The health visitor called.');
  });

  test('[M12] a comment that waits for the connection says so, and again once it has waited for ten minutes', async () => {
    const { context, page } = await story.enter('Priya Lark');
    await page.clock.install();
    await page.goto(`/cases/${live.ref}`);
    await saved(page);
    await press(page, /^Add a comment/);
    await write(page, 'Your comment', 'Our log has the call at 7:50am.');
    await context.setOffline(true);
    await page.locator('[data-connection=offline]').waitFor();
    await press(page, 'Add comment');
    await sees(page, 'Will be posted when you are back online.');
    await page.clock.fastForward('10:01');
    await sees(page, 'It has still not been posted.');
    await context.close();
  });

  test('[M5] whoever goes on while a document is sent is not fetched back', async () => {
    const { page } = health;
    let go = () => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    await page.route('**/api/rooms/*/documents', async (route) => {
      if (route.request().method() === 'POST') await held;
      await route.continue();
    });
    await page.goto(`/cases/${live.ref}/documents/add`);
    await page.getByLabel('Select a file').setInputFiles({
      name: 'scan.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('The second scan.'),
    });
    await write(page, /^What is it/, 'Second scan');
    await answer(page, 'How long is it kept?', 'As long as the case’s record');
    await press(page, 'Add this document');
    await follow(page, 'Positions');
    await heading(page, 'Positions');
    const sent = page.waitForResponse((reply) => reply.url().endsWith('/documents') && reply.status() === 201);
    go();
    await sent;
    await page.getByRole('complementary', { name: 'Not sent yet' }).waitFor({ state: 'hidden' });
    await heading(page, 'Positions');
    await follow(page, 'Documents');
    await sees(page, 'Second scan');
  });
});
