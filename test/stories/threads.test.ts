/** A thread from the email to the answer, and what stays where it is while others write. */
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { commentOn, openLiveCase, selectWords } from '../support/notes-page.ts';
import { accessible, fits, sees, type Visitor } from '../support/screens.ts';
import { liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';

describe.skipIf(!hasBrowser())('threads', () => {
  const story = tellStory();
  let health: Visitor;
  let police: Visitor;
  let ref: string;

  beforeAll(async () => {
    [health, police] = (await Promise.all(['Amara Fenwick', 'Priya Lark'].map((name) => story.enter(name)))) as [
      Visitor,
      Visitor,
    ];
    for (const { page } of [health, police]) await openLiveCase(page);
    ({ ref } = await liveCaseAt(story.address, await signInAt(story.address, 'Amara Fenwick')));
  });

  const hasFocus = (page: Page, what: string) =>
    expect
      .poll(() => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, what), {
        timeout: 10_000,
      })
      .toBe(true);

  test('[M12] nothing needs an agency: that is said, with how many comments there are; they are chosen by agency too', async () => {
    const { page } = health;
    await commentOn(page, 'called at 7:40am', 'Our record has 7:40am.');
    await commentOn(page, 'A social worker is with the family', 'Since when?', 'Police');
    await page.getByRole('button', { name: /^Needs our reply/ }).click();
    await sees(page, "Nothing needs Health's reply. 2 comments in all.");
    await page.getByRole('button', { name: 'All (2)' }).click();
    await page.getByLabel('Agency', { exact: true }).selectOption({ label: 'Police' });
    await sees(page, 'Since when?');
    expect(await page.locator('article.app-thread').count()).toBe(1);
    await page.getByLabel('Agency', { exact: true }).selectOption({ label: 'All agencies' });
    await accessible(page, 'comments and their filters');
    await fits(page, 'comments and their filters');
  });

  test('[M12] from the email, signed out: sign in, the thread has the focus, reply, told so, back on the thread', async () => {
    const cookie = await signInAt(story.address, 'Priya Lark');
    const told = await (await fetch(`${story.address}/api/notices`, { headers: { cookie } })).json();
    const { code } = (told as { notices: { code: string; need: { what: string } }[] }).notices.find(
      ({ need }) => need.what === 'Question from Health',
    ) ?? { code: '' };
    const context = await story.browser.newContext({ baseURL: story.address, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`/c/${code}`);
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    const enter = page.getByRole('button', { name: 'Sign in as Priya Lark' });
    await enter.focus();
    await page.keyboard.press('Enter');
    await sees(page, 'Since when?');
    await hasFocus(page, 'article.app-thread h3');
    await expect.poll(() => page.title()).toBe(`Comment 2 of 2, Notes, ${ref} - Candour`);
    await page.keyboard.press('Tab');
    await hasFocus(page, 'article.app-thread button');
    await page.keyboard.press('Enter');
    await hasFocus(page, 'article.app-thread textarea');
    await page.keyboard.type('Since 9am.');
    await page.getByRole('button', { name: 'Post reply' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[aria-live=polite]', { hasText: 'Reply posted' }).waitFor({ state: 'attached' });
    await hasFocus(page, 'article.app-thread h3');
    expect(
      await page.evaluate(() => document.activeElement?.closest('article')?.textContent?.includes('Since 9am.')),
    ).toBe(true);
    await context.close();
  });

  test('[M12] a link to a comment leads there after signing in', async () => {
    const context = await story.browser.newContext({ baseURL: story.address, locale: 'en-GB' });
    const page = await context.newPage();
    const id = await health.page.locator('article.app-thread h3').first().getAttribute('id');
    await page.goto(`/cases/${ref}#${id}`);
    await page.getByRole('button', { name: 'Sign in as Priya Lark' }).click();
    await hasFocus(page, `#${id}`);
    await context.close();
  });

  test('[M12] in what one was told, the link is to the thread itself', async () => {
    const { page } = police;
    await page.goto('/inbox');
    await page.getByRole('link', { name: /Question from Health/ }).click();
    await hasFocus(page, 'article.app-thread h3');
  });

  test('[M12] and so it is where one was signed out meanwhile, and signs in first', async () => {
    const { page, context } = police;
    await page.goto('/inbox');
    const link = page.getByRole('link', { name: /Question from Health/ });
    await link.waitFor();
    await context.clearCookies();
    await link.click();
    await page.getByRole('button', { name: 'Sign in as Priya Lark' }).click();
    await hasFocus(page, 'article.app-thread h3');
  });

  test('[M11] while others write, the page stays where its reader scrolled it, with the caret at its edge', async () => {
    const { page } = police;
    await page.setViewportSize({ width: 1280, height: 400 });
    await selectWords(page, 'A social worker is with the family');
    await page.keyboard.press('ArrowLeft');
    const scrolled = () => page.evaluate(() => scrollY);
    await page.evaluate(() => getSelection()?.anchorNode?.parentElement?.scrollIntoView({ block: 'start' }));
    const before = await scrolled();
    expect(before).toBeGreaterThan(0);
    await selectWords(health.page, 'called at 7:40am');
    await health.page.keyboard.press('ArrowRight');
    await health.page.keyboard.type(' by a neighbour');
    await page.getByText('7:40am by a neighbour').waitFor({ state: 'attached' });
    expect(await scrolled()).toBe(before);
    // What one takes back oneself is brought into view.
    await page.keyboard.type('Today: ');
    await page.evaluate(() => scrollTo(0, 0));
    await expect.poll(scrolled).toBe(0);
    await page.keyboard.press('Control+z');
    await expect.poll(scrolled).toBeGreaterThan(0);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('[M11] keys that come before the editor was told of the caret, as on a busy computer, act where the caret is', async () => {
    const { page } = police;
    await page.reload();
    const notes = page.getByRole('textbox', { name: /^Notes for/ });
    await notes.getByText('after the second scan').waitFor();
    await notes.focus();
    /** Moves the caret to the end of the notes and types or presses a key, in one task: the browser tells of the caret after it. */
    const atTheEnd = (act: { types: string } | { presses: { key: string; keyCode?: number; charCode?: number } }) =>
      notes.evaluate((text, does) => {
        getSelection()?.selectAllChildren(text.lastElementChild as Element);
        getSelection()?.collapseToEnd();
        if ('types' in does) document.execCommand('insertText', false, does.types);
        else
          for (const kind of ['keydown', 'keypress'])
            text.dispatchEvent(new KeyboardEvent(kind, { ...does.presses, bubbles: true }));
      }, act);
    // As far as the editor knows, the caret is where it is in notes just opened: in the first heading.
    await atTheEnd({ types: ' On Monday.' });
    await sees(page, 'after the second scan. On Monday.');
    await sees(page, /^The ambulance service was called/);
    await page.keyboard.press('Control+Home');
    await expect.poll(() => page.evaluate(() => getSelection()?.focusNode?.textContent)).toBe('What happened');
    await atTheEnd({ presses: { key: 'Enter', keyCode: 13 } });
    await page.keyboard.type('Or on Tuesday.');
    await sees(page, /^Or on Tuesday\.$/);
    // A letter takes the place of what is selected, not of what was.
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+Shift+End');
    await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toContain('Or on Tuesday.');
    await atTheEnd({ presses: { key: 'x', charCode: 120 } });
    await page.keyboard.type(' We will say.');
    await sees(page, /^Or on Tuesday\. We will say\.$/);
    await sees(page, /^The ambulance service was called/);
  });

  test('[M11] what is selected on the page to read stays selected while others write in the same words', async () => {
    const { page } = police;
    await page.goto(`/cases/${ref}?as=page`);
    await sees(page, 'A social worker is with the family');
    const selected = () => page.evaluate(() => getSelection()?.toString());
    await page.evaluate((wanted) => {
      const walker = document.createTreeWalker(document.querySelector('#notes') as Node, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const at = walker.currentNode.textContent?.indexOf(wanted) ?? -1;
        if (at < 0) continue;
        getSelection()?.setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + wanted.length);
      }
    }, 'with the family');
    expect(await selected()).toBe('with the family');
    await selectWords(health.page, 'A social worker');
    await health.page.keyboard.press('ArrowLeft');
    await health.page.keyboard.type('Now: ');
    await sees(page, /Now: A social worker/);
    expect(await selected()).toBe('with the family');
    await page.goto(`/cases/${ref}`);
    await sees(page, /Now: A social worker/);
  });

  test('[M12] while one replies, another takes the words away: neither thread nor focus moves until one has left', async () => {
    const { page } = health;
    await page
      .locator('article.app-thread')
      .first()
      .getByRole('button', { name: /^Reply/ })
      .click();
    await page.keyboard.type('We are asking');
    await selectWords(police.page, 'called at 7:40am');
    await police.page.keyboard.press('Delete');
    await sees(page, 'The text this was about has been removed. Quote:');
    const first = page.locator('article.app-thread').first();
    expect(await first.textContent()).toContain('called at 7:40am');
    await hasFocus(page, 'article.app-thread textarea');
    await page.keyboard.type(' the ward.');
    expect(await page.getByLabel('Your reply').inputValue()).toBe('We are asking the ward.');
    await page.getByRole('button', { name: 'Post reply' }).click();
    await hasFocus(page, 'article.app-thread h3');
    expect(await first.textContent()).toContain('We are asking the ward.');
    await page.getByRole('textbox', { name: /^Notes for/ }).focus();
    await expect.poll(() => first.textContent()).toContain('Since when?');
  });

  test('[M12] what was said of words that are gone leads to the notes that still had them', async () => {
    const { page } = health;
    await page.locator('article.app-thread').last().getByRole('link', { name: /^See / }).click();
    await sees(page, /called at 7:40am/);
  });

  test('[M12] a reply that waited for the connection opens nothing that was closed meanwhile, and is kept', async () => {
    const { page } = health;
    for (const each of [page, police.page]) {
      await each.goto(`/cases/${ref}`);
      await sees(each, 'A social worker is with the family');
    }
    await page.getByRole('button', { name: /^All/ }).click();
    const thread = (of: Page) => of.locator('article.app-thread', { hasText: 'Since when?' });
    await thread(page)
      .getByRole('button', { name: /^Reply/ })
      .click();
    await page.keyboard.type('And before that?');
    await health.context.setOffline(true);
    await sees(page, /^You are offline/);
    await page.getByRole('button', { name: 'Post reply' }).click();
    await sees(page, 'Will be posted when you are back online.');
    await police.page.getByRole('button', { name: /^All/ }).click();
    await thread(police.page)
      .getByRole('button', { name: /^Close/ })
      .click();
    await police.page.getByLabel('Answered').check();
    await police.page.getByRole('button', { name: 'Close comment', exact: true }).click();
    await sees(police.page, 'Closed by Priya Lark, Police');
    await health.context.setOffline(false);
    await sees(page, 'There is a problem');
    await sees(page, 'Your reply has been kept. Post it and reopen?');
    await page.getByRole('button', { name: 'Post and reopen' }).waitFor();
    expect(await page.getByLabel('Your reply').inputValue()).toBe('And before that?');
    expect(await thread(police.page).textContent()).not.toContain('And before that?');
    await page.getByRole('button', { name: 'Post and reopen' }).click();
    await thread(police.page).getByText('And before that?').waitFor();
    expect(await thread(police.page).textContent()).not.toContain('Closed by');
  });

  test('[M12] a reply mentions an agency: whoever speaks for it finds it in their work', async () => {
    const { page } = health;
    await page
      .locator('article.app-thread')
      .first()
      .getByRole('button', { name: /^Reply/ })
      .click();
    const thread = page.locator('article.app-thread').first();
    await thread.getByText('Mention someone').click();
    await thread.getByRole('checkbox', { name: 'Social care', exact: true }).check();
    await thread.getByLabel('Your reply').fill('Social care may know.');
    await accessible(page, 'a reply that mentions an agency');
    await thread.getByRole('button', { name: /^Post/ }).click();
    await thread.getByText('For Social care to see.').waitFor();
    const { needs } = (await (
      await fetch(`${story.address}/api/work`, {
        headers: { cookie: await signInAt(story.address, 'Tomas Birch') },
      })
    ).json()) as { needs: { what: string }[] };
    expect(needs.map(({ what }) => what)).toContain('Health mentions Social care in a comment');
  });

  test('[M12] closed as not agreed, a thread goes into the draft of a position, under the criterion that is chosen', async () => {
    const { page } = health;
    const thread = page.locator('article.app-thread').first();
    await thread.getByRole('button', { name: /^Close/ }).click();
    await thread.getByLabel('Not agreed').check();
    await thread.getByRole('button', { name: 'Close comment', exact: true }).click();
    await hasFocus(page, 'article.app-thread h3');
    await thread.getByRole('link', { name: /^Use this in our position/ }).click();
    await page.getByRole('heading', { level: 1, name: "Health's position" }).waitFor();
    await sees(page, 'Use a comment in this position');
    await page.getByRole('button', { name: 'Put it in the reason' }).click();
    await sees(page, 'Select a criterion');
    await accessible(page, 'a comment offered to a position');
    await page.getByRole('group', { name: 'In the reason for which criterion?' }).getByLabel(/^2\./).check();
    await page.getByRole('button', { name: 'Put it in the reason' }).click();
    const reason = page.getByLabel(/Your reason for criterion 2/);
    await expect.poll(() => reason.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await reason.inputValue()).toContain('Amara Fenwick, Health: “Since when?”');
    await sees(page, /Draft saved at/);
    const cookie = await signInAt(story.address, 'Amara Fenwick');
    const { room } = await liveCaseAt(story.address, cookie);
    const read = async (what: string) =>
      (await fetch(`${story.address}/api/rooms/${room}/${what}`, { headers: { cookie } })).text();
    expect(await read('drafts')).toContain('Since when?');
    // Health gave its position before this story began.
    expect((await read('entries?since=0')).match(/"type":"PositionSubmitted","at"/g)).toHaveLength(1);
  });

  test('[M50] nothing complained', () => {
    for (const { name, problems } of [health, police]) {
      // While it was cut off or signed out, its requests failed; a reply to what was closed meanwhile was refused once.
      expect(
        problems.filter((each) => !/ERR_INTERNET_DISCONNECTED|status of (401|409)/.test(each)),
        name,
      ).toEqual([]);
    }
  });
});
