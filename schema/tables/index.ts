/** The tables, for the server only. One PostgreSQL schema for PGlite and for a live service. */
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core';
import type { Actor, Cover } from '../actor.ts';
import type { AgencyKind, Role } from '../agency.ts';
import type { Arrangements } from '../arrangements.ts';
import type { Capability } from '../case.ts';
import type { ClockCommand } from '../command.ts';
import type { Event, EventType } from '../event.ts';
import type { Contact } from '../partnership.ts';
import type { RegisterRow } from '../register.ts';
import type { RoomKind } from '../room.ts';
import type { PublicKey, Signed } from '../signature.ts';
import type { AnnounceChoice, MailChoice, MailState, NoticeWhy } from '../notice.ts';
import type { Need } from '../work.ts';

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
/** Microseconds are kept, so that entries of one transaction keep their order in time. */
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 6, mode: 'string' });

export const partnership = pgTable('partnership', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  contact: jsonb('contact').$type<Contact>().notNull(),
  /** A rehearsal partnership with invented people, who may be signed in with one press. */
  practice: boolean('practice').notNull().default(false),
  at: moment('at').notNull().defaultNow(),
});

/** What the partnership has agreed, version by version. Insert only: an earlier version is what old cases stand on. */
export const arrangements = pgTable(
  'arrangements',
  {
    partnership: text('partnership_id')
      .notNull()
      .references(() => partnership.id),
    version: integer('version').notNull(),
    content: jsonb('content').$type<Arrangements>().notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.partnership, table.version] })],
);

export const agency = pgTable('agency', {
  id: text('id').primaryKey(),
  partnership: text('partnership_id')
    .notNull()
    .references(() => partnership.id),
  kind: text('kind').$type<AgencyKind>().notNull(),
  name: text('name').notNull(),
});

export const person = pgTable('person', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  passwordHash: text('password_hash').notNull(),
  disabledAt: moment('disabled_at'),
});

/** What a person may act as: one person may serve in several partnerships. */
export const membership = pgTable(
  'membership',
  {
    id: text('id').primaryKey(),
    person: text('person_id')
      .notNull()
      .references(() => person.id),
    partnership: text('partnership_id')
      .notNull()
      .references(() => partnership.id),
    agency: text('agency_id')
      .notNull()
      .references(() => agency.id),
    role: text('role').$type<Role>().notNull(),
    since: moment('since').notNull().defaultNow(),
    until: moment('until'),
  },
  (table) => [index('membership_person').on(table.person)],
);

/** Acting cover: whose role a person may act in, on which days in London. What follows from the partnership's record. */
export const cover = pgTable(
  'cover',
  {
    id: text('id').primaryKey(),
    partnership: text('partnership_id')
      .notNull()
      .references(() => partnership.id),
    person: text('person_id')
      .notNull()
      .references(() => person.id),
    for: text('for_id')
      .notNull()
      .references(() => person.id),
    agency: text('agency_id')
      .notNull()
      .references(() => agency.id),
    role: text('role').$type<Cover['role']>().notNull(),
    from: text('from_day').notNull(),
    until: text('until_day').notNull(),
    authorisedBy: text('authorised_by').notNull(),
    endedAt: moment('ended_at'),
  },
  (table) => [index('cover_person').on(table.person)],
);

/** lucia's table. The id is the SHA-256 of the token: the table is useless to a thief. */
export const session = pgTable(
  'session',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => person.id),
    /** When it ends unless its person does something until then. */
    expiresAt: timestamp('expires_at', { withTimezone: true, mode: 'date' }).notNull(),
    /** When it ends whatever its person does. */
    endsAt: timestamp('ends_at', { withTimezone: true, mode: 'date' }).notNull(),
    /** What a passkey that is being added must answer, once. */
    challenge: text('challenge'),
  },
  (table) => [index('session_user').on(table.userId)],
);

/** Passkeys in use: what follows from the partnership's record, and how often each device says it has signed. */
export const passkey = pgTable(
  'passkey',
  {
    /** As its device gave it, in base64url. */
    id: text('id').primaryKey(),
    person: text('person_id')
      .notNull()
      .references(() => person.id),
    label: text('label').notNull(),
    key: jsonb('key').$type<PublicKey>().notNull(),
    /** The same key as the device wrote it. */
    cose: bytes('cose').notNull(),
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: jsonb('transports').$type<string[]>().notNull(),
    /** The entry that added it, in the partnership's own room. */
    entrySeq: integer('entry_seq').notNull(),
    entryHash: text('entry_hash').notNull(),
    at: moment('at').notNull(),
  },
  (table) => [index('passkey_person').on(table.person)],
);

