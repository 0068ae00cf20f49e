/** Pages of a case on paper: what they are, who disagrees, everything unfolded, and nothing that paper cannot do. */
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '#schema/ledger.ts';
import { fold, hasCase } from '#schema/room.ts';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { commandAt, runningSessionAt } from '../support/chaired.ts';
import { practicePlace, type Place } from '../support/database.ts';
import { visit } from '../support/screens.ts';
import { signInAt, startService, type RunningService } from '../support/service.ts';

describe.skipIf(!hasBrowser())('on paper', () => {
  let place: Place;
  let service: RunningService;
  let browser: Browser;
  let page: Page;
  /** A decided case with a disagreement, and its words. */
  let decided: { ref: string; words: string };
  let notified: string;
  let minuted: string;

  beforeAll(async () => {
    place = await practicePlace('pglite');
    service = await startService(place);
    browser = await openBrowser();
    ({ page } = await visit(browser, service.address, 'Priya Lark', { width: 688, height: 970 }));
    const cookie = await signInAt(service.address, 'Joan Alder');
    const read = async (path: string) =>
      (await (await fetch(`${service.address}/api${path}`, { headers: { cookie } })).json()) as Record<string, unknown>;
    const { cases } = (await read('/work')) as { cases: { ref: string }[] };
    const records = await Promise.all(cases.map(({ ref }) => read(`/cases/${ref}`)));
    const states = records.map(({ entries }) => fold(entries as Entry[])).filter(hasCase);
    const differed = states.find(({ decision, dissents }) => decision !== null && dissents.length > 0);
    decided = {
      ref: differed?.case.ref ?? '',
      words: differed?.dissents[0]?.content.statement ?? '',
    };
    notified = states.find(({ notification }) => notification !== null)?.case.ref ?? '';
    const { room, ref } = await runningSessionAt(service.address, { deputy: 'Wren Castle' });
    await commandAt(service.address, cookie, room, { type: 'EndSession', leftOver: 'Out of time.' });
    minuted = ref;
  });
  afterAll(async () => {
    await browser?.close();
    await service?.kill();
    await place?.remove();
  });

  /** The page as it is printed, and the PDF that the browser makes of it, once its heading is there. */
  async function print(path: string): Promise<string> {
    await page.emulateMedia({ media: 'screen' });
    await page.goto(`/cases/${path}`);
    await page.locator('h1').first().waitFor();
    await page.getByText(/^Opening the (form|notes)…$/).waitFor({ state: 'detached' });
    await page.emulateMedia({ media: 'print' });
    await page.getByText(/Printed by Priya Lark, Police/).waitFor();
    return (await page.pdf({ preferCSSPageSize: true, tagged: true })).toString('latin1');
  }

  const isShown = (words: string | RegExp) => page.getByText(words).filter({ visible: true });

  test('[M51] each page says what it is and holds the disagreement, with no controls and nothing folded', async () => {
    const { ref } = decided;
    for (const part of [
      '/decision',
      '/positions',
      '/history',
      '/chronology',
      '/clocks',
      '/criteria',
      '?as=page',
      '/after',
      '/versions',
    ]) {
      const pdf = await print(`${ref}${part}`);
      const where = `${part} on paper`;
      expect(pdf, `${where} is tagged for screen readers`).toContain('/StructTreeRoot');
      await isShown('OFFICIAL-SENSITIVE').first().waitFor();
      expect(await isShown(decided.words).count(), `${where} holds the disagreement`).toBeGreaterThan(0);
      await expectPaper(where);
    }
  });

  test('[M51] the disagreement stands beside the decision, before anything else', async () => {
    await print(`${decided.ref}/decision`);
    const headings = await page.locator('h1, h2, h3').filter({ visible: true }).allTextContents();
    const decision = headings.findIndex((words) => /: (Do not notify|Notify)/.test(words));
    const disagreement = headings.findIndex((words) => words.includes('We disagree'));
    const next = headings.findIndex((words) => words.includes('What happens next'));
    expect(decision).toBeGreaterThanOrEqual(0);
    expect(disagreement).toBeGreaterThan(decision);
    expect(next).toBeGreaterThan(disagreement);
  });

  test('[M51] the pack and the minutes', async () => {
    for (const path of [`${notified}/after/notification/pack`, `${minuted}/session`]) {
      await print(path);
      await expectPaper(path);
    }
    await isShown('Minutes of the session').first().waitFor();
  });

  async function expectPaper(where: string): Promise<void> {
    const controls = page
      .locator('button, input, select, textarea, nav, footer, [role="toolbar"], [contenteditable="true"]')
      .filter({ visible: true });
    expect(await controls.allTextContents(), `${where}: controls`).toEqual([]);
    const wrong = await page.evaluate(() => {
      const folded = [...document.querySelectorAll('details')].filter(
        (details) => details.checkVisibility() && (details.lastElementChild?.getBoundingClientRect().height ?? 1) === 0,
      );
      const addressed = [...document.querySelectorAll('a[href]')].filter(
        (link) => !['none', 'normal'].includes(getComputedStyle(link, '::after').content),
      );
      return [...folded, ...addressed].map((node) => node.textContent.trim().slice(0, 60));
    });
    expect(wrong, `${where}: folded away, or with its address after it`).toEqual([]);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, `${where} is wider than the paper`).toBeLessThanOrEqual(0);
  }
});
