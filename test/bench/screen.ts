/**
 * Measures what a person at the notes notices, in a real browser: `npm run bench:screen`. An empty
 * text box of the same browser is what everything is compared with; the case grows from a few lines
 * to 200 pages with 300 comments, alone and with 20 others typing. Service, others and browser share
 * this machine: with more cores than two all of it is quicker. Nothing here passes or fails.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type BrowserContext } from '@playwright/test';
import { findChromium } from '../support/browser-setup.ts';
import { signInAt, startService } from '../support/service.ts';
import { addComments, endOf, findCase, others, writePages, type Case } from './browser/case.ts';
import { echo, frames, weight } from './browser/page.ts';
import { median } from './load/quantile.ts';
import { lines, number } from './report.ts';

type Figures = Record<string, number>;
type Condition = { pages: number; comments: number; others: number };

const { values } = parseArgs({ options: { repetitions: { type: 'string', default: '3' } } });
const repetitions = Number(values.repetitions);
/** Each heavier than the one before: what was written stays. */
const conditions: readonly Condition[] = [
  { pages: 0, comments: 0, others: 0 },
  { pages: 0, comments: 0, others: 20 },
  { pages: 20, comments: 30, others: 0 },
  { pages: 200, comments: 300, others: 0 },
  { pages: 200, comments: 300, others: 20 },
];

const found = await findChromium();
if (!found) throw new Error('There is no browser to measure in. Set CHROMIUM_PATH to one.');
const folder = await mkdtemp(join(tmpdir(), 'candour-screen-'));
const service = await startService({ databaseUrl: null, folder: join(folder, 'data') });
const browser = await chromium.launch(found);
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
const taken: { what: string; figures: Figures }[] = [];
const loadBefore = loadavg();
try {
  const cookie = await signInAt(service.address, 'Amara Fenwick');
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: service.address }]);
  const at = await findCase(service.address, cookie);
  let [pages, comments] = [0, 0];
  for (const condition of conditions) {
    await writePages(at, pages, condition.pages);
    await addComments(at, condition.comments - comments);
    [pages, comments] = [condition.pages, condition.comments];
    for (let n = 0; n < repetitions; n += 1) {
      await note('an empty text box', await textBox(context));
      await note(named(condition), await notes(at, condition));
    }
  }
} finally {
  await browser.close();
  await service.kill();
  await rm(folder, { recursive: true, force: true });
}
const text = report();
const results = join(import.meta.dirname, 'results');
await mkdir(results, { recursive: true });
await writeFile(join(results, 'screen.md'), text);
console.log(`\n${text}`);

function named({ pages, comments, others: typing }: Condition): string {
  const many = pages === 0 ? 'a few lines' : `${pages} pages, ${comments} comments`;
  return typing === 0 ? many : `${many}, ${typing} others typing`;
}

function note(what: string, figures: Figures): void {
  taken.push({ what, figures });
  console.log(`${what}: ${JSON.stringify(figures)}`);
}

/** The floor: what this browser on this machine takes with nothing of ours in it. */
async function textBox(inside: BrowserContext): Promise<Figures> {
  const page = await inside.newPage();
  await page.setContent('<textarea autofocus rows="30" cols="80"></textarea>');
  await page.locator('textarea').focus();
  const { median: middle, p95 } = await echo(page);
  await page.close();
  return { 'echo ms': middle, 'echo p95 ms': p95 };
}

async function notes(at: Case, { others: count, pages }: Condition): Promise<Figures> {
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const devtools = await context.newCDPSession(page);
  const typing = count > 0 ? await others(at, count) : null;
  const begun = performance.now();
  await page.goto(`${at.address}/cases/${at.ref}`);
  const editor = page.getByRole('textbox', { name: /notes/i });
  await editor.waitFor();
  if (pages > 0) await editor.getByText(endOf(pages)).waitFor({ state: 'attached' });
  const opened = performance.now() - begun;
  const { heap, nodes } = await weight(devtools);
  const moving = await frames(page);
  await editor.locator('p').first().click();
  const typed = await echo(page);
  await page.close();
  await typing?.stop();
  return {
    'open ms': opened,
    'heap MB': heap,
    'DOM nodes': nodes,
    'frame ms': moving.median,
    'frame p95 ms': moving.p95,
    'late frames %': moving.late,
    'echo ms': typed.median,
    'echo p95 ms': typed.p95,
  };
}

function report(): string {
  const kinds = [...new Set(taken.map(({ what }) => what))];
  const names = [...new Set(taken.flatMap(({ figures }) => Object.keys(figures)))];
  const of = (kind: string, figure: string) =>
    median(taken.filter(({ what }) => what === kind).flatMap(({ figures }) => figures[figure] ?? []));
  const floor = of('an empty text box', 'echo ms');
  const rows = kinds.map((kind) => [
    kind,
    ...names.map((figure) => number(of(kind, figure))),
    number(of(kind, 'echo ms') / floor),
  ]);
  const rounded = (load: readonly number[]) => load.map((each) => each.toFixed(1)).join(' ');
  return `${[
    `# At the screen, ${new Date().toISOString().slice(0, 10)}`,
    '',
    `${cpus()[0]?.model ?? 'Unknown processor'}, ${cpus().length} cores, Chromium ${browser.version()} without a graphics processor, service and others on the same cores. Load average ${rounded(loadBefore)} before and ${rounded(loadavg())} after. Medians of ${repetitions}.`,
    'Echo: from a key going down to the frame with its letter. Frames: while the page is scrolled. Late: longer than 34 ms. Open: from the address to the last paragraph being there.',
    '',
    ...lines([['', ...names, 'echo × text box'], ...rows]),
  ].join('\n')}\n`;
}
