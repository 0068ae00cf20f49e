/** The screening log and the service: what is read, and how an entry is sent. */
import { invalidate } from '$app/navigation';
import type { CommandId } from '#schema/id.ts';
import type { ScreeningCommand } from '#schema/screening.ts';
import { withoutPrefix } from './command.ts';
import { api, ask, isRefused, isWrong, type Answer } from './service.ts';

export const readScreening = () => ask(api.screening.$get());
export type ScreeningLogs = Exclude<
  Awaited<ReturnType<typeof readScreening>>,
  { refused: unknown } | { errors: unknown }
>['logs'];

/** Sends an entry. Field errors come back named as the form knows them. */
export async function sendScreening(
  command: ScreeningCommand,
  id: CommandId,
): Promise<Answer<{ firstSeq: number; lastSeq: number }>> {
  const answer = await ask(api.screening.commands.$post({ json: { id, command } }));
  if (isRefused(answer)) return answer;
  if (isWrong(answer)) return { errors: withoutPrefix(answer.errors) };
  await invalidate('candour:screening');
  return answer;
}