export const room = pgTable(
  'room',
  {
    id: text('id').primaryKey(),
    partnership: text('partnership_id')
      .notNull()
      .references(() => partnership.id),
    kind: text('kind').$type<RoomKind>().notNull(),
    /** The case this room belongs to; null for a person's own room. */
    case: text('case_id'),
    /** The case code, on the case's common room only. */
    ref: text('ref').unique(),
    /** The person or agency whose room it is, where it is somebody's. */
    owner: text('owner_id'),
    /** Rises when a backup was put back (`server/restored.ts`): a client on another epoch discards its copy (T18). */
    epoch: integer('epoch').notNull().default(1),
    /** Last entry of the record and its hash. Its row lock orders writers. */
    headSeq: integer('head_seq').notNull().default(0),
    headHash: text('head_hash').notNull(),
    /** Last row of the notes' log. */
    notesSeq: bigint('notes_seq', { mode: 'number' }).notNull().default(0),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [index('room_case').on(table.case), index('room_owner').on(table.owner)],
);

/** Who may do what in a room. No row, no room. */
export const roomMember = pgTable(
  'room_member',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    person: text('person_id')
      .notNull()
      .references(() => person.id),
    capability: text('capability').$type<Capability>().notNull(),
    since: moment('since').notNull().defaultNow(),
    until: moment('until'),
  },
  (table) => [primaryKey({ columns: [table.room, table.person] }), index('room_member_person').on(table.person)],
);

/** The record. Insert only. Its two keys let no room have two entries of one number, or two that follow the same one. */
export const entry = pgTable(
  'entry',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    seq: integer('seq').notNull(),
    type: text('type').$type<EventType>().notNull(),
    /** The database's time as it was hashed, `2026-10-06T13:14:15.123456Z`: text, so that no driver reshapes it. */
    at: text('at').notNull(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    command: text('command_id').notNull(),
    commitment: text('commitment').notNull(),
    prev: text('prev').notNull(),
    hash: text('hash').notNull(),
    salt: text('salt'),
    body: jsonb('body').$type<Signed<Event>>(),
  },
  (table) => [primaryKey({ columns: [table.room, table.seq] }), unique('entry_one_head').on(table.room, table.prev)],
);

/** Commands that were carried out, so that sending one again gives the same reply and nothing more. */
export const command = pgTable('command', {
  id: text('id').primaryKey(),
  person: text('person_id').notNull(),
  room: text('room_id').notNull(),
  /** SHA-256 of the canonical command: the same id with other words is refused. */
  fingerprint: text('fingerprint').notNull(),
  /** First and last entry it caused in its room. */
  firstSeq: integer('first_seq').notNull(),
  lastSeq: integer('last_seq').notNull(),
  at: moment('at').notNull().defaultNow(),
});

/**
 * The notes' log. Insert only; the truth from which every copy is rebuilt. That its room is there the
 * append itself makes sure of, by changing the room's row in the same statement: asking again for
 * each row as a foreign key cost a third of what PostgreSQL spends on a busy commit.
 */
export const roomUpdate = pgTable(
  'room_update',
  {
    room: text('room_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    person: text('person_id').notNull(),
    connection: text('connection_id').notNull(),
    at: moment('at').notNull().defaultNow(),
    /** Yjs updates in the order they came, each with its length before it (varUint). */
    updates: bytes('updates').notNull(),
  },
  (table) => [primaryKey({ columns: [table.room, table.seq] })],
);

/** Up to which row of the log each person has had a room's notes open: what changed since is what they have not seen. */
export const notesLook = pgTable(
  'notes_look',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    person: text('person_id')
      .notNull()
      .references(() => person.id),
    version: bigint('version', { mode: 'number' }).notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.room, table.person] })],
);

/**
 * Which rows of the notes' log nobody can read: the business unit is told. Never what they hold, and
 * not why: that is in the service's log.
 */
export const unreadableRow = pgTable(
  'unreadable_row',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    foundAt: moment('found_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.room, table.seq] })],
);

/** One merged update up to a row of the log: a cache that may be dropped and rebuilt. */
export const roomSnapshot = pgTable('room_snapshot', {
  room: text('room_id')
    .primaryKey()
    .references(() => room.id),
  upTo: bigint('up_to', { mode: 'number' }).notNull(),
  update: bytes('update').notNull(),
  at: moment('at').notNull().defaultNow(),
});

/** A Yjs clientID belongs to one person for ever (T2, T3). */
export const clientLease = pgTable(
  'client_lease',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    client: bigint('client_id', { mode: 'number' }).notNull(),
    person: text('person_id').notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.room, table.client] }),
    index('client_lease_person').on(table.room, table.person),
  ],
);

/** A form an agency has begun: seen by that agency alone, never part of the record. */
export const draft = pgTable(
  'draft',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    agency: text('agency_id')
      .notNull()
      .references(() => agency.id),
    form: text('form').notNull(),
    person: text('person_id').notNull(),
    at: moment('at').notNull().defaultNow(),
    /** JSON as text: a half-typed form may hold characters that jsonb refuses. */
    body: text('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.room, table.agency, table.form] })],
);

/** The bytes of a case's documents, in pieces. Inserted once; deleted only with the entry that says why. */
export const documentPiece = pgTable(
  'document_piece',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    document: text('document_id').notNull(),
    number: integer('number').notNull(),
    bytes: bytes('bytes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.room, table.document, table.number] })],
);

/** Projection: what each case asks of each person. Rebuilt for a case with each of its entries. */
export const workItem = pgTable(
  'work_item',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    person: text('person_id').notNull(),
    position: integer('position').notNull(),
    need: jsonb('need').$type<Need>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.room, table.person, table.position] }),
    index('work_item_person').on(table.person),
  ],
);

