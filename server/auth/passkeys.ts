/** Passkeys: added by whoever is signed in, in the partnership's record, with word to them and to the business unit. */
import {
  generateRegistrationOptions,
  verifyRegistrationResponse,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import {
  cose,
  COSEALG,
  decodeAttestationObject,
  decodeCredentialPublicKey,
  isoBase64URL,
} from '@simplewebauthn/server/helpers';
import { asc, eq } from 'drizzle-orm';
import type { Instant } from '#schema/calendar.ts';
import { mayAdminister } from '#schema/actor.ts';
import { newId, type CommandId, type PersonId } from '#schema/id.ts';
import { passkeyMail } from '#schema/notice.ts';
import { decidePasskey, signsFrom, type PasskeyCommand } from '#schema/passkey.ts';
import { isRefusal, type Refusal } from '#schema/refusal.ts';
import { publicKey, type PublicKey } from '#schema/signature.ts';
import { importKey } from '#schema/signing.ts';
import { mail, partnership, passkey, person, session } from '#schema/tables/index.ts';
import { partnershipRoom } from '../administration.ts';
import { lockCommand, remember, sentBefore, type Recorded, type Sender } from '../command.ts';
import { append, lockHead, type Folds } from '../ledger.ts';
import { told } from '../moment.ts';
import type { Database } from '../store.ts';
import { peopleOf } from './actor.ts';

/** What people's devices make, and what browsers can check: EdDSA, ES256, RS256. */
const algorithms = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256];

/** Who adds a passkey, in which session, at which address of the service. */
export type Adding = { sender: Sender; session: string; origin: string };
/** A passkey of one's own, and from when it signs. */
export type OwnPasskey = { passkey: string; label: string; added: Instant; signsFrom: Instant };

type Made = { passkey: string; key: PublicKey; cose: Uint8Array; counter: number; transports: string[] };

export function createPasskeys({ db, folds }: { db: Database; folds: Folds }) {
  /** What a device is asked to make: good for this session, once. */
  async function options({ sender: { actor }, session: of, origin }: Adding) {
    const [who] = await db.select({ email: person.email }).from(person).where(eq(person.id, actor.person));
    if (!who) throw new Error(`No person ${actor.person}`);
    const own = await ownPasskeys(db, actor.person);
    const made = await generateRegistrationOptions({
      rpName: 'Candour',
      rpID: new URL(origin).hostname,
      userName: who.email,
      userDisplayName: actor.name,
      userID: new TextEncoder().encode(actor.person),
      excludeCredentials: own.map(({ passkey: id }) => ({ id })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      supportedAlgorithmIDs: algorithms,
    });
    await db.update(session).set({ challenge: made.challenge }).where(eq(session.id, of));
    return made;
  }

  async function add(
    { id, label, response }: { id: CommandId; label: string; response: RegistrationResponseJSON },
    { sender, session: of, origin }: Adding,
  ): Promise<Recorded | Refusal> {
    const command = { type: 'AddPasskey', label } as const;
    return carryOut(
      { id, command },
      sender,
      async (tx) => {
        const [asked] = await tx.select({ challenge: session.challenge }).from(session).where(eq(session.id, of));
        await tx.update(session).set({ challenge: null }).where(eq(session.id, of));
        if (!asked?.challenge) return null;
        // Whatever cannot be read was not made by a device that was asked.
        return made(response, asked.challenge, origin).catch(() => null);
      },
      origin,
    );
  }

  async function carryOut(
    { id, command }: { id: CommandId; command: PasskeyCommand },
    sender: Sender,
    make: (tx: Database) => Promise<Made | null>,
    origin: string,
  ): Promise<Recorded | Refusal> {
    return db.transaction(async (tx) => {
      await lockCommand(tx, id);
      const room = await partnershipRoom(tx, sender.partnership.id);
      const before = await sentBefore(tx, id, room, command, sender);
      if (before) return before;
      const device = await make(tx);
      const head = await lockHead(tx, room);
      const { passkeys } = await folds.stateOf(tx, room);
      const events = decidePasskey(
        command,
        passkeys,
        sender.actor,
        device && { passkey: device.passkey, key: device.key },
      );
      if (isRefusal(events)) return events;
      const entries = await append(tx, head, events, sender.actor, id);
      for (const { body, seq, hash, at } of entries) {
        if (body?.type === 'PasskeyRemoved') await tx.delete(passkey).where(eq(passkey.id, body.passkey));
        if (body?.type !== 'PasskeyAdded' || !device) continue;
        const { cose, counter, transports } = device;
        const row = { cose, counter, transports, entrySeq: seq, entryHash: hash, at };
        await tx
          .insert(passkey)
          .values({ id: body.passkey, person: body.person, label: body.label, key: body.key, ...row });
        await tellOfPasskey(tx, sender, at, origin);
      }
      return remember(tx, id, room, command, sender, entries);
    });
  }

  return {
    options,
    add,
    remove: (id: CommandId, of: string, sender: Sender): Promise<Recorded | Refusal> =>
      carryOut({ id, command: { type: 'RemovePasskey', passkey: of } }, sender, async () => null, ''),
  };
}
export type Passkeys = ReturnType<typeof createPasskeys>;

/** This person's passkeys, oldest first. */
export async function ownPasskeys(db: Database, of: PersonId): Promise<OwnPasskey[]> {
  const rows = await db
    .select({ passkey: passkey.id, label: passkey.label, at: passkey.at })
    .from(passkey)
    .where(eq(passkey.person, of))
    .orderBy(asc(passkey.at));
  return rows.map(({ at, ...row }) => ({ ...row, added: told(at), signsFrom: signsFrom({ at: told(at) }) }));
}

/** What a device made, once it is proved to answer what it was asked, with a key that anyone can check; null where it does not. */
async function made(response: RegistrationResponseJSON, challenge: string, origin: string): Promise<Made | null> {
  if (bringsCertificates(response)) return null;
  const proved = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: new URL(origin).hostname,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  });
  if (!proved.verified) return null;
  const { id, publicKey: bytes, counter, transports = [] } = proved.registrationInfo.credential;
  if (id !== response.id) return null;
  const key = asKey(bytes);
  await importKey(key);
  return { passkey: id, key, cose: bytes, counter, transports };
}

