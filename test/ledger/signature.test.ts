/** Signatures in the record: what they bind, and that whatever is changed of it shows, to our check and to one written apart from it. */
import { describe, expect, test, vi } from 'vitest';
import type { Actor } from '#schema/actor.ts';
import type { RoomCommand } from '#schema/command.ts';
import type { Event } from '#schema/event.ts';
import { chain, firstPrev, verify, type Entry } from '#schema/ledger.ts';
import type { PublicKey, Signature, Signed } from '#schema/signature.ts';
import { fits, signaturesIn, statementOf, withSignature, type Statement } from '#schema/signing.ts';
import { Device, keyKinds } from '../support/device.ts';
import { amara, disagreement, priya, record, room, opened, saltOf } from '../support/rules.ts';
import { signatureFits, type Exported } from './verifier.ts';

const origin = 'https://candour.example.org';
const before = record(opened());
const head = before.at(-1) as Entry;
const read = { seq: head.seq, hash: head.hash };
const command: RoomCommand = { type: 'RecordDissent', content: disagreement };
const event: Event = { type: 'DissentRecorded', content: disagreement };

/** A record whose last entry Amara signed with this device. `meanwhile` changes what her browser asked it to sign. */
function signedBy(device: Device, how: { proved?: boolean; meanwhile?: Partial<Statement>; at?: string } = {}): Entry {
  const id = '0000000000000000000000000000c0de';
  const statement = { ...statementOf(command, { room, person: amara.person, id, read }), ...how.meanwhile };
  const made = device.sign(statement, how.at ?? origin, how);
  const enrolled = {
    label: 'Work laptop',
    added: '2026-10-05T09:00:00.000Z',
    enrolled: { seq: 1, hash: '0'.repeat(64) },
  };
  const signature: Signature = { ...made, read, key: device.key, ...enrolled };
  const [body] = withSignature([event], command.type, signature);
  return entryOf(body as Signed<Event>, amara, id);
}

function entryOf(body: Signed<Event>, actor: Actor, id: string): Entry {
  const header = { room, seq: head.seq + 1, at: head.at, actor, command: id, prev: head.hash };
  return chain(header, body, saltOf(head.seq + 1));
}

/** The same entry otherwise, with a chain that fits: what only a signature can show. */
function forged(
  entry: Entry,
  change: { body?: (body: Signed<Event>) => Signed<Event>; actor?: Actor; command?: string },
): Entry {
  const body = entry.body as Signed<Event>;
  return entryOf(change.body?.(body) ?? body, change.actor ?? entry.actor, change.command ?? entry.command);
}

const withPart = (part: Partial<Signature>) => (body: Signed<Event>) => ({
  ...body,
  signature: { ...(body.signature as Signature), ...part },
});

async function both(entry: Entry): Promise<unknown[]> {
  return [await fits(entry), signatureFits(entry as unknown as Exported)];
}

describe('[M24] [R24] a signature', () => {
  test.each(keyKinds)('fits what was signed, with a key of kind %s', async (kind) => {
    // Many, as a number in a signature is now and then shorter than the others.
    for (let n = 0; n < (kind === 'RS256' ? 2 : 60); n += 1) {
      expect(await both(signedBy(new Device(kind)))).toEqual([true, true]);
    }
  });

  test('shows whatever is changed afterwards, though the chain is made to fit', async () => {
    const entry = signedBy(new Device());
    const other = new Device();
    const content = { ...disagreement, statement: `${disagreement.statement} Or not.` };
    const forgeries: [string, Entry][] = [
      ['other words', forged(entry, { body: (body) => ({ ...body, content }) as Signed<Event> })],
      ['another person', forged(entry, { actor: priya })],
      ['another command', forged(entry, { command: '0000000000000000000000000000beef' })],
      ['less read', forged(entry, { body: withPart({ read: { seq: 1, hash: firstPrev } }) })],
      ['another key', forged(entry, { body: withPart({ key: other.key, passkey: other.id }) })],
      [
        'another’s signature',
        forged(entry, { body: withPart({ signature: signedBy(other).body?.signature?.signature ?? '' }) }),
      ],
      ['a broken signature', forged(entry, { body: withPart({ signature: 'AAAA' }) })],
      ['no device', forged(entry, { body: withPart({ authenticatorData: '_' }) })],
      ['no browser', forged(entry, { body: withPart({ clientData: '_' }) })],
      ['a key of no kind', forged(entry, { body: withPart({ key: { kty: 'EC' } as unknown as PublicKey }) })],
      [
        'no act',
        forged(entry, { body: ({ signature }) => ({ type: 'ResolutionOpened', signature }) as Signed<Event> }),
      ],
    ];
    for (const [what, each] of forgeries) {
      expect([what, verify([...before, each])]).toMatchObject([what, { whole: true }]);
      expect([what, ...(await both(each))]).toEqual([what, false, false]);
    }
  });

  test('does not fit what was signed for another case, elsewhere, or by whoever did not prove who they are', async () => {
    for (const how of [{ meanwhile: { room: 'another' } }, { proved: false }]) {
      expect(await both(signedBy(new Device(), how))).toEqual([false, false]);
    }
    const entry = signedBy(new Device());
    const elsewhere = signedBy(new Device(), { at: 'https://candour.example.com' }).body?.signature;
    const mixed = forged(entry, { body: withPart({ clientData: elsewhere?.clientData ?? '' }) });
    expect(await both(mixed)).toEqual([false, false]);
  });

  test('is never said to be wrong where this machine cannot check it, unless it was made of something else', async () => {
    const entry = signedBy(new Device());
    const other = forged(entry, { actor: priya });
    const { subtle } = crypto;
    const importKey = () => Promise.reject(new DOMException('No such kind', 'NotSupportedError'));
    for (const able of [{}, { subtle: { importKey } }]) {
      vi.stubGlobal('crypto', able);
      expect([await fits(entry), await fits(other)]).toEqual(['unable', false]);
      expect(await signaturesIn([...before, entry])).toEqual({ fitting: [], wrong: [], unchecked: [entry.seq] });
      expect(await signaturesIn([...before, other])).toMatchObject({ wrong: [other.seq], unchecked: [] });
    }
    vi.stubGlobal('crypto', { subtle });
    expect(await signaturesIn([...before, entry])).toMatchObject({ fitting: [entry.seq], unchecked: [] });
    vi.unstubAllGlobals();
  });

  test('is asked for of nothing that bears none, or is withheld', async () => {
    expect(await both(head)).toEqual([null, null]);
    expect(await both({ ...signedBy(new Device()), body: null, salt: null })).toEqual([null, null]);
  });
});
