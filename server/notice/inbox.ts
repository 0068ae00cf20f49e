/** A person's inbox and how they want to be told. */
import { and, desc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { PersonId } from '#schema/id.ts';
import { defaultSettings, type MailState, type NoticeWhy, type PersonSettings } from '#schema/notice.ts';
import { mail, notice, person, personSetting, room } from '#schema/tables/index.ts';
import type { Need } from '#schema/work.ts';
import { told } from '../moment.ts';
import { capabilityNow } from '../standing.ts';
import type { Database } from '../store.ts';

/** Days for which a notice stays in the inbox, and how many are shown. */
const keptDays = 30;
const shown = 100;

/** Whether whom a notice is for may read of its case now: as one's own, or covering for a colleague. */
const mayRead = sql.raw(`(${capabilityNow('"room"."id"', '"notice"."person_id"')}) is not null`);

export type InboxItem = {
  code: string;
  ref: string;
  need: Need;
  why: NoticeWhy;
  at: string;
  read: boolean;
  /** What became of the mail it was told in; null before there is one. */
  mail: MailState | null;
};

/** Newest first. A case that one is no longer on says nothing any more. */
export async function inboxOf(db: Database, of: PersonId): Promise<InboxItem[]> {
  const rows = await db
    .select({ notice, ref: room.ref, mail: mail.state })
    .from(notice)
    .innerJoin(room, eq(room.id, notice.room))
    .leftJoin(mail, eq(mail.id, notice.mail))
    .where(and(eq(notice.person, of), mayRead, gt(notice.at, sql`now() - make_interval(days => ${keptDays})`)))
    .orderBy(desc(notice.at))
    .limit(shown);
  return rows.map(({ notice: { code, need, why, at, readAt }, ref, mail }) => ({
    code,
    ref: ref ?? '',
    need,
    why,
    at: told(at),
    read: readAt !== null,
    mail,
  }));
}

/** Marks as read; codes of anybody else's are passed over. */
export async function markRead(db: Database, of: PersonId, codes: readonly string[]): Promise<void> {
  if (codes.length === 0) return;
  await db
    .update(notice)
    .set({ readAt: sql`now()` })
    .where(and(eq(notice.person, of), inArray(notice.code, [...codes]), isNull(notice.readAt)));
}

/** Where a link of a mail leads, for the person it was sent to; null alike for everybody else and for no such link. */
export async function placeOf(
  db: Database,
  of: PersonId,
  code: string,
): Promise<({ ref: string } & Pick<Need, 'place' | 'at'>) | null> {
  const [found] = await db
    .select({ ref: room.ref, need: notice.need })
    .from(notice)
    .innerJoin(room, eq(room.id, notice.room))
    .where(and(eq(notice.code, code), eq(notice.person, of), mayRead));
  if (!found?.ref) return null;
  await markRead(db, of, [code]);
  const { place, at } = found.need;
  return { ref: found.ref, place, ...(at ? { at } : {}) };
}

export async function settingsOf(db: Database, of: PersonId): Promise<PersonSettings> {
  const [row] = await db
    .select({ mail: personSetting.mail, announce: personSetting.announce })
    .from(personSetting)
    .where(eq(personSetting.person, of));
  return row ?? defaultSettings;
}

export async function saveSettings(db: Database, of: PersonId, settings: PersonSettings): Promise<void> {
  await db
    .insert(personSetting)
    .values({ person: of, ...settings })
    .onConflictDoUpdate({ target: personSetting.person, set: settings });
}

/** Every mail of a practice service, newest first: they are kept there and go nowhere. */
export async function practiceMail(db: Database): Promise<{ to: string; subject: string; body: string; at: string }[]> {
  const rows = await db
    .select({ to: person.name, subject: mail.subject, body: mail.body, at: mail.at })
    .from(mail)
    .innerJoin(person, eq(person.id, mail.person))
    .orderBy(desc(mail.at))
    .limit(shown);
  return rows.map((row) => ({ ...row, at: told(row.at) }));
}
