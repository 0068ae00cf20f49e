/** Screens as people use them who have no mouse: Tab, arrows, Space and Enter. */
import type { Locator, Page } from '@playwright/test';
import { expect } from 'vitest';

/** More stops than any page has: past it the thing cannot be reached. */
const stopsAtMost = 150;

/** Moves by Tab until `target` has the focus, and sees that it is not hidden and not covered (WCAG 2.4.7, 2.4.11). */
export async function reach(page: Page, target: Locator): Promise<void> {
  await tabUntil(page, target.first(), (node) => node === document.activeElement);
  expect(await target.first().isVisible()).toBe(true);
}

/** Found once and not at each stop, which costs a page more than the key does; and again where the page has put another in its place. */
async function tabUntil(page: Page, target: Locator, isThere: (node: Element) => boolean): Promise<void> {
  await target.waitFor();
  let found = await target.elementHandle();
  for (let stops = 0; stops < stopsAtMost; stops += 1) {
    if (!(await found?.evaluate((node) => node.isConnected))) found = await target.elementHandle();
    if (await found?.evaluate(isThere)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target}`);
}

/** Presses what says that it can be pressed: a button that waits for the connection says so, and is waited for. */
export async function go(page: Page, target: Locator): Promise<void> {
  await target.first().and(page.locator(':not([aria-disabled="true"])')).waitFor();
  await reach(page, target);
  await page.keyboard.press('Enter');
}

export async function fill(page: Page, target: Locator, words: string): Promise<void> {
  await reach(page, target);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(words);
}

export async function toggle(page: Page, target: Locator): Promise<void> {
  await reach(page, target);
  await page.keyboard.press('Space');
  expect(await target.isChecked()).toBe(true);
}

/** Tab goes to a group of answers as one stop; the arrows choose. */
export async function choose(page: Page, question: string | RegExp, option: string): Promise<void> {
  const group = page.getByRole('group', { name: question });
  const wanted = group.getByLabel(option, { exact: true });
  await tabUntil(
    page,
    group,
    (node) => node.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement,
  );
  await page.keyboard.press('Space');
  for (let moves = 0; moves < 6 && !(await wanted.isChecked()); moves += 1) await page.keyboard.press('ArrowDown');
  expect(await wanted.isChecked(), `${option} by the arrows`).toBe(true);
}

/** Typing goes to the option that begins so, without opening the list. */
export async function pick(page: Page, label: string, option: string): Promise<void> {
  const list = page.getByLabel(label, { exact: true });
  await reach(page, list);
  await page.keyboard.type(option);
  const chosen = await list.evaluate((node: HTMLSelectElement) => node.selectedOptions[0]?.label);
  expect(chosen, `${option} by its first letters`).toBe(option);
}

export function focused(page: Page): Locator {
  return page.locator(':focus');
}