/** Who made a device is not asked: the certificates that say so are long to read, and name addresses to look them up at. */
function bringsCertificates({ response }: RegistrationResponseJSON): boolean {
  const read = decodeAttestationObject(isoBase64URL.toBuffer(response.attestationObject));
  const format = read.get('fmt');
  return format !== 'none' && (format !== 'packed' || read.get('attStmt').get('x5c') !== undefined);
}

/** A key as RFC 7517 writes it, from how the device does (RFC 9053, section 7; RFC 8230, section 4). @throws where it is of no kind that was asked for. */
function asKey(bytes: Uint8Array<ArrayBuffer>): PublicKey {
  const read = decodeCredentialPublicKey(bytes);
  const part = (of: Uint8Array | undefined): string => Buffer.from(of ?? []).toString('base64url');
  const { x, y, n, e } = cose.COSEKEYS;
  if (cose.isCOSEPublicKeyEC2(read))
    return publicKey.parse({ kty: 'EC', crv: 'P-256', x: part(read.get(x)), y: part(read.get(y)) });
  if (cose.isCOSEPublicKeyOKP(read)) return publicKey.parse({ kty: 'OKP', crv: 'Ed25519', x: part(read.get(x)) });
  if (cose.isCOSEPublicKeyRSA(read)) return publicKey.parse({ kty: 'RSA', n: part(read.get(n)), e: part(read.get(e)) });
  throw new TypeError('A key of a kind that was not asked for');
}

/** Tells whoever added it, and the business unit: who did not can stop it before it signs anything (T25). */
async function tellOfPasskey(
  tx: Database,
  { actor, partnership: { id } }: Sender,
  at: Instant,
  origin: string,
): Promise<void> {
  const [of] = await tx.select({ contact: partnership.contact }).from(partnership).where(eq(partnership.id, id));
  if (!of) throw new Error(`No partnership ${id}`);
  const unit = (await peopleOf(tx, id)).filter((each) => mayAdminister(each) && each.person !== actor.person);
  const mails = [actor, ...unit].map(({ person: to }) => ({
    id: newId(),
    person: to,
    ...passkeyMail({ name: to === actor.person ? null : actor.name, at, origin, contact: of.contact }),
    state: 'waiting' as const,
    againAt: at,
    at,
  }));
  await tx.insert(mail).values(mails);
}
