/** The vault's doors: who the children are is told for a reason on the record; likely duplicates only to who is on both. */
import type { AlikeRequest, KeepIdentityRequest } from '#schema/command.ts';
import { alikeByRecord, readMinutes, refuseTooMany, type Alike, type ChildIdentity } from '#schema/identity.ts';
import type { CaseDetails } from '#schema/case.ts';
import type { PersonId, RoomId } from '#schema/id.ts';
import { isRefusal, refuse, type Refusal } from '#schema/refusal.ts';
import { hasCase } from '#schema/room.ts';
import { sentWithin, type Commands, type NoRoom, type Recorded, type Sender } from './command.ts';
import type { Folds } from './ledger.ts';
import { casesOf } from './query.ts';
import type { Database } from './store.ts';
import type { Vault } from './vault.ts';

type World = { db: Database; folds: Folds; commands: Commands; vault: Vault };

export function createIdentity({ db, folds, commands, vault }: World) {
  /** Records the reason first, and only then opens the vault: nobody reads unrecorded. */
  async function read(
    room: RoomId,
    { id, command }: Parameters<Commands['carryOut']>[1] & { command: { type: 'ReadIdentity' } },
    sender: Sender,
  ): Promise<(Recorded & { children: ChildIdentity[] }) | Refusal | NoRoom> {
    const recorded = await commands.carryOut(room, { id, command }, sender);
    if ('noRoom' in recorded || isRefusal(recorded)) return recorded;
    // An answer that was lost may be asked for again; an old reason is none for today.
    if (!(await sentWithin(db, id, readMinutes))) return refuse('CommandIdReused');
    return { ...recorded, children: await vault.read(db, room) };
  }

  /** Keeps what is newly known of the children; that it was kept, and why, is recorded with it or not at all. */
  async function keep(
    room: RoomId,
    { id, command, identities }: KeepIdentityRequest,
    sender: Sender,
  ): Promise<Recorded | Refusal | NoRoom> {
    const state = await folds.stateOf(db, room);
    const tooMany = hasCase(state) ? refuseTooMany(identities, state.case) : null;
    if (tooMany) return tooMany;
    return commands.carryOut(room, { id, command }, sender, (tx) =>
      vault.keep(tx, room, identities, sender.actor.person),
    );
  }

  /** Before a case is opened: those that `person` is on and that may be the same. Of others nothing is told. */
  async function likely({ details, identities }: AlikeRequest, person: PersonId): Promise<Alike[]> {
    const cases = await casesOf(db, person);
    const rooms = cases.map(({ room }) => room);
    return compare(details, await vault.alike(db, identities, rooms), rooms);
  }

  /** For a case that is open: others that `person` is on too and that may be the same. The Chair is on every case. */
  async function likelyBeside(room: RoomId, person: PersonId): Promise<Alike[]> {
    const state = await folds.stateOf(db, room);
    if (!hasCase(state)) return [];
    const rooms = (await casesOf(db, person)).map((each) => each.room).filter((each) => each !== room);
    return compare(state.case.details, await vault.alikeTo(db, room, rooms), rooms);
  }

  async function compare(details: CaseDetails, marked: Set<RoomId>, rooms: readonly RoomId[]): Promise<Alike[]> {
    const found: Alike[] = [];
    for (const room of rooms) {
      const state = await folds.stateOf(db, room);
      if (!hasCase(state)) continue;
      const because = [
        ...(marked.has(room) ? (['same-child'] as const) : []),
        ...alikeByRecord(details, state.case.details),
      ];
      if (because.length > 0) found.push({ ref: state.case.ref, openedAt: state.case.openedAt, because });
    }
    return found;
  }

  return { read, keep, likely, likelyBeside };
}
