/** The one road in: read, decide, append, publish. */
import { eq, isNotNull, sql } from 'drizzle-orm';
import { serviceClock, type Actor } from '#schema/actor.ts';
import type { AdministrationCommand } from '#schema/administration.ts';
import { holidaysOf } from '#schema/arrangements.ts';
import { dayOf, holidaysByDay } from '#schema/calendar.ts';
import { capabilityOf, includes, type PersonOnCase } from '#schema/case.ts';
import type { ClockCommand, Command, CommandRequest, OpenCaseRequest } from '#schema/command.ts';
import type { AddDocument } from '#schema/document.ts';
import type { Event } from '#schema/event.ts';
import type { Facts } from '#schema/facts.ts';
import { newCaseRef, newId, type CaseRef, type CommandId, type PartnershipId, type RoomId } from '#schema/id.ts';
import { refuseTooMany, type IdentityCommand } from '#schema/identity.ts';
import { canonical, firstPrev, hashText, type Entry } from '#schema/ledger.ts';
import { caseHeadings, type FrozenNotes } from '#schema/notes.ts';
import type { PasskeyCommand } from '#schema/passkey.ts';
import { isRefusal, refuse, type Refusal } from '#schema/refusal.ts';
import type { ScreeningCommand } from '#schema/screening.ts';
import { decideAs, emptyRoom, fold, hasCase, type CaseRoom } from '#schema/room.ts';
import type { Signature } from '#schema/signature.ts';
import { fits, isSignable, statementOf, withSignature } from '#schema/signing.ts';
import {
  command as commandTable,
  partnership as partnershipTable,
  room as roomTable,
  roomMember,
} from '#schema/tables/index.ts';
import { peopleTold } from '#schema/told.ts';
import { arrangementsOf } from './arrangements.ts';
import { peopleOf } from './auth/actor.ts';
import { signatureOf } from './auth/signature.ts';
import type { Bus, Hint } from './bus.ts';
import { append, databaseNow, lockHead, type Folds, type Head, type Time } from './ledger.ts';
import { removeBytes } from './documents.ts';
import { projectCase } from './projection/case.ts';
import { roomOf, workRoomOf } from './rights.ts';
import { followBeside, openAgencyRooms } from './side-rooms.ts';
import type { Database } from './store.ts';
import type { Vault } from './vault.ts';

/** Who sends a command, and in which partnership they act. */
export type Sender = { actor: Actor; partnership: { id: PartnershipId; name: string } };
/** The entries a command caused in its room. */
export type Recorded = { firstSeq: number; lastSeq: number };
/** No such room for this person: the same whether it exists or not. */
export type NoRoom = { noRoom: true };

type World = {
  db: Database;
  bus: Bus;
  folds: Folds;
  vault: Vault;
  notesOf: (db: Database, room: RoomId) => Promise<FrozenNotes>;
  /** Writes the headings as the first words of a new case's notes. */
  seedNotes: (tx: Database, room: RoomId, person: string, headings: readonly string[]) => Promise<void>;
  /** Where people reach the service: acts are signed there and nowhere else. */
  origins: ReadonlySet<string>;
  /** Only a test gives another time than the database's. */
  time?: Time;
};

/** Acts that rest on the notes: what stood there is frozen into the record with them. */
const restsOnNotes: ReadonlySet<Command['type']> = new Set([
  'SubmitPosition',
  'SignDecision',
  'CallSession',
  'NameVersion',
]);

/** Acts whose words leave the partnership: who the children are is compared with them, and nothing of it is kept. */
const leavesUs: ReadonlySet<Command['type']> = new Set(['AskOutsideAdvice']);