/**
 * Projection: what time will do in a room, and what it has done. A row that is done stays, so that
 * nothing happens twice. Rows still to come are worked out anew with each entry of the room.
 */
export const dueMoment = pgTable(
  'due_moment',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    kind: text('kind').notNull(),
    subject: text('subject').notNull(),
    at: moment('at').notNull(),
    /** What the service's clock sends then, where that is all there is to do. */
    command: jsonb('command').$type<ClockCommand>(),
    /** When it was done. */
    doneAt: moment('done_at'),
    /** How often it was tried in vain, and when it is tried again. */
    tries: integer('tries').notNull().default(0),
    againAt: moment('again_at'),
  },
  (table) => [primaryKey({ columns: [table.room, table.kind, table.subject] }), index('due_moment_at').on(table.at)],
);

/** The identity vault: a key for each case, wrapped by one that never stands in the database. */
export const vaultKey = pgTable('vault_key', {
  room: text('room_id')
    .primaryKey()
    .references(() => room.id),
  /** Which master key wraps it: a name, nothing of the key. */
  masterKey: text('master_key').notNull(),
  wrapped: bytes('wrapped').notNull(),
});

/** The identity vault: who the children of a case are, sealed; the newest version stands. */
export const vaultIdentity = pgTable(
  'vault_identity',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    version: integer('version').notNull(),
    sealed: bytes('sealed').notNull(),
    person: text('person_id').notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.room, table.version] })],
);

/** The identity vault: keyed hashes by which the same child in two cases is noticed. */
export const vaultMark = pgTable(
  'vault_mark',
  {
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    mark: text('mark').notNull(),
  },
  (table) => [primaryKey({ columns: [table.room, table.mark] }), index('vault_mark_mark').on(table.mark)],
);

/** Projection: the register, one row a case. */
export const register = pgTable('register', {
  room: text('room_id')
    .primaryKey()
    .references(() => room.id),
  partnership: text('partnership_id')
    .notNull()
    .references(() => partnership.id),
  row: jsonb('row').$type<RegisterRow>().notNull(),
});

/** Projection: sessions that are running, who is in the chair, and when they were last seen in the room. */
export const chairSeen = pgTable('chair_seen', {
  room: text('room_id')
    .primaryKey()
    .references(() => room.id),
  person: text('person_id').notNull(),
  at: moment('at').notNull().defaultNow(),
});

/** How a person wants to be told: nothing of a case. */
export const personSetting = pgTable('person_setting', {
  person: text('person_id')
    .primaryKey()
    .references(() => person.id),
  mail: text('mail').$type<MailChoice>().notNull().default('each'),
  announce: text('announce').$type<AnnounceChoice>().notNull().default('summaries'),
});

/** The outbox: one mail to one person, written before it is sent. It holds no case information. */
export const mail = pgTable(
  'mail',
  {
    id: text('id').primaryKey(),
    person: text('person_id')
      .notNull()
      .references(() => person.id),
    subject: text('subject').notNull(),
    body: text('body').notNull(),
    state: text('state').$type<MailState>().notNull(),
    /** What the carrier calls it, where its delivery can be asked after. */
    carried: text('carried_as'),
    tries: integer('tries').notNull().default(0),
    /** Nobody else sends or asks after it until then. */
    againAt: moment('again_at').notNull().defaultNow(),
    at: moment('at').notNull().defaultNow(),
    sentAt: moment('sent_at'),
    /** In the carrier's words, when it did not arrive. */
    problem: text('problem'),
  },
  (table) => [index('mail_state').on(table.state, table.againAt), index('mail_person').on(table.person)],
);

/** What a person is told: their inbox, and what the next mail is made from. Written with the entry that causes it. */
export const notice = pgTable(
  'notice',
  {
    id: text('id').primaryKey(),
    person: text('person_id')
      .notNull()
      .references(() => person.id),
    room: text('room_id')
      .notNull()
      .references(() => room.id),
    /** Opaque: the link in the mail says nothing of the case. */
    code: text('code').notNull().unique(),
    why: text('why').$type<NoticeWhy>().notNull(),
    need: jsonb('need').$type<Need>().notNull(),
    at: moment('at').notNull().defaultNow(),
    /** When it was put into a mail, or found to need none any more. */
    gatheredAt: moment('gathered_at'),
    mail: text('mail_id').references(() => mail.id),
    readAt: moment('read_at'),
    /** Names a reminder, so that it is written once whoever looks; null for what is newly asked. */
    mark: text('mark').unique(),
  },
  (table) => [index('notice_person').on(table.person, table.at), index('notice_gathered').on(table.gatheredAt)],
);
