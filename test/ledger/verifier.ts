/** A second verifier, written from the description alone: what an inspector could write, sharing no code with ours. */
import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';

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

/** Which fields of an act its signer gave, for the acts that are tried here. */
const words: Record<string, string[]> = {
  DissentRecorded: ['content'],
  PositionSubmitted: ['content', 'whatChanged'],
  DecisionSigned: ['content'],
};
type Parts = { [part in 'authenticatorData' | 'clientData' | 'signature']: string } & { read: Json; key: JsonWebKey };

/** Whether the signature that an entry bears is its key's, over the entry's own words; null where it bears none. */
export function signatureFits(entry: Exported): boolean | null {
  const { room, actor, command, body } = entry as { [key: string]: Exported };
  const bears = body?.['signature'] as Parts | undefined;
  if (!body || !bears) return null;
  const said = Object.fromEntries((words[String(body['type'])] ?? []).map((key) => [key, body[key] ?? null]));
  const statement = {
    what: 'An act in Candour',
    room,
    person: actor?.['person'],
    command,
    act: body['type'],
    words: said,
    read: bears.read,
  };
  const challenge = createHash('sha256')
    .update(canonicalText(statement as unknown as Json))
    .digest('base64url');
  try {
    const [device, client, signature] = [bears.authenticatorData, bears.clientData, bears.signature].map((part) =>
      Buffer.from(part, 'base64url'),
    ) as [Buffer, Buffer, Buffer];
    const asked = JSON.parse(client.toString('utf8'));
    const site = createHash('sha256').update(new URL(asked.origin).hostname).digest();
    const key = createPublicKey({ key: bears.key, format: 'jwk' });
    const signed = Buffer.concat([device, createHash('sha256').update(client).digest()]);
    return (
      asked.type === 'webauthn.get' &&
      asked.challenge === challenge &&
      device.subarray(0, 32).equals(site) &&
      ((device[32] ?? 0) & 5) === 5 &&
      verify(bears.key.kty === 'OKP' ? null : 'sha256', signed, key, signature)
    );
  } catch {
    return false;
  }
}
