/**
 * What a signature binds, and how anyone checks it (feature M24). A passkey signs the hash of an act's own
 * words, with the case, the person, the command and how far they had read: so a signature fits no other
 * words, nobody else, no other case and no other record.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64URLStringToBuffer, bufferToBase64URLString } from '@simplewebauthn/browser';
import { z } from 'zod';
import type { RoomCommand } from './command.ts';
import type { Event, EventType } from './event.ts';
import type { CommandId, PersonId, RoomId } from './id.ts';
import { canonical, type Entry } from './ledger.ts';
import { asAsked } from './outcome.ts';
import type { PublicKey, Signature, Signed } from './signature.ts';

type CommandOf<Type> = Extract<RoomCommand, { type: Type }>;
type EventOf<Type> = Extract<Event, { type: Type }>;
type Words = Record<string, unknown>;
type Signable = { event: EventType; words: (act: object) => Words };

/** The words of an act that its person gave, under the names that its command and its event share. What they left empty is left out. */
function act<C extends RoomCommand['type'], E extends EventType>(
  command: C,
  event: E,
  fields: readonly (Exclude<keyof CommandOf<C> & keyof EventOf<E>, 'type'> & string)[],
  more: (act: object) => Words = () => ({}),
): [RoomCommand['type'], Signable] {
  const words = (given: object): Words => ({
    ...Object.fromEntries(
      Object.entries(given).filter(
        ([name, value]) => (fields as readonly string[]).includes(name) && value !== undefined && value !== '',
      ),
    ),
    ...more(given),
  });
  return [command, { event, words }];
}

/** An outcome's event names the agencies that its command knows by id, and leaves out what its answer does not ask. */
function outcomeWords(given: object): Words {
  const outcome = given as Parameters<typeof asAsked>[0] & {
    actions: readonly { what: string; owner: string | { agency: string }; by: string }[];
  };
  const actions = outcome.actions.map(({ owner, ...action }) => ({
    ...action,
    owner: typeof owner === 'string' ? owner : owner.agency,
  }));
  return { ...asAsked(outcome), actions };
}

/** The acts by which somebody answers for their agency, decides or leads: each may be signed by whoever does it. */
const signable: ReadonlyMap<RoomCommand['type'], Signable> = new Map([
  act('SubmitPosition', 'PositionSubmitted', ['content', 'whatChanged']),
  act('OpenPositions', 'PositionsOpened', ['reason']),
  act('RecordDissent', 'DissentRecorded', ['content', 'decision']),
  act('AnswerDissent', 'DissentAnswered', ['dissent', 'response']),
  act('ReviewDissent', 'DissentReviewed', ['dissent', 'standing', 'reason']),
  act('RequestResolution', 'ResolutionRequested', ['question', 'tried', 'stage', 'urgentReason']),
  act(
    'RecordOutcome',
    'OutcomeRecorded',
    ['stage', 'outcome', 'commonGround', 'pointsAtIssue', 'wentOnBecause'],
    outcomeWords,
  ),
  act('GiveLeadView', 'LeadViewGiven', ['view', 'reason']),
  act('SignDecision', 'DecisionSigned', ['content']),
  act('DeferDecision', 'DecisionDeferred', ['decideBy', 'waitingFor']),
  act('LookAgain', 'DecisionLookedAt', ['reason', 'next', 'reputation']),
  act('ReopenDecision', 'DecisionReopened', ['reason']),
  act('ReopenCase', 'CaseReopened', ['evidence', 'knownOn', 'knownBy', 'awareOn']),
  act('HandOver', 'HandedOver', ['authority', 'spokenTo', 'on', 'reference']),
  act('TakeBack', 'TakenBack', ['reason']),
  act('RequestRationale', 'RationaleRequested', ['grounds', 'due', 'decision']),
  act('AnswerRationaleRequest', 'RationaleRequestAnswered', ['request', 'answer', 'words']),
  act('RecordNotification', 'NotificationRecorded', ['sentOn', 'sentAt', 'reference', 'sentBy']),
  act('EndNotification', 'NotificationEnded', ['how', 'on', 'reason', 'to']),
  act('GiveReturn', 'ReturnGiven', ['involvement', 'keyPractice', 'learning']),
  act('GiveSufficiency', 'SufficiencyGiven', ['view', 'reason', 'national', 'nationalReason']),
  act('SignRapidReview', 'RapidReviewSigned', ['dissent']),
  act('GiveReviewView', 'ReviewViewGiven', ['matrix', 'view', 'reason']),
]);
const byEvent = new Map([...signable.values()].map((each) => [each.event, each]));

const signableOf = (type: string): Signable | undefined => signable.get(type as RoomCommand['type']);

/** Whether a command is an act that its person may sign. */
export function isSignable(type: string): boolean {
  return signableOf(type) !== undefined;
}

/** Everything that a signature binds. Its hash is what the passkey is asked to sign. */
export type Statement = {
  what: 'An act in Candour';
  room: RoomId;
  person: PersonId;
  command: CommandId;
  act: EventType;
  words: Words;
  read: { seq: number; hash: string };
};

/** What is signed of a command, as its parser has it. @throws where it is no act that may be signed. */
export function statementOf(
  command: RoomCommand,
  { room, person, id, read }: { room: RoomId; person: PersonId; id: CommandId; read: Statement['read'] },
): Statement {
  const found = signable.get(command.type);
  if (!found) throw new TypeError(`${command.type} is not signed`);
  return binding(found, command, { room, person, command: id, read });
}

