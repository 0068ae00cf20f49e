/** The one road from a screen into a case's record. */
import type { RoomCommand, RoomCommandInput } from '#schema/command.ts';
import type { FieldErrors } from '#schema/fields.ts';
import type { CommandId, RoomId } from '#schema/id.ts';
import type { Assertion } from '#schema/signature.ts';
import { api, ask, isRefused, isWrong, type Refused } from './service.ts';
import { sayRefusal } from './words.ts';

/** Recorded, as which entries; or fields to put right; or the reason why not, as a sentence. */
export type CommandResult =
  | { ok: true; firstSeq: number; lastSeq: number }
  | { ok: false; errors: FieldErrors }
  | ({ ok: false; words: string } & Refused);

/**
 * Sends a command to a room. `id` is made once for each form (`newId()`), so that sending the same
 * form twice, after a lost answer or a double press, is recorded once.
 */
export async function sendCommand(
  room: RoomId,
  command: RoomCommandInput,
  id: CommandId,
  signature?: Assertion,
): Promise<CommandResult> {
  // The route is typed by what its parser makes of a command; a form may leave out what that fills in.
  const json = { id, command: command as RoomCommand, ...(signature ? { signature } : {}) };
  const answer = await ask(api.rooms[':room'].commands.$post({ param: { room }, json }));
  if (isRefused(answer)) return { ok: false, ...answer, words: sayRefusal(answer) };
  if (isWrong(answer)) return { ok: false, errors: withoutPrefix(answer.errors) };
  return { ok: true, firstSeq: answer.firstSeq, lastSeq: answer.lastSeq };
}

/** The service names fields from the whole request (`command.content.answers…`); a form knows its own command only. */
export function withoutPrefix(errors: FieldErrors): FieldErrors {
  return Object.fromEntries(Object.entries(errors).map(([path, words]) => [path.replace(/^command\./, ''), words]));
}
