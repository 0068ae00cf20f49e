/** The first page is light, and the editor comes only where it is used. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { built } from '#server/pages.ts';
import { hasBrowser } from '../support/browser.ts';
import { heading } from '../support/screens.ts';
import { liveCaseAt, signInAt } from '../support/service.ts';
import { tellStory } from '../support/story.ts';

/** Bytes, gzipped. */
const firstPageAtMost = 150_000;
/** Files. Each costs its way there and back; `web/chunks.ts` says which there are. */
const filesAtMost = { firstPage: 25, ofACase: 110 };

describe.skipIf(!hasBrowser())('what a page weighs', () => {
  const story = tellStory();

  test(`the first page and all it asks for is at most ${firstPageAtMost / 1000} kB gzipped`, async () => {
    const page = await story.browser.newPage();
    const asked = filesOf(page);
    await page.goto(`${story.address}/sign-in`, { waitUntil: 'networkidle' });
    await heading(page, 'Sign in');
    expect(asked.size).toBeGreaterThan(5);
    expect(asked.size).toBeLessThanOrEqual(filesAtMost.firstPage);
    const bytes = ['/index.html', ...asked].reduce((sum, path) => sum + packed(path), 0);
    expect(bytes).toBeLessThanOrEqual(firstPageAtMost);
    await page.close();
  });

  test('no screen but the notes brings the editor', async () => {
    const { ref } = await liveCaseAt(story.address, await signInAt(story.address, 'Priya Lark'));
    const [notes, positions] = (await Promise.all([
      broughtBy(`/cases/${ref}`, 'Notes'),
      broughtBy(`/cases/${ref}/positions`, 'Positions'),
    ])) as [Set<string>, Set<string>];
    expect(Math.max(notes.size, positions.size)).toBeLessThanOrEqual(filesAtMost.ofACase);
    const editor = [...notes].filter(isOfEditor);
    expect(editor, 'what the notes bring has the editor in it').not.toEqual([]);
    expect(editor.filter((path) => positions.has(path))).toEqual([]);
  });

  /** What a screen asks for when it is opened by its address in a new browser. */
  async function broughtBy(path: string, title: string): Promise<Set<string>> {
    const { page, context } = await story.enter('Priya Lark');
    await page.goto('about:blank');
    const asked = filesOf(page);
    await page.goto(path, { waitUntil: 'networkidle' });
    await heading(page, title);
    await context.close();
    return asked;
  }
});

/** Paths of the built files that a page asks for, as it asks. */
function filesOf(page: Page): Set<string> {
  const asked = new Set<string>();
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (existsSync(join(built, pathname)) && pathname !== '/') asked.add(pathname);
  });
  return asked;
}

function isOfEditor(path: string): boolean {
  return path.endsWith('.js') && readFileSync(join(built, path), 'utf8').includes('ProseMirror');
}

function packed(path: string): number {
  return statSync(join(built, `${path}.gz`)).size;
}
