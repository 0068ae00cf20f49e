/** Every route on one page: its path, who may, what it does. */
import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';
import { validator } from 'hono/validator';
import type { Logger } from 'pino';
import { z } from 'zod';
import { asThemselves, holds, screeningRead, type Actor } from '#schema/actor.ts';
import { administrationRequest } from '#schema/administration.ts';
import { arrangements as arrangementsParser, holidaysOf, type Arrangements } from '#schema/arrangements.ts';
import { calendarFile, calendarFiles } from '#schema/calendar-file.ts';
import { includes } from '#schema/case.ts';
import { chartersOf } from '#schema/charter.ts';
import { colleaguesOf, mayLetIn } from '#schema/colleague.ts';
import { bankHolidays } from '#schema/bank-holidays.ts';
import { dayOf, type Holiday } from '#schema/calendar.ts';
import {
  alikeRequest,
  commandRequest,
  keepIdentityRequest,
  openCaseRequest,
  readIdentityRequest,
} from '#schema/command.ts';
import { documentLimits, fileNameOf, held } from '#schema/document.ts';
import { fieldErrors, text } from '#schema/fields.ts';
import { id } from '#schema/id.ts';
import type { Entry } from '#schema/ledger.ts';
import type { Contact } from '#schema/partnership.ts';
import { personSettings } from '#schema/notice.ts';
import { addPasskey, removePasskey } from '#schema/passkey.ts';
import { limits } from '#schema/protocol.ts';
import { isRefusal, statusOf, type Refusal } from '#schema/refusal.ts';
import { administers, createAdministration } from './administration.ts';
import { screeningRequest } from '#schema/screening.ts';
import { createScreening } from './screening.ts';
import { createIdentity } from './identity.ts';
import type { Vault } from './vault.ts';
import { hasCase } from '#schema/room.ts';
import { asReadBy } from '#schema/sealing.ts';
import { comparisonAsked, momentAsked } from '#schema/version.ts';
import { arrangementsOf, versionsOf } from './arrangements.ts';
import { actorOf, peopleOf } from './auth/actor.ts';
import { clientAddress, type Proxies } from './auth/address.ts';
import { ownPasskeys, type Adding, type OwnPasskey, type Passkeys } from './auth/passkeys.ts';
import type { Lasts, Sessions } from './auth/sessions.ts';
import type { SignIn } from './auth/sign-in.ts';
import type { Bus } from './bus.ts';
import type { ChairWatch } from './chair-watch.ts';
import type { Commands, Sender } from './command.ts';
import { bytesOf, createDocuments } from './documents.ts';
import { databaseNow, entriesSince, headOf, type Folds } from './ledger.ts';
import { diskFullWords, isDiskFull } from './log.ts';
import { inboxOf, markRead, placeOf, practiceMail, saveSettings, settingsOf } from './notice/inbox.ts';
import { mailHeldUp } from './notice/held-up.ts';
import { undelivered } from './notice/undelivered.ts';
import { practicePeople } from './practice/northbeck.ts';
import { casesOf, draftForms, draftsFor, needsFor, registerFor, saveDraft, speakersOf } from './query.ts';
import { wouldRecount } from './recount.ts';
import { caseRoomOf, roomOf, workRoomOf, type RoomRight } from './rights.ts';
import { serviceOf } from './set-up.ts';
import type { Scanner } from './scanner.ts';
import { sideRoomsOf } from './side-rooms.ts';
import type { Database } from './store.ts';
import { Allowances } from './sync/allowance.ts';
import { keepLook, lastLook } from './sync/look.ts';
import type { Rooms } from './sync/rooms.ts';
import type { Versions } from './sync/versions.ts';

export type World = {
  db: Database;
  bus: Bus;
  sessions: Sessions;
  signIn: SignIn;
  passkeys: Passkeys;
  commands: Commands;
  folds: Folds;
  rooms: Rooms;
  versions: Pick<Versions, 'notesAt' | 'compare'>;
  vault: Vault;
  chairWatch: Pick<ChairWatch, 'seen'>;
  /** Null where none is set up: documents are then marked as not checked. */
  scanner: Scanner | null;
  /** Whose word is believed about whom they speak for. */
  proxies: Proxies;
  log: Logger;
  practice: boolean;
  /** `script-src` hashes of the one inline script in the built page. */
  scriptHashes: readonly string[];
  secure: boolean;
  /** Where people reach the service: one address where somebody said it, else those of this machine. */
  origins: ReadonlySet<string>;
};

