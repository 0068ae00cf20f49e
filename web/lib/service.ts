/** The one way to the service: its typed client, and answers as values. */
import { hc, type ClientResponse } from 'hono/client';
import type { App } from '#server/app.ts';
import type { CaseDetails, OpenCase } from '#schema/case.ts';
import type { FieldErrors } from '#schema/fields.ts';
import type { CommandId, PersonId, RoomId } from '#schema/id.ts';
import type { ChildIdentity } from '#schema/identity.ts';
import type { PersonSettings } from '#schema/notice.ts';
import type { RefusalFacts, RefusalName } from '#schema/refusal.ts';

/** Every route of the service, typed by the service itself. */
export const api = hc<App>('/').api;

/** Reasons to say no that come from the way in, not from a rule of the case. */
export type ServiceRefusal =
  | 'SignedOut'
  | 'NotFound'
  | 'WrongPassword'
  | 'TooManyTries'
  | 'TooOften'
  /** More passwords wait to be worked out than the service takes on. */
  | 'Busy'
  | 'NotFromHere'
  /** A colleague saved the same form's draft after it was opened here. */
  | 'DraftSavedMeanwhile'
  /** Something broke on our side; it was logged there. */
  | 'OurFault'
  /** The service has no room to store anything in: nothing was. */
  | 'DiskFull'
  /** No answer at all: offline, or the service is away. */
  | 'Unreachable';

export type Refused = { refused: RefusalName | ServiceRefusal; facts: RefusalFacts };
/** Fields to put right, by their path. */
export type Wrong = { errors: FieldErrors };
/** What was asked for, or why not. Never thrown: a surprise in the answer's form is. */
export type Answer<Value> = Value | Wrong | Refused;

export function isRefused<Value extends object>(answer: Answer<Value>): answer is Refused {
  return 'refused' in answer;
}

export function isWrong<Value extends object>(answer: Answer<Value>): answer is Wrong {
  return 'errors' in answer;
}

/** What a route answers when all is well: the body that comes with 200 or 201. */
type Given<Response> =
  Response extends ClientResponse<infer Body, infer Status, string>
    ? [Extract<Status, 200 | 201>] extends [never]
      ? never
      : Exclude<Body, Wrong | { refused: string }>
    : never;

/** Asks, and makes every outcome a value. */
export async function ask<Response extends ClientResponse<unknown, number, string>>(
  asking: Promise<Response>,
): Promise<Answer<Given<Response>>> {
  let response: Response;
  try {
    response = await asking;
  } catch (error) {
    // `fetch` rejects with a TypeError when there is no way to the service.
    if (error instanceof TypeError) return { refused: 'Unreachable', facts: {} };
    throw error;
  }
  // A proxy in front may answer for a service that is away, in no form of ours.
  if (!response.headers.get('content-type')?.startsWith('application/json')) {
    return { refused: response.status >= 500 ? 'Unreachable' : 'OurFault', facts: {} };
  }
  return (await response.json()) as Answer<Given<Response>>;
}

/** The service, the day, and who is signed in. */
export const readSession = () => ask(api.session.$get());
/** Whether the service takes one more socket from here. */
export async function takesSockets(): Promise<boolean> {
  const answer = await ask(api.sockets.$get());
  return isRefused(answer) || isWrong(answer) || answer.taken;
}
/** Its person is doing something: until when the session lasts now. */
export const stayHere = () => ask(api.session.activity.$post({ json: {} }));
export const signIn = (email: string, password: string) => ask(api['sign-in'].$post({ json: { email, password } }));
export const signOut = () => ask(api['sign-out'].$post({ json: {} }));

/** The invented people of a practice service. */
export const practicePeople = () => ask(api.practice.people.$get());
export const practiceSignIn = (person: PersonId) => ask(api.practice['sign-in'].$post({ json: { person } }));

/** My work: what needs me, what is happening now, my cases. */
export const readWork = () => ask(api.work.$get());
/** Who may be asked to take part in a case. */
export const readPeople = () => ask(api.people.$get());
/** What this person was told, newest first. */
export const readNotices = () => ask(api.notices.$get());
export const markNoticesRead = (codes: string[]) => ask(api.notices.read.$post({ json: { codes } }));
/** Where the opaque link of a mail leads. */
export const readPlace = (code: string) => ask(api.c[':code'].$get({ param: { code } }));
export const readSettings = () => ask(api.settings.$get());
export const saveSettings = (settings: PersonSettings) => ask(api.settings.$put({ json: settings }));
export const readPracticeMail = () => ask(api.practice.mail.$get());
/** Every wording of the charter of roles. */
export const readCharters = () => ask(api.charter.$get());
export const readRegister = () => ask(api.register.$get());

/** Who the children are goes beside the command: it is kept in the vault and never in the record. */
export const openCase = (command: OpenCase, identities: ChildIdentity[], id: CommandId) =>
  ask(api.cases.$post({ json: { id, command, identities } }));
/** Cases this person is on that may be the same as one not opened yet. */
export const findAlike = (details: CaseDetails, identities: ChildIdentity[]) =>
  ask(api.cases.alike.$post({ json: { details, identities } }));
/** The same for a case that is open. */
export const readAlike = (room: RoomId) => ask(api.rooms[':room'].alike.$get({ param: { room } }));
/** Reads who the children are; the reason is recorded before anything is answered. */
export const readIdentity = (room: RoomId, reason: string, id: CommandId) =>
  ask(api.rooms[':room'].identity.$post({ param: { room }, json: { id, command: { type: 'ReadIdentity', reason } } }));
export const keepIdentity = (room: RoomId, reason: string, identities: ChildIdentity[], id: CommandId) =>
  ask(
    api.rooms[':room'].identity.$put({
      param: { room },
      json: { id, command: { type: 'KeepIdentity', reason }, identities },
    }),
  );
/** Who of one's own agency could be let into a case. */
export const readColleagues = (room: RoomId) => ask(api.rooms[':room'].colleagues.$get({ param: { room } }));
export const readRecord = (room: RoomId) => ask(api.rooms[':room'].record.$get({ param: { room } }));
