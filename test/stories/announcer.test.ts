/** [M51] What a screen reader is told while somebody else types, and while one types oneself. */
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';

type Told = typeof globalThis & { told: Record<string, string[]> };

describe.skipIf(!hasBrowser())('the voice', () => {
  const story = tellStory();

  test('another types: at most two messages, none over everything else, and my caret does not move', async () => {
    const { ref } = await liveCaseAt(story.address, await signInAt(story.address, 'Priya Lark'));
    const { page: mine } = await story.enter('Priya Lark');
    const text = await openNotes(mine, ref);
    await text.locator('p').first().click();
    await mine.keyboard.press('End');
    const before = await caret(mine);
    const regions = await listen(mine);
    expect(regions).toEqual(['assertive', 'polite']);
    const { page: theirs } = await story.enter('Amara Fenwick');
    const other = await openNotes(theirs, ref);
    await other.locator('p').last().click();
    await theirs.keyboard.press('End');
    await theirs.keyboard.type(' The ward rang again. '.repeat(6), { delay: 30 });
    await mine.getByText('The ward rang again.').first().waitFor();
    const heard = await told(mine);
    expect(heard.assertive).toEqual([]);
    expect(heard.polite?.length).toBeLessThanOrEqual(2);
    expect(await caret(mine)).toEqual(before);
    // Whoever types hears nothing of what the other does meanwhile.
    await listen(mine);
    const typing = mine.keyboard.type(' Seen at home on Monday.', { delay: 100 });
    await theirs.keyboard.type(' And once more.', { delay: 30 });
    await typing;
    expect(await told(mine)).toEqual({ assertive: [], polite: [] });
  });

  async function openNotes(page: Page, ref: string) {
    await page.goto(`/cases/${ref}`);
    const text = page.getByRole('textbox', { name: /^Notes for/ });
    await text.waitFor();
    return text;
  }

  /** Keeps everything that the page's live regions come to hold; which there are. */
  async function listen(page: Page): Promise<string[]> {
    return page.evaluate(() => {
      const regions = [...document.querySelectorAll('[aria-live], [role=status], [role=alert]')];
      const heard: Record<string, string[]> = {};
      (globalThis as Told).told = heard;
      for (const region of regions) {
        const kind = region.getAttribute('aria-live') ?? region.getAttribute('role') ?? '';
        heard[kind] = [];
        new MutationObserver(() => {
          if ((globalThis as Told).told === heard) heard[kind]?.push(region.textContent);
        }).observe(region, { childList: true, characterData: true, subtree: true });
      }
      return Object.keys(heard).sort();
    });
  }

  const told = (page: Page) => page.evaluate(() => (globalThis as Told).told);

  /** The words before the caret in its paragraph. */
  const caret = (page: Page) =>
    page.evaluate(() => {
      const selection = getSelection();
      return [selection?.anchorNode?.textContent, selection?.anchorOffset];
    });
});