type Signed = { sender: Sender; session: string };
type Env = { Bindings: HttpBindings & { incoming: IncomingMessage }; Variables: { signed: Signed; room: RoomRight } };

const notFound = { refused: 'NotFound', facts: {} } as const;
const tooOften = { refused: 'TooOften', facts: {} } as const;
const busy = { refused: 'Busy', facts: {} } as const;
const signedOut = { refused: 'SignedOut', facts: {} } as const;

/** A body parsed by the schema, or 400 with the words to show beside each field. */
function body<Schema extends z.ZodType>(schema: Schema) {
  return validator('json', (value, c) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : c.json({ errors: fieldErrors(parsed.error) }, 400);
  });
}

function query<Schema extends z.ZodType>(schema: Schema) {
  return validator('query', (value, c) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : c.json({ errors: fieldErrors(parsed.error) }, 400);
  });
}

const notTheirPassword = 'Enter the password that you sign in with. This is not it';
const signInForm = z.strictObject({
  email: text('Enter your email address', 254),
  password: z.string({ error: 'Enter your password' }).min(1, 'Enter your password').max(128, 'Enter your password'),
});
/** What a browser says of the passkey a device made; what it holds is proved by what checks it. */
const registration = z.looseObject({
  id: removePasskey.shape.passkey,
  rawId: removePasskey.shape.passkey,
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}),
  response: z.looseObject({ clientDataJSON: z.string().max(8192), attestationObject: z.string().max(32_768) }),
});
const passkeyAdding = z.strictObject({
  id,
  label: addPasskey.shape.label,
  /** One's own, so that a page left open lets nobody else add theirs. Not asked in practice, where nobody has one. */
  password: z.string().max(128).default(''),
  response: registration,
});
const since = z.strictObject({ since: z.coerce.number().int().min(0).max(1e9).default(0) });
const recountBody = z.strictObject({ calendar: arrangementsParser.shape.calendar });
const draftBody = z.strictObject({
  body: z.record(z.string().max(100), z.json()),
  /** The moment of the draft that this one was begun from, as it was told; null where there was none. */
  since: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00)$/, 'Send the moment as it was told')
    .nullable()
    .default(null),
});
const nothing = z.strictObject({});
const readNotices = z.strictObject({ codes: z.array(z.string().max(40)).max(200) });