export function createCommands({ db, bus, folds, vault, notesOf, seedNotes, origins, time = databaseNow }: World) {
  /** Carries out a command to a room its sender is admitted to. */
  async function carryOut(
    room: RoomId,
    request: CommandRequest | { id: CommandId; command: IdentityCommand | AddDocument },
    sender: Sender,
    /** What else is written once it is recorded, in the same transaction. */
    beside: (tx: Database) => Promise<void> = async () => undefined,
  ): Promise<Recorded | Refusal | NoRoom> {
    const { id, command } = request;
    const hints: Hint[] = [];
    const result = await db.transaction(async (tx) => {
      await lockCommand(tx, id);
      const right = await roomOf(tx, room, sender.actor.person);
      if (right?.kind !== 'case') return { noRoom: true } as const;
      const before = await sentBefore(tx, id, room, command, sender);
      if (before) return before;
      if (!includes(right.capability, 'comment')) return refuse('NotYourRole', { role: sender.actor.role });
      const head = await lockHead(tx, room);
      const signature = 'signature' in request ? await signatureBy(tx, room, request, sender.actor) : null;
      if (isRefusal(signature)) return signature;
      const recorded = await decideAndAppend(tx, head, { id, command, signature }, sender, hints);
      if (!isRefusal(recorded)) await beside(tx);
      return recorded;
    });
    for (const hint of hints) bus.publish(hint);
    return result;
  }

  /** Who signs an act may: refused where their passkey did not sign just this. */
  async function signatureBy(
    tx: Database,
    room: RoomId,
    { id, command, signature }: CommandRequest,
    { person }: Actor,
  ): Promise<Signature | Refusal | null> {
    if (!signature) return null;
    if (!isSignable(command.type)) return refuse('NotWhatWasSigned');
    const statement = statementOf(command, { room, person, id, read: signature.read });
    return signatureOf(tx, signature, statement, { origins, now: await time(tx) });
  }

  /**
   * Carries out what time asks for, in the service clock's name, by the same road. The transaction
   * is the worker's, which holds the room's head. What to publish once it is committed is added to `hints`.
   */
  async function carryOutByClock(
    tx: Database,
    head: Head,
    { id, command }: { id: CommandId; command: ClockCommand },
    hints: Hint[],
  ): Promise<Recorded | Refusal> {
    const [partnership] = await tx
      .select({ id: partnershipTable.id, name: partnershipTable.name })
      .from(roomTable)
      .innerJoin(partnershipTable, eq(partnershipTable.id, roomTable.partnership))
      .where(eq(roomTable.id, head.room));
    if (!partnership) throw new Error(`Room ${head.room} belongs to no partnership`);
    const sender = { actor: serviceClock, partnership };
    const before = await sentBefore(tx, id, head.room, command, sender);
    return before ?? decideAndAppend(tx, head, { id, command, signature: null }, sender, hints);
  }

  /** What every command comes to, once it is known that its sender may send it here. `head` is locked. */
  async function decideAndAppend(
    tx: Database,
    head: Head,
    { id, command, signature }: { id: CommandId; command: Command; signature: Signature | null },
    sender: Sender,
    hints: Hint[],
  ): Promise<Recorded | Refusal> {
    const { room } = head;
    const state = await folds.stateOf(tx, room);
    const decided = decideAs(command, state, sender.actor, {
      ...(await factsFor(tx, sender, time)),
      ...(restsOnNotes.has(command.type) ? { notes: await notesOf(tx, room) } : {}),
      ...(leavesUs.has(command.type) ? { children: await vault.read(tx, room) } : {}),
      newRoom: newId(),
    });
    if (isRefusal(decided)) return decided;
    const { events, by } = decided;
    const signed = withSignature(events, command.type, signature);
    // As everybody will check it: what a rule changed of the words, or only this service would let pass, is not recorded as signed.
    const act = signature && signed.find((event) => event.signature);
    if (act !== null && !(act && (await fits({ room, actor: by, command: id, body: act })) === true)) {
      return refuse('NotWhatWasSigned');
    }
    const entries = await append(tx, head, signed, by, id, time);
    await removeBytes(tx, room, events);
    const after = fold(entries, state);
    hints.push({ kind: 'entries', room, seq: after.seq });
    const told = events.flatMap(peopleTold);
    if (told.length > 0) await admit(tx, room, told);
    if (hasCase(after)) {
      if (told.length > 0) hints.push(...(await tellEach(tx, told, { ref: after.case.ref, room }, sender.actor, id)));
      await followBeside(tx, { room, by: sender.actor, command: id, time }, command, entries, after);
      await projectCase(tx, room, sender.partnership.id, after, sender.actor.person);
      hints.push({ kind: 'work', people: after.case.people.map(({ person }) => person) });
      const off = events.flatMap((event) => (event.type === 'ColleagueTakenOff' ? [event.person] : []));
      if (off.length > 0) hints.push({ kind: 'rights' }, { kind: 'work', people: off });
      hints.push(...closedRooms(events, after).map((closed): Hint => ({ kind: 'rights', room: closed })));
    }
    return remember(tx, id, room, command, sender, entries);
  }

  /** Opens a case: its common room, its people in the order the rule asks for, its notes and their headings. */
  async function openCase(
    { id, command, identities = [] }: Omit<OpenCaseRequest, 'identities'> & Partial<OpenCaseRequest>,
    sender: Sender,
  ): Promise<{ ref: CaseRef; room: RoomId } | Refusal> {
    const hints: Hint[] = [];
    const result = await db.transaction(async (tx) => {
      await lockCommand(tx, id);
      const opened = await openedBefore(tx, id, command, sender);
      if (opened) return opened;
      const facts = await factsFor(tx, sender, time);
      const newCase = { id: newId(), room: newId(), ref: await unusedRef(tx, Number(facts.today.slice(0, 4))) };
      const decided = decideAs(command, emptyRoom, sender.actor, { ...facts, newCase });
      if (isRefusal(decided)) return decided;
      const { events, by } = decided;
      const tooMany = refuseTooMany(identities, command);
      if (tooMany) return tooMany;
      const { room, ref } = newCase;
      const partnership = sender.partnership.id;
      await tx
        .insert(roomTable)
        .values({ id: room, partnership, kind: 'case', case: newCase.id, ref, headHash: firstPrev });
      const entries = await append(tx, { room, seq: 0, hash: firstPrev }, events, by, id, time);
      const told = events.flatMap(peopleTold);
      await admit(tx, room, told);
      const worked = await tellEach(tx, told, { ref, room }, sender.actor, id);
      const state = fold(entries);
      if (hasCase(state)) await projectCase(tx, room, partnership, state, sender.actor.person);
      await seedNotes(
        tx,
        room,
        sender.actor.person,
        caseHeadings.map(({ title }) => title),
      );
      const beside = { partnership, case: newCase.id, ref, by: sender.actor, command: id, time };
      await openAgencyRooms(tx, beside, told, seedNotes);
      await vault.keep(tx, room, identities, sender.actor.person);
      await remember(tx, id, room, command, sender, entries);
      hints.push(...worked, { kind: 'work', people: told.map(({ person }) => person) });
      return { ref, room };
    });
    for (const hint of hints) bus.publish(hint);
    return result;
  }

  return { carryOut, carryOutByClock, openCase };
}
export type Commands = ReturnType<typeof createCommands>;

