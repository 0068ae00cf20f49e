/** Alerts of a case's clocks: half-way, last full day, last morning, to whoever owes something by them then. */
import { eq } from 'drizzle-orm';
import { alertNamed } from '#schema/due.ts';
import { newId } from '#schema/id.ts';
import { notice, workItem } from '#schema/tables/index.ts';
import { withDeputies } from '../cover.ts';
import type { Handler } from '../worker.ts';
import { newCode, sayNeed } from './tell.ts';

/** Hours after its moment when an alert is of no more use: after an outage the next one tells. */
const lateHours = 6;

/**
 * One notice to each person for each thing they owe, however many clocks say so on the same morning.
 * It goes the road of every notice: gathered into a mail that holds no case information, and dropped
 * there if what it is about has been done meanwhile.
 */
export const tellOfClock: Handler = async ({ room, subject, at, now }, { tx, publish }) => {
  const alert = alertNamed(subject);
  if (!alert || Date.parse(now) - Date.parse(at) > lateHours * 3_600_000) return;
  const items = await tx
    .select({ person: workItem.person, need: workItem.need })
    .from(workItem)
    .where(eq(workItem.room, room));
  const owe = items.filter(
    ({ need: { clocks = [], alerts } }) => clocks.includes(alert.clock) && (alerts?.includes(alert.kind) ?? true),
  );
  const owed = await withDeputies(tx, owe);
  if (owed.length === 0) return;
  const moment = new Date(at).toISOString();
  await tx
    .insert(notice)
    .values(
      owed.map(({ person, need }) => ({
        id: newId(),
        person,
        room,
        need,
        code: newCode(),
        why: 'reminder' as const,
        mark: `${room} ${person} ${sayNeed(need)} ${moment}`,
        at: now,
      })),
    )
    .onConflictDoNothing({ target: notice.mark });
  publish({ kind: 'work', people: [...new Set(owed.map(({ person }) => person))] });
};
