/** [M51] One voice for the whole app: no screen has a live region of its own, where it would talk over the others. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const web = join(import.meta.dirname, '..', '..', 'web');
/** The two regions themselves, and two components as GOV.UK Frontend has them, which speak of one's own form alone. */
const allowed = ['routes/+layout.svelte', 'lib/components/ErrorSummary.svelte', 'lib/components/Textarea.svelte'];

test('live regions stand around every screen, and nowhere else', () => {
  const files = ['lib', 'routes'].flatMap((folder) =>
    readdirSync(join(web, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.svelte'))
      .map((file) => join(folder, file)),
  );
  const live = files.filter((file) =>
    /aria-live|role="(status|alert|log)"|<output/.test(readFileSync(join(web, file), 'utf8')),
  );
  expect(live.sort()).toEqual(allowed.toSorted());
});
