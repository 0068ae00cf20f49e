/** Every named refusal is one that some test provokes: a name that nothing reaches is a rule that nobody has seen say no. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
/** Of the service's own edge, where what provokes them would take a machine or minutes; each with what it is. */
const unprovoked: Record<string, string> = {
  TooManyUploads: 'more documents at once than the service takes',
  DocumentDamaged: 'bytes on the disk that are not those that were stored',
};

test('is named by a test that provokes it', () => {
  const schema = readFileSync(join(root, '..', 'schema', 'refusal.ts'), 'utf8');
  const [, names = ''] = /export type RefusalName =([^;]*);/.exec(schema) ?? [];
  const all = [...names.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
  expect(all.length).toBeGreaterThan(150);
  const own = import.meta.filename;
  const tests = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(root, file))
    .filter((file) => file !== own)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const provoked = new Set([...tests.matchAll(/\b[A-Z]\w+\b/g)].map(([name]) => name));
  expect(all.filter((name) => !provoked.has(name)).sort()).toEqual(Object.keys(unprovoked).sort());
});
