/** Screens as people read them who set their own spacing, zoom or colours (WCAG 1.4.10, 1.4.12, 2.4.7, 2.4.11). */
import type { Page } from '@playwright/test';
import { expect } from 'vitest';
import { accessible, fits } from './screens.ts';

const wide = { width: 1280, height: 900 };
/** A page 1,280 px wide at 400 %. */
const narrow = { width: 320, height: 800 };

/** Everything one state of a screen is looked at for. How many checks axe made. */
export async function readable(page: Page, where: string): Promise<number> {
  await page.setViewportSize(wide);
  await unfold(page);
  const checks = await accessible(page, where);
  await page.setViewportSize(narrow);
  await fits(page, `${where} at 320 px`);
  await spread(page, true);
  for (const size of [narrow, wide]) {
    await page.setViewportSize(size);
    await fits(page, `${where} with more space, ${size.width} px wide`);
    const cut = await cutOff(page);
    expect(cut, `${where} with more space, ${size.width} px wide, ${cut.join('; ')}`).toEqual([]);
  }
  await spread(page, false);
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  expect(await unseenFocus(page), `${where}: the focus cannot be seen in forced colours`).toEqual([]);
  expect(await moving(page), `${where}: moves though less motion is asked for`).toEqual([]);
  await page.emulateMedia({ forcedColors: null, reducedMotion: null });
  return checks;
}

/** Opens all that is folded away, so that it is looked at too. */
function unfold(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}

/** The spacing that WCAG 1.4.12 names, as a reader's own style sheet has it. */
function spread(page: Page, more: boolean): Promise<void> {
  return page.evaluate((wanted) => {
    const sheet = new CSSStyleSheet();
    if (wanted)
      sheet.replaceSync(
        '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
      );
    document.adoptedStyleSheets = [sheet];
  }, more);
}

/** Whatever hides some of the words in it. What is for screen readers alone stands in a box one pixel wide; decoration is not for them. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip';
    const isAside = (node: HTMLElement) =>
      node.offsetWidth <= 1 || node.closest('[aria-hidden="true"], select, textarea') !== null;
    return [...document.querySelectorAll<HTMLElement>('body *')].flatMap((node) => {
      const { overflowX, overflowY } = getComputedStyle(node);
      if (!(hides(overflowX) || hides(overflowY)) || isAside(node) || !node.checkVisibility()) return [];
      const box = node.getBoundingClientRect();
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      for (let words = walker.nextNode(); words; words = walker.nextNode()) {
        let within = words.parentElement;
        while (within && within !== node && !isAside(within)) within = within.parentElement;
        if (within !== node) continue;
        // Word by word: a space at the end of a line may hang over, and nothing is lost.
        for (const { 0: word, index } of words.textContent?.matchAll(/\S+/g) ?? []) {
          range.setStart(words, index);
          range.setEnd(words, index + word.length);
          const { right, bottom } = range.getBoundingClientRect();
          if ((hides(overflowX) && right > box.right + 1) || (hides(overflowY) && bottom > box.bottom + 1))
            return [`${node.className} cuts off ${word.slice(0, 40)}`];
        }
      }
      return [];
    });
  });
}

/** Whatever takes the focus and shows no outline: shadows and backgrounds go in forced colours. */
async function unseenFocus(page: Page): Promise<string[]> {
  // The browser shows the focus to whoever last used a key.
  await page.keyboard.press('Shift');
  return page.evaluate(() => {
    const stops = document.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, [tabindex="0"], [contenteditable="true"]',
    );
    const unseen = [...stops].filter((node) => {
      if (!node.checkVisibility() || node.matches(':disabled')) return false;
      node.focus({ preventScroll: true });
      if (document.activeElement !== node) return false;
      // GOV.UK draws a radio or a checkbox as part of its label.
      const drawn = node.matches('.govuk-radios__input, .govuk-checkboxes__input')
        ? getComputedStyle(node.nextElementSibling ?? node, '::before')
        : getComputedStyle(node);
      return drawn.outlineStyle === 'none' || Number.parseFloat(drawn.outlineWidth) < 2;
    });
    (document.activeElement as HTMLElement | null)?.blur();
    return unseen.map((node) => `${node.tagName} ${node.className}: ${node.textContent.trim().slice(0, 40)}`);
  });
}

function moving(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((node) => {
        const { animationName, transitionDuration, transitionProperty } = getComputedStyle(node);
        return animationName !== 'none' || (transitionProperty !== 'none' && !/^0s(, 0s)*$/.test(transitionDuration));
      })
      .map((node) => `${node.tagName} ${node.className}`),
  );
}
