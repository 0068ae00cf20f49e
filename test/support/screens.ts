/** Screens as people use them: by the words on them, in a real browser, one context a person. */
import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import axe from 'axe-core';
import { expect } from 'vitest';
import type { PracticePerson } from './service.ts';

export type Visitor = { name: string; context: BrowserContext; page: Page; problems: string[] };

/** A practice person signed in, in a browser context of their own. What the page complains of is kept. */
export async function visit(
  browser: Browser,
  address: string,
  name: string,
  viewport = { width: 1280, height: 900 },
): Promise<Visitor> {
  const context = await browser.newContext({ viewport, baseURL: address, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(address).host) problems.push(`a request to ${request.url()}`);
  });
  await signIn(context, address, name);
  await page.goto('/');
  await heading(page, 'My work');
  return { name, context, page, problems };
}

/** At the service's door, not at the screen, which costs a page each time: the cookie is the browser's as it was set. */
async function signIn({ request }: BrowserContext, origin: string, name: string): Promise<void> {
  const { people } = (await (await request.get('/api/practice/people')).json()) as { people: PracticePerson[] };
  const person = people.find((each) => each.name === name)?.person;
  const reply = await request.post('/api/practice/sign-in', { headers: { origin }, data: { person } });
  if (!reply.ok()) throw new Error(`${name} could not sign in: ${reply.status()}`);
}

/** Chooses an answer of a radio group, by the question's words. */
export async function answer(page: Page, question: string | RegExp, option: string): Promise<void> {
  await page.getByRole('group', { name: question }).getByLabel(option, { exact: true }).check();
}

export async function write(page: Page, label: string | RegExp, words: string): Promise<void> {
  await page.getByLabel(label, { exact: typeof label === 'string' }).fill(words);
}

/** Types a day, `2026-03-27`, into the three boxes of a question. */
export async function date(page: Page, question: string | RegExp, day: string): Promise<void> {
  const boxes = page.getByRole('group', { name: question });
  const [year = '', month = '', ofMonth = ''] = day.split('-');
  await boxes.getByLabel('Day').fill(String(Number(ofMonth)));
  await boxes.getByLabel('Month').fill(String(Number(month)));
  await boxes.getByLabel('Year').fill(year);
}

export async function press(page: Page, button: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: button, exact: typeof button === 'string' }).click();
}

export async function follow(page: Page, link: string | RegExp): Promise<void> {
  await page.getByRole('link', { name: link }).first().click();
}

export async function heading(page: Page, words: string | RegExp): Promise<Locator> {
  const found = page.getByRole('heading', { level: 1, name: words });
  await found.waitFor();
  return found;
}

/** Waits until a page of a case has its socket: before that, nothing formal can be sent. */
export async function connected(page: Page): Promise<void> {
  await page.locator('[data-saved=true]').waitFor({ state: 'attached' });
}

/** Waits until the words are somewhere on the page. */
export async function sees(page: Page, words: string | RegExp): Promise<void> {
  await page.getByText(words).filter({ visible: true }).first().waitFor();
}

const wcag22AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * No finding of axe, by the rules of WCAG 2.2 AA. How many checks it made: each rule on each element it is about.
 * Put into a page once, and only what is asked is brought back: a page has no frames to gather from.
 */
export async function accessible(page: Page, where: string): Promise<number> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { found, checks } = await page.evaluate(async (runOnly) => {
    const { passes, violations } = await (window as typeof window & { axe: typeof axe }).axe.run({ runOnly });
    return {
      found: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`),
      checks: passes.reduce((sum, { nodes }) => sum + nodes.length, 0),
    };
  }, wcag22AA);
  expect(found, where).toEqual([]);
  return checks;
}

/** Nothing wider than the window: no scrolling sideways. */
export async function fits(page: Page, where: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${where} is wider than the window`).toBeLessThanOrEqual(0);
}

/** Accessible, and fit for narrow windows too; afterwards the window is as wide as at a desk. */
export async function looksRight(page: Page, where: string): Promise<void> {
  await accessible(page, where);
  for (const width of [320, 375, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await fits(page, `${where} at ${width} px`);
  }
}
