/** The thread that is answered two days later: a comment on some words, a question to Police, and how it was settled. */
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { openLiveCase, selectWords } from '../support/notes-page.ts';
import { accessible, fits, sees, type Visitor } from '../support/screens.ts';
import { tellStory } from '../support/story.ts';

describe.skipIf(!hasBrowser())('comments', () => {
  const story = tellStory();
  let health: Visitor;
  let police: Visitor;
  let chair: Visitor;

  beforeAll(async () => {
    [health, police, chair] = (await Promise.all(
      ['Amara Fenwick', 'Priya Lark', 'Joan Alder'].map((name) => story.enter(name)),
    )) as [Visitor, Visitor, Visitor];
    for (const { page } of [health, police, chair]) await openLiveCase(page);
  });

  test('[M12] Health selects some words by keyboard, and asks Police about them', async () => {
    const { page } = health;
    await selectWords(page, 'called at 7:40am');
    await page.keyboard.press('Control+Alt+m');
    const form = page.getByRole('form', { name: 'Add a comment' });
    await form.getByText('called at 7:40am').waitFor();
    expect(await page.getByLabel('Your comment').evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByLabel('Your comment').fill('Our record has 7:40am. What does your log say?');
    await page.getByLabel('Ask an agency to answer').check();
    await page.getByLabel('Which agency?').selectOption({ label: 'Police' });
    await accessible(page, 'a comment being written');
    await page.getByRole('button', { name: 'Add comment' }).click();
    await thread(page).getByText('Question to Police').waitFor();
    expect(
      await thread(page)
        .getByRole('heading')
        .evaluate((title) => title === document.activeElement),
    ).toBe(true);
    await page.locator('mark.app-commented').getByText('called at 7:40am').waitFor();
    await accessible(page, 'notes with a comment');
  });

  test('[M12] the words stay marked while others write before, within and after them', async () => {
    const { page } = police;
    await page.locator('mark.app-commented').first().waitFor();
    await selectWords(page, 'The ambulance service');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('That morning: ');
    await selectWords(page, 'at 7:40am');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('first ');
    await expect
      .poll(() =>
        health.page
          .locator('mark.app-commented')
          .allTextContents()
          .then((all) => all.join('')),
      )
      .toBe('called first at 7:40am');
  });

  test('[M12] a comment made the moment a colleague writes above is about the selected words and no others', async () => {
    const { page } = health;
    await selectWords(page, 'A social worker is with the family');
    // At the very moment the colleague's words are in the text, before anything else has followed.
    const asked = page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const editor = document.querySelector('[contenteditable=true]') as HTMLElement;
          const press = { ctrlKey: true, altKey: true, code: 'KeyM', bubbles: true };
          const watch = new MutationObserver(() => {
            if (!editor.textContent?.includes('Told')) return;
            watch.disconnect();
            window.dispatchEvent(new KeyboardEvent('keydown', press));
            resolve();
          });
          watch.observe(editor, { subtree: true, childList: true, characterData: true });
        }),
    );
    await selectWords(police.page, 'That morning');
    await police.page.keyboard.press('ArrowLeft');
    await police.page.keyboard.insertText('Told to us on the telephone. ');
    await asked;
    const form = page.getByRole('form', { name: 'Add a comment' });
    expect(await form.locator('blockquote').textContent()).toBe('A social worker is with the family');
    await form.getByRole('button', { name: 'Cancel' }).click();
  });

  test('[M47] the question is in Police’s work, and its link goes to the thread', async () => {
    const { page } = police;
    await page.goto('/');
    await page.getByRole('link', { name: /Question from Health/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Notes' }).waitFor();
    const title = thread(page).getByRole('heading');
    await title.waitFor();
    await expect.poll(() => title.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('[M12] Police answer, go to the text and come back by Escape', async () => {
    const { page } = police;
    await page.locator('mark.app-commented').first().waitFor();
    await page.getByRole('button', { name: /^Go to text/ }).click();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[contenteditable=true]') !== null))
      .toBe(true);
    expect(await page.evaluate(() => getSelection()?.toString())).toBe('called first at 7:40am');
    await page.keyboard.press('Escape');
    expect(
      await thread(page)
        .getByRole('heading')
        .evaluate((title) => title === document.activeElement),
    ).toBe(true);
    await page.getByRole('button', { name: /^Reply/ }).click();
    await page.keyboard.type('Our log says 7:20am. The recording agrees.');
    await page.getByRole('button', { name: 'Post reply' }).click();
    await sees(page, 'The recording agrees.');
    await sees(health.page, 'The recording agrees.');
    await health.page.getByText('Answered.').waitFor();
  });

  test('[M12] the Chair, who cannot write in the notes, comments on what is selected on the page', async () => {
    const { page } = chair;
    await page.getByText('A social worker is with the family').first().waitFor();
    await page.evaluate(() => {
      const walker = document.createTreeWalker(
        document.querySelector('.app-notes__text--read') as Node,
        NodeFilter.SHOW_TEXT,
      );
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.textContent?.indexOf('A social worker') ?? -1;
        if (at < 0) continue;
        getSelection()?.setBaseAndExtent(node, at, node, at + 'A social worker'.length);
        break;
      }
    });
    await page.getByRole('button', { name: 'Add a comment' }).click();
    await page.getByRole('form', { name: 'Add a comment' }).getByText('A social worker', { exact: true }).waitFor();
    await page.getByLabel('Your comment').fill('Since when?');
    await page.getByRole('button', { name: 'Add comment' }).click();
    await sees(page, 'Since when?');
    await expect.poll(() => health.page.locator('mark.app-commented').count()).toBe(2);
    await accessible(page, 'notes that are read, with comments');
  });

  test('[M12] by keyboard too: a paragraph of the page has its own control, also where the page says who wrote it', async () => {
    const { page } = chair;
    const control = page.getByRole('button', { name: /^Comment on this paragraph.*J\.M\. is on the ward/ });
    await control.focus();
    await page.keyboard.press('Enter');
    const form = page.getByRole('form', { name: 'Add a comment' });
    expect(await form.locator('blockquote').textContent()).toMatch(/^J\.M\. is on the ward\..*by agreement\.$/);
    await form.getByRole('button', { name: 'Cancel' }).click();
    await page.goto(`${new URL(page.url()).pathname}?as=page`);
    await page
      .locator('p', { hasText: 'A social worker is with the family' })
      .getByText('Social care: ', { exact: true })
      .waitFor();
    await accessible(page, 'notes as a page, with who wrote what');
    await fits(page, 'notes as a page');
  });

  test('[M12, M51] on paper every comment is a numbered note with its quote, whatever was shown', async () => {
    const { page } = chair;
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const notes = page.locator('.app-endnotes > ol > li');
    expect(await notes.count()).toBe(2);
    expect((await notes.allTextContents()).join(' ')).toContain('On “A social worker”');
    expect(await page.locator('.app-comments').isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: /^Comment on this paragraph/ }).count()).toBe(0);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: null });
    expect(await notes.count()).toBe(0);
  });

  test('[M12] Activity tells who is here, what is said of the paragraph at the cursor, and how the connection is', async () => {
    const { page } = police;
    await selectWords(page, 'at 7:40am');
    await page.getByText('Activity', { exact: true }).click();
    const activity = page.getByRole('complementary', { name: 'Activity' });
    await activity.getByText('Health, Amara Fenwick').waitFor();
    await activity.getByRole('link', { name: '“called at 7:40am”' }).waitFor();
    await activity
      .getByText(/^Saved|^All/)
      .first()
      .waitFor();
    await accessible(page, 'activity');
    const link = await page.locator('mark.app-commented').first().getAttribute('aria-details');
    expect(await page.locator(`#${link}`).count()).toBe(1);
    await page.getByText('Activity', { exact: true }).click();
  });

  test('[M12] skip links lead to the notes, the comments and what has happened; on a narrow page a link to the comments', async () => {
    const { page } = police;
    for (const [words, id] of [
      ['Skip to notes', 'notes'],
      ['Skip to comments', 'comments-heading'],
      ['Skip to activity', 'activity'],
    ] as const) {
      await page.getByRole('link', { name: words }).focus();
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe(id);
    }
    const link = page.getByRole('link', { name: /^Comments \(2\)/ });
    expect(await link.isVisible()).toBe(false);
    await page.setViewportSize({ width: 375, height: 800 });
    await link.click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('comments-heading');
    await fits(page, 'notes on a narrow page');
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('[M12] Health closes it and says how it was settled; a reply typed meanwhile is kept', async () => {
    await police.page
      .getByRole('button', { name: /^Reply/ })
      .first()
      .click();
    await police.page.getByLabel('Your reply').fill('One more thing.');
    const { page } = health;
    await page.getByRole('button', { name: /^Close Comment 1/ }).click();
    await page.getByLabel('Answered').check();
    await page.getByRole('button', { name: 'Close comment', exact: true }).click();
    await page.getByRole('button', { name: /^Closed \(1\)/ }).click();
    await sees(page, /Closed by Amara Fenwick, Health/);
    await accessible(page, 'a closed comment');
    await sees(police.page, /This was closed by Amara Fenwick, Health/);
    expect(await police.page.getByLabel('Your reply').inputValue()).toBe('One more thing.');
    await police.page.getByRole('button', { name: 'Post and reopen' }).click();
    await page.getByRole('button', { name: /^All \(/ }).click();
    await sees(page, 'One more thing.');
    for (const { name, problems } of [health, police, chair]) expect(problems, name).toEqual([]);
  });

  const thread = (page: Page) => page.locator('article.app-thread').first();
});
