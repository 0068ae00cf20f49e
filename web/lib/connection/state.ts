/** What the connection line may say: worked out from what has happened on the socket and when. Pure. */
import { sayTime, type Instant } from '#schema/calendar.ts';

/** One state at a time, everywhere in a case. */
export type ConnectionKind = 'opening' | 'saved' | 'saving' | 'reconnecting' | 'offline' | TurnedAway | Ending;

/** What passes by itself: the service takes no more; this person has too many open; the room has too many; these notes were opened too often. */
const passing = ['busy', 'too-many-open', 'room-full', 'too-often'] as const;
/** Why there is no socket though the service answers requests: that, or this network lets none through. It is tried again by itself. */
export type TurnedAway = 'not-live' | (typeof passing)[number];

/** How a connection ends for good, until a person does something about it. */
export type Ending = 'signed-out' | 'removed' | 'reload' | 'differs' | 'restored' | 'full';

/** Milliseconds. */
export const patience = {
  /** Without an acknowledgement before "Saving…" shows: quicker than this is not worth a change of words. */
  saving: 2_000,
  /** Without an acknowledgement before it counts as trouble. */
  unacknowledged: 10_000,
  /** Closed before it counts as trouble: most sockets are back sooner. */
  closed: 5_000,
  /** Each state shows at least this long, so that the line can be read. */
  shown: 2_000,
} as const;

/** All that is known of one room's connection. Times are milliseconds of one clock. */
export type Connection = {
  socket: 'opening' | 'open' | 'closed';
  /** Since when the socket has not been open; null while it is. */
  downSince: number | null;
  /** Whether the server's first question on this socket, "what have you that I have not?", has been answered. */
  answered: boolean;
  /** Messages with content sent on this socket, and how many of them the server has made durable. */
  sent: number;
  durable: number;
  /** Since when something has been waiting for its acknowledgement; null when nothing is. */
  waitingSince: number | null;
  /** Whether this person changed anything that is not known to be durable. */
  unsaved: boolean;
  /** When all was last known to be durable. */
  savedAt: Instant | null;
  /** Whether the browser says that it has a network. */
  online: boolean;
  /** What was last learnt of why it is not let in; null where nothing was, and once it is. */
  turnedAway: TurnedAway | null;
  ended: Ending | null;
};

export function unopened(now: number, online = true): Connection {
  return {
    socket: 'opening',
    downSince: now,
    answered: false,
    sent: 0,
    durable: 0,
    waitingSince: null,
    unsaved: false,
    savedAt: null,
    online,
    turnedAway: null,
    ended: null,
  };
}

export type Happening =
  | { type: 'opening' }
  | { type: 'opened' }
  | { type: 'closed' }
  /** This person changed the notes, whether or not there is a socket to send it on. */
  | { type: 'changed' }
  /** A message with content went out; `answer` when it answers the server's first question. */
  | { type: 'sent'; answer: boolean }
  /** The server has made the first `count` messages of this socket durable. */
  | { type: 'durable'; count: number; at: Instant }
  /** Somebody else's change came, which the server had made durable first. */
  | { type: 'heard'; at: Instant }
  | { type: 'network'; online: boolean }
  | { type: 'turned-away'; why: TurnedAway }
  | { type: 'ended'; how: Ending }
  /** A person did something about an ending: signed in again, or came back through the door. */
  | { type: 'resumed' };

export function happen(was: Connection, what: Happening, now: number): Connection {
  switch (what.type) {
    case 'opening':
    case 'closed':
      return {
        ...was,
        socket: what.type === 'closed' ? 'closed' : 'opening',
        downSince: was.downSince ?? now,
        answered: false,
        sent: 0,
        durable: 0,
        waitingSince: was.unsaved ? was.waitingSince : null,
        turnedAway: what.type === 'closed' ? stillTurnedAway(was) : was.turnedAway,
      };
    case 'opened': {
      const turnedAway = isToldAtDoor(was.turnedAway) ? was.turnedAway : null;
      return { ...was, socket: 'open', downSince: null, turnedAway, waitingSince: was.waitingSince ?? now };
    }
    case 'changed':
      return { ...was, unsaved: true, waitingSince: was.waitingSince ?? now };
    case 'sent': {
      // The server has asked, so it is let in: what was held back till then waits from now on.
      const entered = what.answer && was.turnedAway !== null;
      return {
        ...was,
        sent: was.sent + 1,
        answered: was.answered || what.answer,
        waitingSince: entered ? now : (was.waitingSince ?? now),
        turnedAway: entered ? null : was.turnedAway,
      };
    }
    case 'durable': {
      const heard = { ...was, durable: Math.max(was.durable, what.count) };
      return isSettled(heard) ? { ...heard, waitingSince: null, unsaved: false, savedAt: what.at } : heard;
    }
    case 'heard':
      return isSettled(was) ? { ...was, savedAt: what.at } : was;
    case 'network':
      return { ...was, online: what.online };
    case 'turned-away':
      return { ...was, turnedAway: what.why };
    case 'ended':
      return { ...was, ended: what.how };
    case 'resumed':
      return { ...was, ended: null, socket: 'opening', downSince: now };
  }
}

