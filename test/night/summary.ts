/** What the long runs came to: a line for each, of the last time it ran, kept in `test/bench/results`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const results = join(import.meta.dirname, '..', 'bench', 'results');
const kept = join(results, 'night.json');

type Line = Outcome & { what: string; full: number; at: string; minutes: number };

/** `NIGHT_SHARE=0.1` runs a tenth of each count. */
const share = Number(process.env['NIGHT_SHARE'] || 1);
if (!(share > 0 && share <= 1)) throw new Error('Set NIGHT_SHARE to a number above 0, up to 1.');
const shareOf = (full: number): number => Math.max(1, Math.round(full * share));

type Outcome = { done: number; came: string; good: boolean };

/** Carries out a long run of so many, or its share, and keeps what came of it, also where it fails. */
export async function keep(
  what: string,
  full: number,
  run: (count: number) => Promise<Outcome> | Outcome,
): Promise<void> {
  const began = performance.now();
  let outcome: Outcome = { done: 0, came: 'it did not finish', good: false };
  try {
    outcome = await run(shareOf(full));
  } finally {
    const minutes = Math.round((performance.now() - began) / 6_000) / 10;
    const line = { what, full, ...outcome, at: new Date().toISOString(), minutes };
    const lines = [...read().filter((each) => each.what !== what), line].sort((a, b) => (a.what < b.what ? -1 : 1));
    writeFileSync(kept, `${JSON.stringify(lines, null, 2)}\n`);
    writeFileSync(join(results, 'night.md'), asPage(lines));
    console.log(`${what}: ${outcome.done} of ${full} in ${minutes} minutes: ${outcome.came}`);
  }
  expect(outcome, outcome.came).toMatchObject({ good: true });
}

function read(): Line[] {
  return existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Line[]) : [];
}

function asPage(lines: readonly Line[]): string {
  const rows = lines.map(
    ({ what, full, done, came, good, at, minutes }) =>
      `| ${what} | ${done.toLocaleString('en-GB')} | ${full.toLocaleString('en-GB')} | ${came} | ${good ? 'yes' : 'NO'} | ${at.slice(0, 16).replace('T', ' ')} | ${minutes} |`,
  );
  return [
    '# The long runs',
    '',
    'What each came to when it was last run: `npm run test:night`, or a share of it with `NIGHT_SHARE=0.1 npm run test:night`.',
    'A run of less than the full count says so in its own line.',
    '',
    '| run | done | full count | what came of it | good | at (UTC) | minutes |',
    '| --- | ---: | ---: | --- | --- | --- | ---: |',
    ...rows,
    '',
  ].join('\n');
}