export function createApp(world: World) {
  const { db, bus, folds, sessions, commands, rooms, versions } = world;
  const administration = createAdministration({ db, bus, folds });
  const screening = createScreening({ db, folds });
  const documents = createDocuments(world);
  const identity = createIdentity({ db, folds, commands, vault: world.vault });

  /** Only for those signed in; anyone else hears the same from every such route. */
  const signedIn = createMiddleware<Env>(async (c, next) => {
    const signed = await signedOf(world, c.req.header('cookie'));
    if (!signed) return c.json(signedOut, 401);
    c.set('signed', signed);
    return next();
  });

  /** Only for members of the room; for all others there is no such room. */
  const inRoom = createMiddleware<Env>(async (c, next) => {
    const room = await roomOf(db, c.req.param('room') ?? '', c.var.signed.sender.actor.person);
    if (!room) return c.json(notFound, 404);
    c.set('room', room);
    return next();
  });

  /** Only for the business unit; for all others there is no such route. */
  const administering = createMiddleware<Env>(async (c, next) =>
    administers(c.var.signed.sender.actor) ? next() : c.json(notFound, 404),
  );

  /** Only for those who may read a screening log, their agency's or every one; for others there is no such route. */
  const readsScreening = createMiddleware<Env>(async (c, next) =>
    screeningRead(c.var.signed.sender.actor) === 'none' ? c.json(notFound, 404) : next(),
  );

  /** What somebody does counts as their being here; what their page asks by itself does not. */
  const acting = createMiddleware<Env>(async (c, next) => {
    await sessions.prolong([c.var.signed.session]);
    return next();
  });

  /** The notes are played again for each look back at them: nobody may have that done without end (T22). */
  const looksBack = new Allowances({ most: limits.looksBackPerMinute, perSecond: limits.looksBackPerMinute / 60 });
  const lookingBack = createMiddleware<Env>(async (c, next) =>
    looksBack.take(c.var.signed.sender.actor.person) > 0 ? c.json(tooOften, 429) : next(),
  );

  /** Each is proved, stands in the record for ever and is told by mail: nobody may add and remove without end. */
  const adding = new Allowances({ most: limits.passkeysPerHour, perSecond: limits.passkeysPerHour / 3600 });
  const addsPasskeys = createMiddleware<Env>(async (c, next) =>
    adding.take(c.var.signed.sender.actor.person) > 0 ? c.json(tooOften, 429) : next(),
  );

  const inPractice = createMiddleware<Env>(async (c, next) => (world.practice ? next() : c.json(notFound, 404)));

  /** What a screen needs before anything else: the service, the day, who is here. */
  async function sessionReply(signed: Signed | null): Promise<SessionReply> {
    const now = await databaseNow(db);
    const today = dayOf(now);
    const service = await serviceOf(db);
    const agreed = signed && (await arrangementsOf(db, signed.sender.partnership.id, today));
    const holidays = agreed ? holidaysOf(agreed) : [...bankHolidays];
    const lasts = signed && (await sessions.lasts(signed.session));
    return {
      service: { ...service, practice: world.practice, today, now, holidays },
      signedIn: signed &&
        agreed &&
        lasts && {
          actor: signed.sender.actor,
          workRoom: await workRoomOf(db, signed.sender.actor.person),
          passkeys: await ownPasskeys(db, signed.sender.actor.person),
          arrangements: agreed,
          ...sayLasts(lasts),
        },
    };
  }

  /** Behind a proxy the request does not say by which address, nor that it came by https; and whoever asks may say any. */
  const originOf = (c: Context<Env>): string => {
    const { origin } = new URL(c.req.url);
    return world.origins.has(origin) ? origin : ([...world.origins][0] ?? '');
  };
  const addingIn = (c: Context<Env>): Adding => ({ ...c.var.signed, origin: originOf(c) });

  async function begin(c: Context<Env>, person: string) {
    const sender = await senderOf(db, person);
    if (!sender) return c.json({ refused: 'WrongPassword', facts: {} } as const, 401);
    const { session, cookie } = await sessions.start(person);
    c.header('set-cookie', cookie);
    return c.json(await sessionReply({ sender, session }), 200);
  }

  const api = new Hono<Env>()
    // No browser tells a page why a socket did not open: the service's own no looks like that of a network.
    .get('/sockets', (c) => c.json({ taken: !rooms.turnsAway(addressOf(c, world.proxies)) }))
    .get('/session', async (c) => c.json(await sessionReply(await signedOf(world, c.req.header('cookie')))))
    .post('/session/activity', signedIn, acting, body(nothing), async (c) => {
      const lasts = await sessions.lasts(c.var.signed.session);
      return lasts ? c.json({ ...sayLasts(lasts), now: await databaseNow(db) }, 200) : c.json(signedOut, 401);
    })
    .post('/sign-in', body(signInForm), async (c) => {
      const { email, password } = c.req.valid('json');
      const answer = await world.signIn.check(email, password, addressOf(c, world.proxies));
      if ('refused' in answer) return c.json(answer, answer.refused === 'WrongPassword' ? 401 : 429);
      return begin(c, answer.person);
    })
    .get('/practice/people', inPractice, async (c) => c.json({ people: await practicePeople(db) }))
    .post('/practice/sign-in', inPractice, body(z.strictObject({ person: id })), async (c) => {
      const people = await practicePeople(db);
      const { person } = c.req.valid('json');
      return people.some((each) => each.person === person) ? begin(c, person) : c.json(notFound, 404);
    })
    .post('/sign-out', body(nothing), async (c) => {
      const read = await sessions.read(c.req.header('cookie'));
      if (read) {
        await sessions.end(read.session);
        world.bus.publish({ kind: 'signed-out', session: read.session });
      }
      c.header('set-cookie', sessions.blankCookie);
      c.header('clear-site-data', '"cache", "storage"');
      return c.json({ signedOut: true });
    })
    .get('/work', signedIn, async (c) => {
      const { actor, partnership } = c.var.signed.sender;
      const { person } = actor;
      const cases = await casesOf(db, person);
      const happening = await Promise.all(
        cases.map(async ({ ref, room }) => ({ ref, people: (await rooms.peopleIn(room)).length })),
      );
      return c.json({
        needs: await needsFor(db, person),
        // The business unit's own work: on no case, and of no case.
        toRing: administers(actor) ? await undelivered(db, partnership.id) : [],
        mailHeldUp: administers(actor) && (await mailHeldUp(db)) !== null,
        happening: happening.filter(({ people }) => people > 0),
        cases: cases.map(({ room, ...row }) => row),
      });
    })
    .get('/notices', signedIn, async (c) => {
      const { person } = c.var.signed.sender.actor;
      return c.json({ notices: await inboxOf(db, person) });
    })
    .post('/notices/read', signedIn, body(readNotices), async (c) => {
      await markRead(db, c.var.signed.sender.actor.person, c.req.valid('json').codes);
      return c.json({ read: true });
    })
    .get('/c/:code', signedIn, async (c) => {
      const place = await placeOf(db, c.var.signed.sender.actor.person, c.req.param('code'));
      return place ? c.json(place) : c.json(notFound, 404);
    })
    .get('/settings', signedIn, async (c) => c.json(await settingsOf(db, c.var.signed.sender.actor.person)))
    .put('/settings', signedIn, body(personSettings), async (c) => {
      await saveSettings(db, c.var.signed.sender.actor.person, c.req.valid('json'));
      return c.json({ saved: true });
    })
    .post('/passkeys/options', signedIn, acting, body(nothing), async (c) =>
      c.json(await world.passkeys.options(addingIn(c)), 200),
    )
    .post('/passkeys', signedIn, acting, addsPasskeys, body(passkeyAdding), async (c) => {
      const { id, label, password, response } = c.req.valid('json');
      const { person } = c.var.signed.sender.actor;
      if (!world.practice) {
        const answer = await world.signIn.checkOf(person, password, addressOf(c, world.proxies));
        if (answer?.refused === 'WrongPassword') return c.json({ errors: { password: notTheirPassword } }, 400);
        if (answer) return c.json(answer, 429);
      }
      const result = await world.passkeys.add({ id, label, response }, addingIn(c));
      return isRefusal(result) ? c.json(refusalReply(result), statusOf(result)) : c.json(result, 201);
    })
    .post(
      '/passkeys/remove',
      signedIn,
      acting,
      body(z.strictObject({ id, passkey: removePasskey.shape.passkey })),
      async (c) => {
        const { id, passkey } = c.req.valid('json');
        const result = await world.passkeys.remove(id, passkey, c.var.signed.sender);
        return isRefusal(result) ? c.json(refusalReply(result), statusOf(result)) : c.json(result, 201);
      },
    )
    .get('/practice/mail', inPractice, signedIn, async (c) => c.json({ mails: await practiceMail(db) }))
    .get('/people', signedIn, async (c) => {
      const people = await peopleOf(db, c.var.signed.sender.partnership.id);
      const chair = people.find((person) => holds(asThemselves(person), 'chair'));
      return c.json({ agencies: speakersOf(people), chair: chair ? { name: chair.name } : null });
    })
    .get('/charter', signedIn, async (c) =>
      c.json({ charters: chartersOf(await versionsOf(db, c.var.signed.sender.partnership.id)) }),
    )
    .get('/register', signedIn, async (c) => {
      const { actor, partnership } = c.var.signed.sender;
      return c.json({
        ...(await registerFor(db, actor, partnership.id)),
        considered: await screening.counts(c.var.signed.sender),
      });
    })
    .post('/cases', signedIn, body(openCaseRequest), async (c) => {
      const result = await commands.openCase(c.req.valid('json'), c.var.signed.sender);
      return isRefusal(result) ? c.json(result, statusOf(result)) : c.json(result, 201);
    })
    .post('/cases/alike', signedIn, body(alikeRequest), async (c) =>
      c.json({ alike: await identity.likely(c.req.valid('json'), c.var.signed.sender.actor.person) }),
    )
    .get('/rooms/:room/alike', signedIn, inRoom, async (c) =>
      c.json({ alike: await identity.likelyBeside(c.var.room.id, c.var.signed.sender.actor.person) }),
    )
    .post('/rooms/:room/identity', signedIn, inRoom, body(readIdentityRequest), async (c) => {
      const result = await identity.read(c.var.room.id, c.req.valid('json'), c.var.signed.sender);
      if ('noRoom' in result) return c.json(notFound, 404);
      return isRefusal(result) ? c.json(refusalReply(result), statusOf(result)) : c.json(result, 201);
    })
    .put('/rooms/:room/identity', signedIn, inRoom, body(keepIdentityRequest), async (c) => {
      const result: Awaited<ReturnType<typeof identity.keep>> = await identity.keep(
        c.var.room.id,
        c.req.valid('json'),
        c.var.signed.sender,
      );
      if ('noRoom' in result) return c.json(notFound, 404);
      return isRefusal(result) ? c.json(refusalReply(result), statusOf(result)) : c.json(result, 201);
    })
    .get('/cases/:ref', signedIn, query(since), async (c) => {
      const { actor } = c.var.signed.sender;
      const room = await caseRoomOf(db, c.req.param('ref'), actor.person);
      if (!room) return c.json(notFound, 404);
      const entries = await readable(world, room, actor, c.req.valid('query').since);
      return c.json({ room: room.id, ref: c.req.param('ref'), capability: room.capability, entries });
    })
    .get('/cases/:ref/rooms', signedIn, async (c) => {
      const { person } = c.var.signed.sender.actor;
      const room = await caseRoomOf(db, c.req.param('ref'), person);
      if (!room?.case) return c.json(notFound, 404);
      return c.json({ rooms: await sideRoomsOf(db, room.case, person) });
    })
    .get('/rooms/:room/entries', signedIn, inRoom, query(since), async (c) => {
      const { actor } = c.var.signed.sender;
      // Where no socket gets through, this is how a person is here.
      await world.chairWatch.seen(c.var.room.id, actor.person);
      return c.json({ entries: await readable(world, c.var.room, actor, c.req.valid('query').since) });
    })
    .get('/rooms/:room/colleagues', signedIn, inRoom, async (c) => {
      const { actor, partnership } = c.var.signed.sender;
      const state = await world.folds.stateOf(db, c.var.room.id);
      if (!hasCase(state) || !mayLetIn(actor)) return c.json(notFound, 404);
      return c.json({ colleagues: colleaguesOf(actor, state.case, await peopleOf(db, partnership.id)) });
    })
    .get('/rooms/:room/calendar/:file', signedIn, inRoom, async (c) => {
      const file = z.enum(calendarFiles).safeParse(c.req.param('file'));
      const state = await world.folds.stateOf(db, c.var.room.id);
      const origin = originOf(c);
      const text =
        file.success && hasCase(state) ? calendarFile(file.data, state, { now: await databaseNow(db), origin }) : null;
      if (text === null) return c.json(notFound, 404);
      c.header('content-type', 'text/calendar; charset=utf-8');
      c.header('content-disposition', `attachment; filename="${c.var.room.ref}-${c.req.param('file')}"`);
      return c.body(text);
    })
    .get('/rooms/:room/record', signedIn, inRoom, async (c) => {
      const head = await headOf(db, c.var.room.id);
      const entries = await readable(world, c.var.room, c.var.signed.sender.actor, 0);
      return c.json({ entries: entries.filter(({ seq }) => seq <= head.seq), head });
    })
    .post('/rooms/:room/commands', signedIn, acting, inRoom, body(commandRequest), async (c) => {
      const result: Awaited<ReturnType<Commands['carryOut']>> = await commands.carryOut(
        c.var.room.id,
        c.req.valid('json'),
        c.var.signed.sender,
      );
      if ('noRoom' in result) return c.json(notFound, 404);
      return isRefusal(result) ? c.json(refusalReply(result), statusOf(result)) : c.json(result, 201);
    })
    .get('/rooms/:room/documents', signedIn, inRoom, async (c) =>
      c.json({ checksForViruses: documents.checks, mostBytes: documentLimits.bytes }),
    )
    .post('/rooms/:room/documents', signedIn, inRoom, async (c) => {
      const { sender } = c.var.signed;
      if (c.req.header('content-type') !== 'application/octet-stream') return malformed(c, 400);
      if (!includes(c.var.room.capability, 'comment'))
        return c.json({ refused: 'NotYourRole', facts: { role: sender.actor.role } } as const, 403);
      const result: Awaited<ReturnType<typeof documents.add>> = await documents.add(
        c.var.room.id,
        c.req.raw.body,
        sender,
      );
      if ('noRoom' in result) return c.json(notFound, 404);
      if ('errors' in result) return c.json(result, 400);
      return isRefusal(result) ? c.json(refusalReply(result), statusOf(result)) : c.json(result, 201);
    })
    .get('/rooms/:room/documents/:document', signedIn, inRoom, async (c) => {
      const state = await folds.stateOf(db, c.var.room.id);
      const found = held(state.documents).find(({ document }) => document === c.req.param('document'));
      if (!found) return c.json(notFound, 404);
      const bytes = await bytesOf(db, c.var.room.id, found);
      if (!bytes) {
        world.log.error(
          { document: found.document },
          'a document is not what the record says of it, and was not given',
        );
        return c.json({ refused: 'DocumentDamaged', facts: {} } as const, 500);
      }
      const name = fileNameOf(found, c.var.room.ref ?? '');
      c.header('content-type', 'application/octet-stream');
      c.header('content-disposition', attachmentNamed(name));
      return c.body(bytes);
    })
    .post('/rooms/:room/lease', signedIn, inRoom, body(nothing), async (c) => {
      const client = await rooms.lease(db, c.var.room.id, c.var.signed.sender.actor.person);
      if (client === null) return c.json(tooOften, 429);
      return c.json({ client, epoch: c.var.room.epoch }, 201);
    })
    .get('/rooms/:room/notes', signedIn, inRoom, async (c) => c.json(await rooms.notesOf(db, c.var.room.id)))
    .get('/rooms/:room/notes/moment', signedIn, inRoom, lookingBack, query(momentAsked), async (c) =>
      c.json(await versions.notesAt(db, c.var.room.id, c.req.valid('query'))),
    )
    .get('/rooms/:room/notes/changes', signedIn, inRoom, lookingBack, query(comparisonAsked), async (c) =>
      c.json(await versions.compare(db, c.var.room.id, c.req.valid('query'))),
    )
    .get('/rooms/:room/looked', signedIn, inRoom, async (c) =>
      c.json(await lastLook(db, c.var.room.id, c.var.signed.sender.actor.person)),
    )
    .put('/rooms/:room/looked', signedIn, inRoom, body(nothing), async (c) => {
      await keepLook(db, c.var.room.id, c.var.signed.sender.actor.person);
      return c.json({ kept: true });
    })
    .get('/rooms/:room/drafts', signedIn, inRoom, async (c) =>
      c.json({ drafts: await draftsFor(db, c.var.room.id, c.var.signed.sender.actor) }),
    )
    .put('/rooms/:room/drafts/:form', signedIn, inRoom, body(draftBody), async (c) => {
      const form = z.enum(draftForms).safeParse(c.req.param('form'));
      if (!form.success) return c.json(notFound, 404);
      const saved = await saveDraft(db, c.var.room.id, c.var.signed.sender.actor, form.data, c.req.valid('json'));
      return 'meanwhile' in saved
        ? c.json({ refused: 'DraftSavedMeanwhile', facts: saved.meanwhile } as const, 409)
        : c.json(saved);
    })
    .get('/screening', signedIn, readsScreening, async (c) =>
      c.json({ logs: await screening.read(c.var.signed.sender) }),
    )
    .post('/screening/commands', signedIn, acting, readsScreening, body(screeningRequest), async (c) => {
      const result = await screening.carryOut(c.req.valid('json'), c.var.signed.sender);
      return isRefusal(result) ? c.json(refusalReply(result), statusOf(result)) : c.json(result, 201);
    })
    .get('/admin', signedIn, administering, async (c) => c.json(await administration.read(c.var.signed.sender)))
    .post('/admin/recount', signedIn, administering, body(recountBody), async (c) =>
      c.json({ cases: await wouldRecount(db, folds, c.req.valid('json').calendar, c.var.signed.sender) }),
    )
    .post('/admin/commands', signedIn, acting, administering, body(administrationRequest), async (c) => {
      const result = await administration.carryOut(c.req.valid('json'), c.var.signed.sender);
      if (result === 'busy') return c.json(busy, 429);
      return isRefusal(result) ? c.json(refusalReply(result), statusOf(result)) : c.json(result, 201);
    })
    .all('*', (c) => c.json(notFound, 404));

  const app = new Hono<Env>();
  // Registered first, so that it has the last word: what others wrote runs nowhere, even if a browser should show it.
  app.use('/api/rooms/:room/documents/:document', async (c, next) => {
    await next();
    c.header('content-security-policy', "default-src 'none'; sandbox");
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...world.scriptHashes],
        styleSrc: ["'self'"],
        // SvelteKit hides its route announcer by a style attribute of its own; this is that attribute and no other.
        styleSrcAttr: ["'unsafe-hashes'", "'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      crossOriginOpenerPolicy: 'same-origin',
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: world.secure ? 'max-age=31536000; includeSubDomains' : false,
      xFrameOptions: 'DENY',
    }),
  );
  app.use('/api/*', async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  // Records are long and much alike; who may read what is decided before, so length tells nobody more.
  app.on('GET', '/api/*', compress());
  app.use('/api/*', csrf());
  const jsonLimit = bodyLimit({
    maxSize: limits.jsonBytes,
    onError: (c) => c.json({ errors: { form: 'This is too long to send. Shorten it and try again.' } }, 400),
  });
  // A document has a limit of its own, held while it comes.
  app.use('/api/*', (c, next) => (/^\/api\/rooms\/[^/]+\/documents$/.test(c.req.path) ? next() : jsonLimit(c, next)));
  app.get('/healthz', (c) => c.json({ running: true }));
  const routed = app.route('/api', api);
  app.onError((error, c) => {
    if (error instanceof HTTPException) return malformed(c, error.status);
    if (isDiskFull(error)) {
      world.log.error({ err: error, path: c.req.path }, diskFullWords);
      return c.json({ refused: 'DiskFull', facts: {} }, 503);
    }
    world.log.error({ err: error, path: c.req.path }, 'a request failed');
    return c.json({ refused: 'OurFault', facts: {} }, 500);
  });
  return routed;
}
export type App = ReturnType<typeof createApp>;

