/** The business unit's screens and the service: what they read, and how a change is sent. */
import type { AdministrationCommand } from '#schema/administration.ts';
import type { Arrangements } from '#schema/arrangements.ts';
import type { CommandId } from '#schema/id.ts';
import { withoutPrefix } from '../command.ts';
import { api, ask, isRefused, isWrong, type Answer } from '../service.ts';

export const readAdministration = () => ask(api.admin.$get());
export type Administration = Exclude<
  Awaited<ReturnType<typeof readAdministration>>,
  { refused: unknown } | { errors: unknown }
>;

/** Cases that this person is on whose last day to notify would move under this calendar. */
export const wouldRecount = (calendar: Arrangements['calendar']) =>
  ask(api.admin.recount.$post({ json: { calendar } }));

type Sent = { firstSeq: number; lastSeq: number; password?: string | undefined };

/** Sends a change. Field errors come back named as the form knows them. */
export async function administer(command: AdministrationCommand, id: CommandId): Promise<Answer<Sent>> {
  const answer = await ask(api.admin.commands.$post({ json: { id, command } }));
  if (!isRefused(answer) && isWrong(answer)) return { errors: withoutPrefix(answer.errors) };
  return answer;
}