/** The same, as the record has it: null where an entry is withheld, bears no signature, or is no act that may be signed. */
export function statementIn({ room, actor, command, body }: Borne): Statement | null {
  const found = body?.signature && byEvent.get(body.type);
  if (!body?.signature || !found) return null;
  return binding(found, body, { room, person: actor.person, command, read: body.signature.read });
}

function binding(
  { event, words }: Signable,
  act: object,
  of: Pick<Statement, 'room' | 'person' | 'command' | 'read'>,
): Statement {
  return { what: 'An act in Candour', ...of, act: event, words: words(act) };
}

/** SHA-256 of the canonical statement, in base64url: what the passkey is challenged with. */
export function challengeOf(statement: Statement): string {
  return bufferToBase64URLString(sha256(utf8ToBytes(canonical(statement))).buffer);
}

/** The events of a signed command: the act's own bears the signature, so that the two are bound, sealed and erased as one. */
export function withSignature(events: readonly Event[], type: string, signature: Signature | null): Signed<Event>[] {
  if (!signature) return [...events];
  const act = events.findIndex((event) => event.type === signableOf(type)?.event);
  return events.map((event, index) => (index === act ? { ...event, signature } : event));
}

const clientDataRead = z.object({
  type: z.literal('webauthn.get'),
  challenge: z.string(),
  origin: z.url(),
  crossOrigin: z.literal(false).optional(),
});

/** In a device's data: the hash of the site's name, then flags, of which a person was there (1) and proved who they are (4). */
const siteBytes = 32;
const thereAndProved = 0b101;

/** What a signature is found on, of an entry or of what is about to become one. */
type Borne = Pick<Entry, 'room' | 'actor' | 'command' | 'body'>;

/**
 * Whether an entry's signature fits its words, by its own key. `null` where it bears none, or is withheld; `unable` where
 * this machine cannot check signatures of the kind, as a browser at an address without https. Answers for whatever it is
 * handed: a broken signature does not fit, and is never an exception.
 */
export async function fits(entry: Borne): Promise<boolean | 'unable' | null> {
  if (!entry.body?.signature) return null;
  return isRight(entry, entry.body.signature).catch(() => false);
}

/** The entries that bear a signature, by whether it fits or could not be checked here, and by their sequence. */
export type Signatures = Readonly<Record<'fitting' | 'wrong' | 'unchecked', readonly number[]>>;

export async function signaturesIn(entries: readonly Entry[]): Promise<Signatures> {
  const found = { fitting: [] as number[], wrong: [] as number[], unchecked: [] as number[] };
  for (const entry of entries) {
    const fitting = await fits(entry);
    if (fitting === null) continue;
    const read = entry.body?.signature?.read;
    const stands = read !== undefined && entries[read.seq - 1]?.hash === read.hash && read.seq < entry.seq;
    const as = fitting === 'unable' ? 'unchecked' : 'fitting';
    found[fitting && stands ? as : 'wrong'].push(entry.seq);
  }
  return found;
}

async function isRight(
  entry: Borne,
  { authenticatorData, clientData, signature, key }: Signature,
): Promise<boolean | 'unable'> {
  const statement = statementIn(entry);
  if (!statement) return false;
  const [device, client] = [toBytes(authenticatorData), toBytes(clientData)];
  const { challenge, origin } = clientDataRead.parse(JSON.parse(new TextDecoder().decode(client)));
  if (challenge !== challengeOf(statement)) return false;
  const site = sha256(utf8ToBytes(new URL(origin).hostname));
  if (!site.every((byte, index) => byte === device[index])) return false;
  if (((device[siteBytes] ?? 0) & thereAndProved) !== thereAndProved) return false;
  const signed = new Uint8Array([...device, ...sha256(client)]);
  return verifies(key, toBytes(signature), signed);
}

const howChecked = {
  EC: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  OKP: { name: 'Ed25519' },
  RSA: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;

/** A key made ready to check signatures. @throws where it is no key of its kind. */
export function importKey(key: PublicKey): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', key, howChecked[key.kty], false, ['verify']);
}

async function verifies(key: PublicKey, signature: Bytes, signed: Bytes): Promise<boolean | 'unable'> {
  const imported = await canCheck(key);
  if (!imported) return 'unable';
  const written = key.kty === 'EC' ? joined(signature) : signature;
  return crypto.subtle.verify(howChecked[key.kty], imported, written, signed);
}

/** Null where this machine checks no signatures, or none of this kind. */
async function canCheck(key: PublicKey): Promise<CryptoKey | null> {
  // A browser has it only where the address is one of this machine or begins with https.
  if (!(globalThis.crypto as Partial<Crypto>).subtle) return null;
  return importKey(key).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'NotSupportedError') return null;
    throw error;
  });
}

type Bytes = Uint8Array<ArrayBuffer>;

function toBytes(text: string): Bytes {
  return new Uint8Array(base64URLStringToBuffer(text));
}

/** A P-256 signature as two numbers side by side, as the browser checks it; a passkey writes them in DER, each with its length. */
function joined(der: Bytes): Bytes {
  const both = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const number = der.slice(at + 2, at + 2 + length).slice(-32);
    both.set(number, end - number.length);
    at += 2 + length;
  }
  return both;
}