async function factsFor(tx: Database, sender: Sender, time: Time): Promise<Facts> {
  const now = await time(tx);
  const today = dayOf(now);
  const { id, name } = sender.partnership;
  const arrangements = await arrangementsOf(tx, id, today);
  return {
    now,
    today,
    holidays: holidaysByDay(holidaysOf(arrangements)),
    partnership: { name, people: await peopleOf(tx, id), arrangements },
  };
}

/** A command to a room of any kind. */
type AnyCommand = Command | AdministrationCommand | ScreeningCommand | PasskeyCommand;

/** Two sendings of one command wait for each other, so that the second sees what the first did. */
export async function lockCommand(tx: Database, id: CommandId): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`);
}

export async function sentBefore(
  tx: Database,
  id: CommandId,
  room: RoomId,
  command: AnyCommand,
  sender: Sender,
): Promise<Recorded | Refusal | null> {
  const [row] = await tx.select().from(commandTable).where(eq(commandTable.id, id));
  if (!row) return null;
  const same = row.person === sender.actor.person && row.room === room && row.fingerprint === fingerprint(command);
  return same ? { firstSeq: row.firstSeq, lastSeq: row.lastSeq } : refuse('CommandIdReused');
}

/** Whether this command was carried out in the last so many minutes. */
export async function sentWithin(db: Database, id: CommandId, minutes: number): Promise<boolean> {
  const [sent] = await db.select({ at: commandTable.at }).from(commandTable).where(eq(commandTable.id, id));
  const now = await databaseNow(db);
  return sent !== undefined && Date.parse(now) - Date.parse(sent.at) < minutes * 60_000;
}

async function openedBefore(
  tx: Database,
  id: CommandId,
  command: Command,
  sender: Sender,
): Promise<{ ref: CaseRef; room: RoomId } | Refusal | null> {
  const [row] = await tx
    .select({
      person: commandTable.person,
      fingerprint: commandTable.fingerprint,
      room: roomTable.id,
      ref: roomTable.ref,
    })
    .from(commandTable)
    .innerJoin(roomTable, eq(roomTable.id, commandTable.room))
    .where(eq(commandTable.id, id));
  if (!row) return null;
  const same = row.person === sender.actor.person && row.fingerprint === fingerprint(command);
  return same && row.ref ? { ref: row.ref, room: row.room } : refuse('CommandIdReused');
}

export async function remember(
  tx: Database,
  id: CommandId,
  room: RoomId,
  command: AnyCommand,
  sender: Sender,
  entries: readonly Entry[],
): Promise<Recorded> {
  const recorded = { firstSeq: entries[0]?.seq ?? 0, lastSeq: entries.at(-1)?.seq ?? 0 };
  await tx
    .insert(commandTable)
    .values({ id, room, person: sender.actor.person, fingerprint: fingerprint(command), ...recorded });
  return recorded;
}

function fingerprint(command: AnyCommand): string {
  return hashText(canonical(command));
}

async function unusedRef(tx: Database, year: number): Promise<CaseRef> {
  for (let tries = 0; tries < 100; tries += 1) {
    const ref = newCaseRef(year);
    const [taken] = await tx.select({ id: roomTable.id }).from(roomTable).where(eq(roomTable.ref, ref));
    if (!taken) return ref;
  }
  throw new Error(`No case code was free for ${year}`);
}

/** Rooms beside the case in which nothing more may be written after these events. */
function closedRooms(events: readonly Event[], { privateSessions }: CaseRoom): RoomId[] {
  return events.flatMap((event) =>
    event.type === 'PrivateSessionClosed'
      ? privateSessions.filter(({ seq }) => seq === event.session).map(({ room }) => room)
      : [],
  );
}

/** Lets people in; whoever left comes back. */
async function admit(tx: Database, room: RoomId, people: readonly PersonOnCase[]): Promise<void> {
  await tx
    .insert(roomMember)
    .values(people.map((each) => ({ room, person: each.person, capability: capabilityOf(each) })))
    .onConflictDoUpdate({
      target: [roomMember.room, roomMember.person],
      set: { capability: sql`excluded.capability`, until: null },
      setWhere: isNotNull(roomMember.until),
    });
}

/** Records in each person's own room that they were told, the Chair's first. */
export async function tellEach(
  tx: Database,
  people: readonly PersonOnCase[],
  told: { ref: CaseRef; room: RoomId },
  by: Actor,
  id: CommandId,
): Promise<Hint[]> {
  // One after another: a transaction is one connection, which answers one question at a time.
  const rooms: RoomId[] = [];
  for (const { person } of people) rooms.push(await workRoomOf(tx, person));
  // Locked in the order of their ids, so that two cases opened at once cannot wait for each other.
  const heads = new Map<RoomId, Awaited<ReturnType<typeof lockHead>>>();
  for (const room of [...rooms].sort()) heads.set(room, await lockHead(tx, room));
  const hints: Hint[] = [];
  for (const room of rooms) {
    const head = heads.get(room);
    if (!head) throw new Error(`Room ${room} was not locked`);
    await append(tx, head, [{ type: 'ToldOfCase', ...told }], by, id);
    hints.push({ kind: 'entries', room, seq: head.seq + 1 });
  }
  return hints;
}
