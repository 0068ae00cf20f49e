/** Checks that a person's own passkey signed an act, before it is recorded with what anyone needs to check it again. */
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { and, eq } from 'drizzle-orm';
import type { Instant } from '#schema/calendar.ts';
import { signsFrom } from '#schema/passkey.ts';
import { refuse, type Refusal } from '#schema/refusal.ts';
import type { Assertion, Signature } from '#schema/signature.ts';
import { challengeOf, type Statement } from '#schema/signing.ts';
import { entry, passkey } from '#schema/tables/index.ts';
import { told } from '../moment.ts';
import type { Database } from '../store.ts';

/**
 * The signature as the record keeps it. `origins` are where people reach the service: what was signed
 * anywhere else is refused, as is a passkey that is not this person's, or too new, and a record that they
 * cannot have read.
 */
export async function signatureOf(
  tx: Database,
  assertion: Assertion,
  statement: Statement,
  { origins, now }: { origins: ReadonlySet<string>; now: Instant },
): Promise<Signature | Refusal> {
  const [found] = await tx
    .select()
    .from(passkey)
    .where(and(eq(passkey.id, assertion.passkey), eq(passkey.person, statement.person)))
    .for('update');
  if (!found) return refuse('NoSuchPasskey');
  const added = told(found.at);
  const from = signsFrom({ at: added });
  if (Date.parse(now) < Date.parse(from)) return refuse('PasskeyTooNew', { from });
  const { seq, hash } = assertion.read;
  const [read] = await tx
    .select({ seq: entry.seq })
    .from(entry)
    .where(and(eq(entry.room, statement.room), eq(entry.seq, seq), eq(entry.hash, hash)));
  const counter = read && (await signed(assertion, statement, found, origins));
  if (counter === undefined) return refuse('NotWhatWasSigned');
  await tx.update(passkey).set({ counter }).where(eq(passkey.id, found.id));
  const { key, label, entrySeq, entryHash } = found;
  return { ...assertion, key, label, added, enrolled: { seq: entrySeq, hash: entryHash } };
}

/** How often the device says it has signed, or undefined where it did not sign this. */
async function signed(
  { passkey: id, authenticatorData, clientData, signature }: Assertion,
  statement: Statement,
  { cose, counter, transports }: Pick<typeof passkey.$inferSelect, 'cose' | 'counter' | 'transports'>,
  origins: ReadonlySet<string>,
): Promise<number | undefined> {
  const response = { authenticatorData, clientDataJSON: clientData, signature };
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response },
    expectedChallenge: challengeOf(statement),
    expectedOrigin: [...origins],
    expectedRPID: [...origins].map((origin) => new URL(origin).hostname),
    credential: { id, publicKey: new Uint8Array(cose), counter, transports },
    requireUserVerification: true,
  }).catch(() => ({ verified: false, authenticationInfo: null }));
  return verified ? authenticationInfo?.newCounter : undefined;
}
