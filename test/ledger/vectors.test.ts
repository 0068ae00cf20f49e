/** The fixed vectors: what every verifier of the record must agree on, ours and one written apart from it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Event } from '#schema/event.ts';
import {
  canonical,
  commit,
  hashEntry,
  verify,
  type Entry,
  type EntryHeader,
  type Known,
  type Verdict,
} from '#schema/ledger.ts';
import { canonicalText, commitmentOf, firstWrong, hashOf, type Exported } from './verifier.ts';

type Vectors = {
  canonical: { value: Exported[string]; text: string }[];
  commitments: { salt: string; body: Event & Exported; commitment: string }[];
  hashes: { header: EntryHeader & Exported; hash: string }[];
  records: { name: string; known: Known; verdict: Verdict; entries: (Entry & Exported)[] }[];
};
const vectors: Vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8'));

describe('[M44] [R23] the fixed vectors', () => {
  test('canonical form', () => {
    expect(vectors.canonical.length).toBeGreaterThan(10);
    for (const { value, text } of vectors.canonical) {
      expect(canonical(value)).toBe(text);
      expect(canonicalText(value)).toBe(text);
    }
  });

  test('commitments', () => {
    expect(vectors.commitments.length).toBeGreaterThan(2);
    for (const { salt, body, commitment } of vectors.commitments) {
      expect(commit(salt, body)).toBe(commitment);
      expect(commitmentOf(salt, body)).toBe(commitment);
    }
  });

  test('hashes', () => {
    expect(vectors.hashes.length).toBeGreaterThan(1);
    for (const { header, hash } of vectors.hashes) {
      expect(hashEntry(header)).toBe(hash);
      expect(hashOf(header)).toBe(hash);
    }
  });

  test.each(vectors.records)('$name', ({ entries, known, verdict }) => {
    expect(verify(entries, known)).toEqual(verdict);
    // The other verifier knows nothing from elsewhere, so it sees what a chain alone can show.
    const alone = verify(entries);
    expect(firstWrong(entries)).toBe(alone.whole ? null : alone.seq);
  });
});
