/** Every screen there is, by the files that make them: nothing axe finds, one heading, a title, readable as each reader sets it, nothing complained. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import { agreedActions } from '#schema/agreed-action.ts';
import type { Entry } from '#schema/ledger.ts';
import { fold, hasCase, type CaseRoom } from '#schema/room.ts';
import { hasBrowser } from '../support/browser.ts';
import { readable } from '../support/reading.ts';
import { signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';
import { keep } from './summary.ts';

const routesFolder = join(import.meta.dirname, '..', '..', 'web', 'routes');
const wide = { width: 1280, height: 900 };

/** Who opens a screen: the first that fits. Whoever may not do what it is for is told so there, which is a screen too. */
const people: readonly [RegExp, string][] = [
  [/^\/(admin|review-group)/, 'Beth Quill'],
  [/\/(private|session|positions\/open|resolution\/record)/, 'Joan Alder'],
  [/\/resolution\/view/, 'Rae Stone'],
  [/\/resolution\/done/, 'Amara Fenwick'],
  [/\/(decision|after|legal-advice|criteria\/(hand-over|accepted|take-back|told))/, 'Denis Marsh'],
  [/./, 'Priya Lark'],
];

/** What stands in an address, from a case that has such a thing; where none has, the screen says that there is none. */
const parts: Record<string, (state: CaseRoom) => string | number | undefined> = {
  agency: ({ case: { people } }) => people.find(({ agency }) => agency.kind === 'police')?.agency.id,
  element: () => 'child',
  moment: () => 'now',
  seq: ({ questions }) => questions[0]?.seq,
  dissent: ({ dissents }) => dissents[0]?.seq,
  request: ({ requests }) => requests[0]?.seq,
  stage: (state) => agreedActions(state)[0]?.stage,
  number: (state) => agreedActions(state)[0]?.number,
  session: ({ privateSessions }) => privateSessions[0]?.seq,
};

describe.skipIf(!hasBrowser())('every screen', () => {
  const story = tellStory();
  let states: CaseRoom[];

  beforeAll(async () => {
    const cookie = await signInAt(story.address, 'Joan Alder');
    const read = async (path: string) =>
      (await (await fetch(`${story.address}/api${path}`, { headers: { cookie } })).json()) as Record<string, unknown>;
    const { cases } = (await read('/work')) as { cases: { ref: string }[] };
    const records = await Promise.all(cases.map(({ ref }) => read(`/cases/${ref}`)));
    states = records.map(({ entries }) => fold(entries as Entry[])).filter(hasCase);
  });

  /** Addresses of a route: of a case screen with each case at another stage that has what the address names. */
  function addressesOf(route: string): string[] {
    const names = [...route.matchAll(/\[(\w+)\]/g)].map(([, name = '']) => name).filter((name) => name !== 'ref');
    if (!route.includes('[ref]')) return [route.replace(/\[\w+\]/g, names[0] === 'part' ? 'criteria' : '1')];
    const fill = (state: CaseRoom): string =>
      names.reduce(
        (path, name) => path.replace(`[${name}]`, String(parts[name]?.(state) ?? 1)),
        route.replace('[ref]', state.case.ref),
      );
    const has = states.filter((state) => names.every((name) => !parts[name] || parts[name](state) !== undefined));
    const live = has.find(({ decision }) => decision === null);
    const decided = has.find(({ notification }) => notification !== null) ?? has.find(({ decision }) => decision);
    const shown = /\/(after|earlier|reopen)/.test(route)
      ? [decided]
      : [live, /\/(decision|history|positions)$/.test(route) ? decided : live];
    const filled = shown.flatMap((state) => (state ? [fill(state)] : []));
    return [...new Set(filled.length > 0 ? filled : states.slice(0, 1).map(fill))];
  }

  test(
    '[M51] is without findings, readable as each reader sets it, and has one heading and a title',
    { timeout: 900_000 },
    async () => {
      const files = await readdir(routesFolder, { recursive: true });
      const routes = files.flatMap((file) =>
        file.endsWith('+page.svelte') ? `/${dirname(file)}`.replace('/.', '/') : [],
      );
      expect(routes).toEqual(expect.arrayContaining(['/', '/register', '/cases/[ref]', '/cases/[ref]/positions/give']));
      const all = routes
        .filter((route) => route !== '/sign-in')
        .flatMap((route) => {
          const who = people.find(([shape]) => shape.test(route))?.[1] ?? '';
          return addressesOf(route).map((address) => ({ who, address }));
        });
      expect(all.length).toBeGreaterThanOrEqual(routes.length - 1);
      await keep('M51 screens, by axe and as each reader sets them', all.length, async (count) => {
        const findings: string[] = [];
        let checks = 0;
        const shown = Map.groupBy(all.slice(0, count), ({ who }) => who);
        await Promise.all(
          [...shown].map(async ([who, screens]) => {
            const { page, context, problems } = await story.enter(who, wide);
            page.setDefaultTimeout(60_000);
            for (const { address } of screens) {
              try {
                checks += await look(page, address);
              } catch (error) {
                findings.push(`${address} for ${who}: ${error instanceof Error ? error.message : error}`);
              }
            }
            // What is not there is answered by 404, and the browser says so of its own accord.
            findings.push(...problems.filter((problem) => !problem.includes('404')));
            await context.close();
          }),
        );
        for (const finding of findings) console.log(finding);
        return {
          done: count,
          came: `${checks.toLocaleString('en-GB')} checks of axe, ${findings.length} findings`,
          good: findings.length === 0,
        };
      });
    },
  );
});

/** Opens one screen and looks at it. Throws what is wrong. */
async function look(page: Page, address: string): Promise<number> {
  await page.setViewportSize(wide);
  await page.goto(address);
  await page.locator('h1').first().waitFor();
  await page.getByText(/^Opening the (form|notes)…$/).waitFor({ state: 'detached' });
  expect(await page.locator('h1').count(), 'headings').toBe(1);
  expect(await page.title()).toMatch(/\S.* - Candour$/);
  return readable(page, address);
}