/** No socket opens, and why is worked out from what requests are answered. */
function opensNone(why: TurnedAway | null): boolean {
  return why === 'not-live' || why === 'busy';
}

/** The server says it over a socket, which opens for that and is closed. */
function isToldAtDoor(why: TurnedAway | null): boolean {
  return why === 'too-many-open' || why === 'room-full';
}

/** What is known of why it is not let in, once one more socket has closed. One that never opened tells nothing of the door. */
function stillTurnedAway({ socket, turnedAway }: Connection): TurnedAway | null {
  return opensNone(turnedAway) || (isToldAtDoor(turnedAway) && socket === 'open') ? turnedAway : null;
}

/**
 * Whether "Saved" is true: the socket is open, what this tab held that the server did not has been
 * sent, and every message sent is durable. A socket that has only just opened is not settled, for
 * nothing has yet been said about what was typed before it.
 */
export function isSettled({ socket, answered, sent, durable }: Connection): boolean {
  return socket === 'open' && answered && durable >= sent;
}

/** The state as the facts are at `now`, before any regard for how long the last one has shown. */
export function kindAt(facts: Connection, now: number): ConnectionKind {
  if (facts.ended) return facts.ended;
  if (!facts.online) return 'offline';
  const down = facts.downSince === null ? 0 : now - facts.downSince;
  if (facts.turnedAway && isSaid(facts, down)) return facts.turnedAway;
  if (isSettled(facts)) return 'saved';
  const waiting = facts.waitingSince === null ? 0 : now - facts.waitingSince;
  if (down >= patience.closed || waiting >= patience.unacknowledged) return 'reconnecting';
  if (waiting >= patience.saving) return 'saving';
  return facts.savedAt === null ? 'opening' : 'saved';
}

/** Whether it is said why there is no socket, which has been away for `down` milliseconds. */
function isSaid({ turnedAway, unsaved, savedAt }: Connection, down: number): boolean {
  // Where no socket will ever open, what is unsaved has to be told of as such.
  if (turnedAway === 'not-live' && unsaved) return false;
  // Where one was open before, it may be that everybody comes back at once, and is let in a moment later.
  return !opensNone(turnedAway) || savedAt === null || down >= patience.closed;
}

/** What the line shows, and since when. */
export type Shown = { kind: ConnectionKind; since: number };

/** What the line shows now: a state stays for `patience.shown`, unless something has ended. */
export function show(shown: Shown, facts: Connection, now: number): Shown {
  const kind = kindAt(facts, now);
  if (kind === shown.kind) return shown;
  const mayChange = facts.ended !== null || shown.kind === 'opening' || now - shown.since >= patience.shown;
  return mayChange ? { kind, since: now } : shown;
}

/** Milliseconds until `show` may answer differently with nothing new having happened; null when it cannot. */
export function nextLook(shown: Shown, facts: Connection, now: number): number | null {
  if (facts.ended) return null;
  const { downSince, waitingSince } = facts;
  const moments = [
    kindAt(facts, now) === shown.kind ? null : shown.since + patience.shown,
    downSince === null ? null : downSince + patience.closed,
    waitingSince === null ? null : waitingSince + patience.saving,
    waitingSince === null ? null : waitingSince + patience.unacknowledged,
  ].filter((moment): moment is number => moment !== null && moment > now);
  return moments.length === 0 ? null : Math.min(...moments) - now;
}

/** What to do until this tab is let in. */
const meanwhile = (unsaved: boolean): string =>
  unsaved
    ? 'What you typed is kept in this tab and is not saved yet.'
    : 'Until then you can read, comment and give positions.';

