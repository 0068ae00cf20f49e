/** Sets up a partnership from a file: its agencies, its people and each one's own room. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inArray, sql } from 'drizzle-orm';
import { firstArrangements } from '#schema/arrangements.ts';
import { fieldErrors } from '#schema/fields.ts';
import { newId, type PartnershipId, type PersonId } from '#schema/id.ts';
import { firstPrev } from '#schema/ledger.ts';
import { partnershipSetUp, type Contact, type PartnershipSetUp } from '#schema/partnership.ts';
import { agency, arrangements, membership, partnership, person, room } from '#schema/tables/index.ts';
import { ensurePasswordsWork, hashPassword } from './auth/password.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { addPerson } from './person.ts';
import { openStore, type Database } from './store.ts';

/** A person who was set up, with the password to hand over in person. */
export type NewPerson = { person: PersonId; name: string; email: string; password: string };

/**
 * Creates a partnership and everyone in it. Passwords are made here unless one is given for all
 * (the practice partnership). Throws when an agency is not named in the file or an address is taken.
 */
export async function setUpPartnership(
  db: Database,
  setUp: PartnershipSetUp,
  options: { practice: boolean; password?: string },
): Promise<{ partnership: PartnershipId; people: NewPerson[] }> {
  const id = newId();
  const people: (NewPerson & { hash: string; agency: string; role: PartnershipSetUp['people'][number]['role'] })[] = [];
  const taken = await takenAddresses(db, setUp);
  if (taken.length > 0) {
    throw new Error(
      `Each person signs in with an address of their own, and these are taken: ${taken.join(', ')}. ` +
        'Give other ones. If this partnership was set up before, there is nothing more to do.',
    );
  }
  // Slow by intent; a password that all share is hashed once.
  const shared = options.password === undefined ? null : await hashOf(options.password);
  for (const { name, email, agency, role } of setUp.people) {
    const password = options.password ?? randomBytes(12).toString('base64url');
    people.push({
      person: newId(),
      name,
      email: email.toLowerCase(),
      password,
      hash: shared ?? (await hashOf(password)),
      agency,
      role,
    });
  }
  await db.transaction(async (tx) => {
    await tx.insert(partnership).values({ id, name: setUp.name, contact: setUp.contact, practice: options.practice });
    const agencies = setUp.agencies.map(({ kind, name }) => ({ id: newId(), partnership: id, kind, name }));
    await tx.insert(agency).values(agencies);
    await tx
      .insert(arrangements)
      .values({ partnership: id, version: firstArrangements.version, content: firstArrangements });
    // The business unit's own room: what it changes is on its record.
    await tx.insert(room).values({ id: newId(), partnership: id, kind: 'partnership', owner: id, headHash: firstPrev });
    for (const each of people) {
      const found = agencies.find(({ name }) => name === each.agency);
      if (!found) throw new Error(`${each.name} belongs to "${each.agency}", which is not in the list of agencies.`);
      await addPerson(tx, id, { id: each.person, name: each.name, email: each.email, passwordHash: each.hash });
      await tx
        .insert(membership)
        .values({ id: newId(), person: each.person, partnership: id, agency: found.id, role: each.role });
    }
  });
  return {
    partnership: id,
    people: people.map(({ person, name, email, password }) => ({ person, name, email, password })),
  };
}

/** Addresses that somebody signs in with already, or that two of these people would. */
async function takenAddresses(db: Database, { people }: PartnershipSetUp): Promise<string[]> {
  const addresses = people.map(({ email }) => email.toLowerCase());
  const twice = addresses.filter((address, index) => addresses.indexOf(address) < index);
  const known = await db.select({ email: person.email }).from(person).where(inArray(person.email, addresses));
  return [...new Set([...twice, ...known.map(({ email }) => email)])];
}

/** One at a time, before anybody can sign in: the queue is its own. */
async function hashOf(password: string): Promise<string> {
  const hashed = await hashPassword(password);
  if (hashed === 'busy') throw new Error('Too many passwords wait to be worked out. Set up again.');
  return hashed.hash;
}

/** What the service is, before anybody signs in. */
export async function serviceOf(
  db: Database,
): Promise<{ setUp: boolean; partnership: string | null; contact: Contact | null }> {
  const [found] = await db
    .select({ name: partnership.name, contact: partnership.contact })
    .from(partnership)
    .orderBy(partnership.at)
    .limit(1);
  return { setUp: Boolean(found), partnership: found?.name ?? null, contact: found?.contact ?? null };
}

/** Whether anybody has been set up. */
export async function isEmpty(db: Database): Promise<boolean> {
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(partnership);
  return row?.count === 0;
}

/** `npm run set-up -- partnership.json` */
async function main(file: string | undefined): Promise<void> {
  if (!file) throw new Error('Name the file: npm run set-up -- partnership.json. README.md shows what it holds.');
  const parsed = partnershipSetUp.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) {
    const problems = Object.entries(fieldErrors(parsed.error)).map(([field, words]) => `  ${field}: ${words}`);
    throw new Error(`${file} needs mending:\n${problems.join('\n')}`);
  }
  const config = readConfig(process.env);
  await ensurePasswordsWork();
  const store = await openStore({
    databaseUrl: config.databaseUrl,
    folder: config.folder,
    log: createLog('warn'),
  });
  try {
    const { people } = await setUpPartnership(store.db, parsed.data, { practice: false });
    console.log(`${parsed.data.name} is set up. Hand each person their password in person; it is not shown again.\n`);
    for (const { name, email, password } of people) console.log(`${name}  ${email}  ${password}`);
  } finally {
    await store.close();
  }
}

if (import.meta.main) {
  await main(process.argv[2]).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
