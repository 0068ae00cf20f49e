/** The screen of a case's notes, as people use it. */
import type { Page } from '@playwright/test';
import { expect } from 'vitest';
import { sees } from './screens.ts';

/** From My work to the notes of the case that is not decided. */
export async function openLiveCase(page: Page): Promise<void> {
  await page
    .getByRole('row', { name: /Positions sealed/ })
    .getByRole('link')
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: 'Notes' }).waitFor();
  await sees(page, /ambulance service was called/);
}

/** Selects words in the editor, as dragging over them does. */
export async function selectWords(page: Page, words: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Notes for/ }).focus();
  await page.evaluate((wanted) => {
    const editor = document.querySelector('[contenteditable=true]') as HTMLElement;
    const nodes: { node: Node; from: number }[] = [];
    let text = '';
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      nodes.push({ node, from: text.length });
      text += node.textContent;
    }
    const at = text.indexOf(wanted);
    const find = (offset: number) => nodes.findLast(({ from }) => from <= offset) as (typeof nodes)[0];
    const [start, end] = [find(at), find(at + wanted.length - 1)];
    getSelection()?.setBaseAndExtent(start.node, at - start.from, end.node, at + wanted.length - end.from);
  }, words);
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe(words);
}

/** Comments on these words of the notes; an agency may be asked to answer. */
export async function commentOn(page: Page, words: string, comment: string, asked?: string): Promise<void> {
  await selectWords(page, words);
  await page.keyboard.press('Control+Alt+m');
  const form = page.getByRole('form', { name: 'Add a comment' });
  await form.getByLabel('Your comment').fill(comment);
  if (asked !== undefined) {
    await form.getByLabel('Ask an agency to answer').check();
    await form.getByLabel('Which agency?').selectOption({ label: asked });
  }
  await form.getByRole('button', { name: 'Add comment' }).click();
  await sees(page, comment);
}
