/** The room socket's wire: y-websocket's message kinds and ours, close codes and limits. */

/**
 * One protocol message a frame; its first varUint is the kind. 0 to 3 are y-protocols' own, as
 * the stock `WebsocketProvider` speaks them. Ours go only to clients that ask with `?candour=1`:
 * a stock provider logs an error for a kind it does not know.
 */
export const kind = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /** Server to client: varUint, how many of this connection's sync messages with content are durable. */
  durable: 20,
  /** Server to client: varString, JSON `Entry[]` as this reader may have them, in order. */
  entries: 21,
  /** Client to server: varUint, the last entry it has; answered with `entries`. */
  entriesSince: 22,
  /** Server to client: varString, a word saying what to fetch again: `work`. Carries no content. */
  refresh: 23,
  /**
   * Client to server, when all it wrote is durable: varString, `hashOfNotes` of its copy; varUint, how
   * many updates (sync step 2 or update) it has received on this connection. Server to client:
   * varString, `same`, `differs`, or `moved` where the notes have moved on too far to tell: ask again.
   */
  contentHash: 24,
  /** Server to client: varString, how full the notes are, one of `Filled`: said on entering where they are not `roomy`, and when it changes. */
  filled: 25,
} as const;

export const syncKind = { step1: 0, step2: 1, update: 2 } as const;

/** How full notes are. `long`: a warning; `full`: new words are refused, taking words out is not. */
export type Filled = 'roomy' | 'long' | 'full';

/** Asks for our own message kinds. */
export const ours = 'candour';
/** Query parameter in which our own client names the epoch of the copy it holds: on another it is turned away (T18). */
export const epochAsked = 'epoch';

/** Close codes. After 4400 to 4499 y-websocket's provider does not come back by itself: our own screens know what to do (`web/lib/open-notes.svelte.ts`). */
export const close = {
  /** The service is restarting: come back. */
  restart: 1012,
  /** Too busy, or this reader fell too far behind: come back later. */
  tryLater: 1013,
  /** The guard refused an update; the connection's words stay with the client. */
  refusedUpdate: 4400,
  /** Not signed in, or signed out. */
  signedOut: 4401,
  /** No such room for this person. The same whether it exists or not. */
  noRoom: 4404,
  /** Rights changed: ask again through the door. */
  rightsChanged: 4403,
  /** The notes are full: what was just written in them cannot be kept. */
  full: 4413,
  /** A limit below was passed that no client of ours passes. */
  tooMuch: 4429,
  /** At the door: this person has as many sockets open as one may. One that is closed makes room. */
  tooManyOpen: 4430,
  /** At the door: the room has as many sockets as it takes. */
  roomFull: 4431,
} as const;

export const limits = {
  /** Bytes in one frame; a large paste is sent in pieces. */
  frameBytes: 64 * 1024,
  /** Bytes in a first sync from a client that worked offline. */
  syncBytes: 256 * 1024,
  /** Bytes of a note: warn; refuse new words; refuse even what takes words out, which needs some bytes too. */
  noteWarnBytes: 2 * 1024 * 1024,
  noteBytes: 4 * 1024 * 1024,
  noteLastBytes: 5 * 1024 * 1024,
  /** Bytes of one room's that may wait to be stored while the database is away. */
  waitingBytes: 1024 * 1024,
  /** Bytes of one person's cursor. */
  awarenessBytes: 1024,
  /** Bytes of a JSON request body. */
  jsonBytes: 256 * 1024,
  framesPerSecond: 30,
  frameBurst: 120,
  socketsPerPerson: 8,
  /** As many as the largest room of the benchmark and the long runs (R39), in which all type three keys a second. */
  socketsPerRoom: 300,
  /** Sockets from one address, which may be a whole council's, and in one process. */
  socketsPerAddress: 2_000,
  socketsPerProcess: 10_000,
  /** Requests for a socket from one address that are not answered yet. */
  askingPerAddress: 40,
  /** ClientIDs issued to one person for a room within an hour: one each time they open its notes. */
  leasesPerHour: 60,
  /** ClientIDs that a plain provider may choose for itself and claim, for one person in a room within an hour. */
  claimsPerHour: 20,
  /** Times within a minute that one person may ask how the notes were, or what changed in them. */
  looksBackPerMinute: 30,
  /** Passkeys that one person may try to add within an hour. */
  passkeysPerHour: 60,
  /** Bytes waiting for a slow reader: nothing more is sent until it has taken most of them. */
  sendBufferBytes: 1024 * 1024,
} as const;