export type SessionReply = {
  service: {
    practice: boolean;
    setUp: boolean;
    partnership: string | null;
    contact: Contact | null;
    today: string;
    now: string;
    holidays: Holiday[];
  };
  /** `until`: when the session ends if its person does nothing; `latest`: when it ends whatever they do. */
  signedIn: {
    actor: Actor;
    workRoom: string;
    passkeys: OwnPasskey[];
    arrangements: Arrangements;
    until: string;
    latest: string;
  } | null;
};

function sayLasts({ until, latest }: Lasts): { until: string; latest: string } {
  return { until: until.toISOString(), latest: latest.toISOString() };
}

/** By its name in UTF-8, and without what is not ASCII for software that reads only that. */
function attachmentNamed(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function refusalReply({ refused, facts }: Refusal) {
  return { refused, facts };
}

/** Hono's own errors: a body that is not JSON, a form from another site. */
function malformed(c: Context, status: number) {
  if (status === 403) return c.json({ refused: 'NotFromHere', facts: {} }, 403);
  return c.json({ errors: { form: 'Send this as JSON' } }, 400);
}

async function signedOf({ db, sessions }: World, cookie: string | undefined): Promise<Signed | null> {
  const read = await sessions.read(cookie);
  if (!read) return null;
  const sender = await senderOf(db, read.person);
  return sender && { sender, session: read.session };
}

async function senderOf(db: Database, person: string): Promise<Sender | null> {
  const found = await actorOf(db, person);
  return found && { actor: found.actor, partnership: { id: found.partnership.id, name: found.partnership.name } };
}

/** Entries after `since` as this reader may have them. */
async function readable({ db, folds }: World, room: RoomRight, reader: Actor, since: number): Promise<Entry[]> {
  const entries = await entriesSince(db, room.id, since);
  // After the entries: a room folded before them may say that positions are open which one of them seals anew.
  const state = await folds.stateOf(db, room.id);
  return entries.map((entry) => asReadBy(entry, state, reader));
}

function addressOf(c: Context<Env>, proxies: Proxies): string {
  return clientAddress(c.env?.incoming?.socket?.remoteAddress ?? '', c.req.header('x-forwarded-for'), proxies);
}