/** The words of a state. */
export function sayConnection(
  kind: ConnectionKind,
  { savedAt, unsaved }: Pick<Connection, 'savedAt' | 'unsaved'>,
): string {
  switch (kind) {
    case 'opening':
      return 'Connecting…';
    case 'saved':
      return savedAt === null ? 'Connecting…' : `Saved at ${sayTime(savedAt)}`;
    case 'saving':
      return 'Saving…';
    case 'reconnecting':
      return unsaved
        ? 'Reconnecting. Your last changes are not saved yet. Keep this tab open.'
        : 'Reconnecting. What you see may not be up to date.';
    case 'offline':
      return 'You are offline. You can keep typing in this tab. Nothing is saved until you are back online.';
    case 'not-live':
      return 'Live editing is not available on this network. You can read, comment and give positions.';
    case 'busy':
      return `The service takes no more connections at the moment. This tab tries again by itself. ${meanwhile(unsaved)}`;
    case 'too-many-open':
      return `You have too many tabs of this service open on your devices. Close another, and this one connects by itself. ${meanwhile(unsaved)}`;
    case 'room-full':
      return `Too many people have these notes open. Ask someone who is only reading to close theirs. This tab tries again by itself. ${meanwhile(unsaved)}`;
    case 'too-often':
      return `You have opened these notes too often within an hour. This tab connects by itself in a minute or two. ${meanwhile(unsaved)}`;
    case 'signed-out':
      return 'You have been signed out. Sign in again to save your last changes.';
    case 'removed':
      return 'You no longer have access to this case. Contact the coordinator.';
    case 'reload':
      return 'This page needs to reload. Copy any unsaved text first.';
    case 'differs':
      return 'Your copy differs from the notes that are saved. Copy your own words, then reload this page.';
    case 'full':
      return 'The notes are full, so your last words are not saved. Copy your own words, then reload this page.';
    case 'restored':
      return 'The notes were put back as they were at an earlier time. Copy your own words, then reload this page.';
  }
}

/** Of two rooms that one page shows, which has more to say: the first of these that either is in. */
const bySeverity: readonly ConnectionKind[] = [
  'removed',
  'signed-out',
  'reload',
  'restored',
  'differs',
  'full',
  'offline',
  'reconnecting',
  ...passing,
  'not-live',
  'saving',
  'opening',
  'saved',
];
export function isWorse(a: ConnectionKind, b: ConnectionKind): boolean {
  return bySeverity.indexOf(a) < bySeverity.indexOf(b);
}

const turnedAway: ReadonlySet<ConnectionKind> = new Set(['not-live', ...passing]);
/** Whether there is no socket though the service answers requests: what it would bring is asked for instead. */
export const isTurnedAway = (kind: ConnectionKind): boolean => turnedAway.has(kind);

const cutOff: ReadonlySet<ConnectionKind> = new Set(['reconnecting', 'offline', ...passing]);
/** Whether others' words do not come until the socket is back: what they were is told then. */
export const isCutOff = (kind: ConnectionKind): boolean => cutOff.has(kind);

const announced: ReadonlySet<ConnectionKind> = new Set([
  ...cutOff,
  'removed',
  'signed-out',
  'differs',
  'restored',
  'full',
]);
/** Said aloud to a screen reader, once each; the rest may be read from the line. */
export const isAnnounced = (kind: ConnectionKind): boolean => announced.has(kind);

/** Why a form cannot be sent now, and what to do; empty while it may be. */
export function whyNotSent(kind: ConnectionKind): string {
  switch (kind) {
    case 'reconnecting':
    case 'offline':
      return 'You can submit when you are reconnected';
    case 'signed-out':
      return 'You can submit when you have signed in again';
    case 'removed':
      return 'You no longer have access to this case. Contact the coordinator';
    case 'reload':
    case 'differs':
    case 'restored':
    case 'full':
      return 'You can submit when you have reloaded this page. Copy your own words first';
    default:
      return '';
  }
}

/** Whether a form may be sent: not while its answer could not come back. */
export function maySubmit(kind: ConnectionKind): boolean {
  return whyNotSent(kind) === '';
}

const lost: ReadonlySet<ConnectionKind> = new Set(['not-live', 'removed', 'reload', 'differs', 'restored', 'full']);
/** Whether typing in the notes is kept: everywhere but where it could never be saved. */
export const mayType = (kind: ConnectionKind): boolean => !lost.has(kind);
