/** A second verifier, written from the description alone: what an inspector could write, sharing no code with ours. */
import { createHash } from 'node:crypto';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Exported = { [key: string]: Json };

/** RFC 8785: no spaces, keys in UTF-16 order, numbers and strings as JSON.stringify writes them. */
export function canonicalText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] ?? null)}`);
  return `{${pairs.join(',')}}`;
}

/** Salt as bytes, then the canonical body as UTF-8. */
export function commitmentOf(salt: string, body: Json): string {
  return createHash('sha256').update(salt, 'hex').update(canonicalText(body), 'utf8').digest('hex');
}

const covered = ['v', 'room', 'seq', 'type', 'at', 'actor', 'command', 'commitment', 'prev'];

/** A zero byte, then the canonical header as UTF-8. */
export function hashOf(entry: Exported): string {
  const header = Object.fromEntries(covered.map((key) => [key, entry[key] ?? null]));
  return createHash('sha256').update(Uint8Array.of(0)).update(canonicalText(header), 'utf8').digest('hex');
}

/** The number of the first entry that does not fit, or null if all do. Shortening shows only against a known head. */
export function firstWrong(entries: readonly Exported[]): number | null {
  let prev = '0'.repeat(64);
  let at = '';
  for (const [index, entry] of entries.entries()) {
    const { seq, room, hash, salt, body, commitment, type } = entry;
    const withheld = body === null && salt === null;
    const bound =
      withheld ||
      (typeof salt === 'string' &&
        /^[0-9a-f]{64}$/.test(salt) &&
        body !== null &&
        typeof body === 'object' &&
        !Array.isArray(body) &&
        body.type === type &&
        commitmentOf(salt, body) === commitment);
    const fits =
      seq === index + 1 && room === entries[0]?.room && entry.prev === prev && hash === hashOf(entry) && bound;
    if (!fits || String(entry.at) < at) return index + 1;
    prev = String(hash);
    at = String(entry.at);
  }
  return null;
}
