/** The service's log: what went wrong and where, and never what anybody wrote. */
import { pino, type DestinationStream, type Logger } from 'pino';

/** `level` is one of pino's. Without a destination it goes to standard output. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, serializers: { err: withoutContent } };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * An error as it may be logged. Drivers hang the statement's parameters on theirs, and drizzle puts
 * them into the message and so into the stack: there the notes would stand, word for word. What is
 * kept is the innermost error's own message, its code, and the way by which it came.
 */
function withoutContent(error: unknown): object {
  const { message, code } = causeOf(error);
  const type = error instanceof Error ? error.constructor.name : typeof error;
  const way = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  return { type, message, ...(code === undefined ? {} : { code }), stack: way.join('\n') };
}

type Cause = { message: string; code?: string };

/** The error behind all others: of a driver's or drizzle's own, the one that says no word of a statement. */
export function causeOf(error: unknown): Cause {
  let at = error;
  while (at instanceof Error && at.cause !== undefined) at = at.cause;
  if (!(at instanceof Error)) return { message: 'no error' };
  const code = 'code' in at && typeof at.code === 'string' ? { code: at.code } : {};
  return { message: at.message, ...code };
}

/** PostgreSQL's code for a full disk, and the system's own. */
const fullCodes: readonly (string | undefined)[] = ['53100', 'ENOSPC'];

/** Whether it failed because the disk of the database is full: all is well again once there is room. */
export function isDiskFull(error: unknown): boolean {
  const { message, code } = causeOf(error);
  return fullCodes.includes(code) || /No space left on device/i.test(message);
}
export const diskFullWords = 'the disk of the database is full: nothing is saved until there is room on it again';

/** Whether a statement was given up because somebody else held what it was to change (`lock_timeout`). */
export function hasWaitedInVain(error: unknown): boolean {
  return causeOf(error).code === '55P03';
}
