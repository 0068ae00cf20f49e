/** What people bring from Word and Outlook: pasted into the notes as their clipboard has it, and read there by its structure. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { practicePlace, type Place } from '../support/database.ts';
import { sees, visit } from '../support/screens.ts';
import { liveCaseAt, signInAt, startService, type RunningService } from '../support/service.ts';

describe.skipIf(!hasBrowser())('paste', () => {
  let place: Place;
  let service: RunningService;
  let browser: Browser;
  let page: Page;

  const editor = () => page.getByRole('textbox', { name: /working notes for/ });

  beforeAll(async () => {
    place = await practicePlace('pglite');
    service = await startService(place);
    browser = await openBrowser();
    ({ page } = await visit(browser, service.address, 'Amara Fenwick'));
    const { ref } = await liveCaseAt(service.address, await signInAt(service.address, 'Amara Fenwick'));
    await page.goto(`/cases/${ref}/working-notes`);
    await editor().click();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.kill();
    await place?.remove();
  });
  beforeEach(async () => {
    await editor().focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await expect.poll(() => editor().textContent()).toBe('');
  });

  /** Pastes as the browser does when Ctrl+V is pressed. */
  const paste = (kinds: Record<string, string>, file?: string) =>
    editor().evaluate(
      (element, { kinds: given, file: name }) => {
        const clipboardData = new DataTransfer();
        for (const [kind, data] of Object.entries(given)) clipboardData.setData(kind, data);
        if (name !== undefined) clipboardData.items.add(new File(['x'], name, { type: 'image/png' }));
        element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      },
      { kinds, ...(file === undefined ? {} : { file }) },
    );

  /** The notes' elements, a line each, without what only the screen adds to them. */
  const structure = () =>
    editor().evaluate((element) => {
      const copy = element.cloneNode(true) as HTMLElement;
      for (const each of copy.querySelectorAll('.ProseMirror-trailingBreak')) each.remove();
      for (const each of copy.querySelectorAll('*')) {
        for (const name of each.getAttributeNames()) {
          const isPlain =
            name === 'start' ||
            name === 'type' ||
            name === 'href' ||
            (/span$/.test(name) && each.getAttribute(name) !== '1');
          if (!isPlain) each.removeAttribute(name);
        }
      }
      return [...copy.children].map((block) => block.outerHTML);
    });

  const fixture = async (name: string) => readFile(join(import.meta.dirname, 'pasted', name), 'utf8');

  test.each(['word', 'outlook', 'word-in-a-browser'])(
    '[M11] %s: titles, lists in lists, numbers and tables as they looked',
    async (name) => {
      const html = await fixture(`${name}.clipboard`);
      await paste({ 'text/html': html, 'text/plain': 'not this' });
      expect((await structure()).filter((block) => block !== '<p></p>')).toEqual(
        (await fixture(`${name}.txt`)).trim().split('\n'),
      );
      // A picture is said to be missing; the dot that tells a sender of a reading is not worth a word.
      const close = page.getByRole('button', { name: 'Close this message' });
      if (html.includes('<img')) {
        await sees(page, /^1 picture or file was not added: the notes hold words only\. Put what/);
        await close.click();
      }
      expect(await close.count()).toBe(0);
    },
  );

  test('[M11] a list counts in letters where it was brought from, to write in and as a page', async () => {
    await paste({
      'text/html':
        '<ol style="list-style-type: upper-roman" start="4"><li>Seen</li></ol><p>and</p><ol><li style="list-style-type:lower-latin">Told</li></ol><p>or</p><ol type="1"><li>Asked</li></ol>',
    });
    expect(await structure()).toEqual([
      '<ol start="4" type="I"><li><p>Seen</p></li></ol>',
      '<p>and</p>',
      '<ol type="a"><li><p>Told</p></li></ol>',
      '<p>or</p>',
      '<ol><li><p>Asked</p></li></ol>',
    ]);
    const looks = (where: Locator) =>
      where.evaluate((element) =>
        [...element.querySelectorAll('ol')].map((list) => getComputedStyle(list).listStyleType),
      );
    const expected = ['upper-roman', 'lower-alpha', 'decimal'];
    expect(await looks(editor())).toEqual(expected);
    const other = await page.context().newPage();
    await other.goto(`${page.url()}?as=page`);
    await other.getByText('Asked').waitFor();
    expect(await looks(other.locator('.app-notes__text'))).toEqual(expected);
    await other.close();
  });

  test('[M11] what its reader could not see does not come in unseen, from anywhere', async () => {
    await paste({
      'text/html':
        '<p>Seen<span style="display:none">hidden</span><span hidden>hidden</span></p><p style="font-weight:700">Bold</p>',
    });
    expect((await structure()).join('')).toBe('<p>Seen</p><p><strong>Bold</strong></p>');
  });

  test('[M11] a picture alone is not added, and that is said', async () => {
    await paste({}, 'scan.png');
    await sees(page, '1 picture or file was not added: the notes hold words only.');
    expect((await structure()).join('')).toBe('<p></p>');
  });
});
