/** A case's row in words, wherever cases are listed. */
import { sayShortDay } from '#schema/calendar.ts';
import { inWords } from '#schema/in-words.ts';
import type { RegisterRow } from '#schema/register.ts';
import { caseStatusWords } from '#schema/status.ts';

/** The last day to notify, or the other authority whose day it now is. */
export function sayNotifyBy({ notifyBy, acceptedBy }: Pick<RegisterRow, 'notifyBy' | 'acceptedBy'>): string {
  return acceptedBy ? `${acceptedBy} notifies` : sayShortDay(notifyBy);
}

/** "Police disagrees", "Police and Health disagree", or that none is recorded: stands beside the outcome everywhere. */
export function sayDisagreeing({
  disagreeing,
  disagreedBefore = [],
}: Pick<RegisterRow, 'disagreeing' | 'disagreedBefore'>): string {
  const now =
    disagreeing.length > 0 ? [`${inWords(disagreeing)} ${disagreeing.length === 1 ? 'disagrees' : 'disagree'}`] : [];
  const before = disagreedBefore.length > 0 ? [`${inWords(disagreedBefore)} disagreed with the earlier decision`] : [];
  return [...now, ...before].join('. ') || 'None recorded';
}

/** "Decided: do not notify", "Not decided yet: views differ". */
export function sayOutcome({ status, decidedAt }: Pick<RegisterRow, 'status' | 'decidedAt'>): string {
  return decidedAt ? caseStatusWords[status] : `Not decided yet: ${caseStatusWords[status].toLowerCase()}`;
}
