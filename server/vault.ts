/** The identity vault: who the children are, sealed with keys of its own, apart from every record. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { and, desc, eq, inArray } from 'drizzle-orm';
import { childIdentities, isKnown, likenesses, type ChildIdentity } from '#schema/identity.ts';
import type { PersonId, RoomId } from '#schema/id.ts';
import { vaultIdentity, vaultKey, vaultMark } from '#schema/tables/index.ts';
import { cannotWrite } from './folder-lock.ts';
import { syncFolder } from './on-disk.ts';
import type { Database } from './store.ts';

export type Vault = ReturnType<typeof createVault>;

/**
 * `master` is 32 bytes that never stand in the database. Each case has a key of its own, wrapped by
 * one derived from `master`: destroying that row and the marks makes what is kept of the case
 * unreadable for good and leaves the case's record whole.
 */
export function createVault(master: Uint8Array) {
  const derived = (use: string) => Buffer.from(hkdfSync('sha256', master, '', `candour vault ${use}`, 32));
  const wrapping = derived('wrapping');
  const marking = derived('marking');
  /** Which master key a row needs: says nothing of the key itself. */
  const keyId = createHmac('sha256', derived('naming')).update('key').digest('hex').slice(0, 16);

  async function keyOf(tx: Database, room: RoomId): Promise<Buffer | null> {
    const [row] = await tx.select().from(vaultKey).where(eq(vaultKey.room, room));
    if (!row) return null;
    if (row.masterKey !== keyId) throw new Error('The vault was sealed with another key: set CANDOUR_VAULT_KEY to it.');
    return unseal(wrapping, row.wrapped, `vault_key ${room} ${keyId}`);
  }

  /** Keeps who the children of a case are, over what was kept before; in the caller's transaction. */
  async function keep(tx: Database, room: RoomId, children: readonly ChildIdentity[], by: PersonId): Promise<void> {
    if (!children.some(isKnown)) return;
    let key = await keyOf(tx, room);
    if (!key) {
      // A process with another key than the others must not begin a second set of names.
      await check(tx);
      key = randomBytes(32);
      const wrapped = seal(wrapping, key, `vault_key ${room} ${keyId}`);
      await tx.insert(vaultKey).values({ room, masterKey: keyId, wrapped });
    }
    const before = await latest(tx, room);
    const version = (before?.version ?? 0) + 1;
    const sealed = seal(key, Buffer.from(JSON.stringify(children)), `vault_identity ${room} ${version}`);
    await tx.insert(vaultIdentity).values({ room, version, sealed, person: by });
    await tx.delete(vaultMark).where(eq(vaultMark.room, room));
    const marks = marksOf(children);
    if (marks.length > 0) await tx.insert(vaultMark).values(marks.map((mark) => ({ room, mark })));
  }

  /** Who the children are, as last kept; empty where nothing is. Told to a person only for a reason on the record. */
  async function read(db: Database, room: RoomId): Promise<ChildIdentity[]> {
    const row = await latest(db, room);
    const key = row && (await keyOf(db, room));
    if (!key) return [];
    const opened = unseal(key, row.sealed, `vault_identity ${room} ${row.version}`);
    return childIdentities.parse(JSON.parse(opened.toString()));
  }

  /** Which of these rooms keep a child who is like one of `children`. Nothing is unsealed for it. */
  async function alike(
    db: Database,
    children: readonly ChildIdentity[],
    rooms: readonly RoomId[],
  ): Promise<Set<RoomId>> {
    const marks = marksOf(children);
    if (marks.length === 0 || rooms.length === 0) return new Set();
    const rows = await db
      .select({ room: vaultMark.room })
      .from(vaultMark)
      .where(and(inArray(vaultMark.mark, marks), inArray(vaultMark.room, [...rooms])));
    return new Set(rows.map(({ room }) => room));
  }

  /** Which of these rooms keep a child who is like one that `room` keeps. */
  async function alikeTo(db: Database, room: RoomId, rooms: readonly RoomId[]): Promise<Set<RoomId>> {
    if (rooms.length === 0) return new Set();
    const own = await db.select({ mark: vaultMark.mark }).from(vaultMark).where(eq(vaultMark.room, room));
    const marks = own.map(({ mark }) => mark);
    if (marks.length === 0) return new Set();
    const rows = await db
      .select({ room: vaultMark.room })
      .from(vaultMark)
      .where(and(inArray(vaultMark.mark, marks), inArray(vaultMark.room, [...rooms])));
    return new Set(rows.map((each) => each.room));
  }

  /** Throws where the database holds what this key cannot open: found at start, not when somebody needs it. */
  async function check(db: Database): Promise<void> {
    const [row] = await db.select().from(vaultKey).limit(1);
    if (row) await keyOf(db, row.room);
  }

  function marksOf(children: readonly ChildIdentity[]): string[] {
    const hashed = (text: string) => createHmac('sha256', marking).update(text).digest('hex');
    return [...new Set(children.flatMap(likenesses).map(hashed))];
  }

  return { keep, read, alike, alikeTo, check };
}

async function latest(db: Database, room: RoomId) {
  const [row] = await db
    .select()
    .from(vaultIdentity)
    .where(eq(vaultIdentity.room, room))
    .orderBy(desc(vaultIdentity.version))
    .limit(1);
  return row;
}

/** AES-256-GCM: 12 bytes of nonce, 16 of tag, then the ciphertext. `place` binds it to its row. */
function seal(key: Uint8Array, plain: Uint8Array, place: string): Uint8Array {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function unseal(key: Uint8Array, sealed: Uint8Array, place: string): Buffer {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(place));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
}

/**
 * The vault's key: from the environment, or a file in the data folder that is made at the first
 * start and that only the service's own user may read. Back the two up apart: whoever has the
 * database and the key has the names. Throws an Error whose message says what to do.
 */
export async function readVaultKey({ vaultKey: given, folder }: { vaultKey: string | null; folder: string }) {
  if (given) return Buffer.from(given, 'base64url');
  const path = join(folder, 'vault.key');
  if (!existsSync(path)) {
    await makeVaultKey(folder, path).catch((cause: unknown) => {
      throw cannotWrite(folder, cause);
    });
  }
  const key = Buffer.from(await readFile(path, 'utf8'), 'base64url');
  if (key.length !== 32) throw new Error(`${path} does not hold a key of 32 bytes. Put back the one from your backup.`);
  return key;
}

/**
 * Makes the key beside its place and gives it its name once it is whole and on disk: a process that
 * was killed halfway, or a full disk, leaves no half a key. Of several at once the first one's counts.
 */
async function makeVaultKey(folder: string, path: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeWhole(beside, randomBytes(32).toString('base64url'));
    await link(beside, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(beside, { force: true });
  }
  syncFolder(folder);
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
