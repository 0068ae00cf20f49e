/** What a person may do in a room now, as SQL: one wording for every statement that asks, so that none lets in whom another keeps out. */

const isCurrent = (table: string) => `${table}.since <= now() and (${table}.until is null or ${table}.until > now())`;

/** The day it is in London by the database's clock. */
const today = `to_char(now() at time zone 'Europe/London', 'YYYY-MM-DD')`;

/** A row of `cover` that holds today: it ends with its days, when it is ended, and with the role that it covers. */
export const coverHolds = `cover.ended_at is null and cover.from_day <= ${today} and cover.until_day >= ${today} and exists (
  select from membership as covered
  where covered.person_id = cover.for_id and covered.agency_id = cover.agency_id and covered.role = cover.role
    and ${isCurrent('covered')}
)`;

/** A row of `room_member` that has not ended. */
export const placeHolds = (row: string) => `(${row}.until is null or ${row}.until > now())`;

/**
 * What the person may do in the room, the most that any of these allows: a place of their own, or in
 * a case's common room that of a colleague they cover for today. Null when they may not even read:
 * also when they no longer serve in its partnership or are disabled, whatever place they had.
 * `room` and `person` are SQL for their ids, with the table named.
 *
 * Every question is scalar, and that of cover the last: it is asked in the busiest statement, where
 * `exists` was planned as a pass over whole tables (measured: five times the cost), and where who
 * writes has nearly always a place of their own.
 */
export const capabilityNow = (room: string, person: string) => `case when (
  select whom.disabled_at is null from person as whom where whom.id = ${person}
) and (
  select true from membership as held
  where held.person_id = ${person} and held.partnership_id = (select within.partnership_id from room as within where within.id = ${room})
    and ${isCurrent('held')}
  limit 1
) then coalesce(
  (
    select own.capability from room_member as own
    where own.room_id = ${room} and own.person_id = ${person} and own.capability = 'write' and ${placeHolds('own')}
  ),
  (
    select place.capability from room_member as place
    where place.room_id = ${room} and ${placeHolds('place')} and (
      place.person_id = ${person} or place.person_id in (
        select cover.for_id from cover join room as common on common.id = ${room} and common.kind = 'case'
        where cover.person_id = ${person} and ${coverHolds}
      )
    )
    order by array_position(array['write', 'comment', 'read'], place.capability)
    limit 1
  )
) end`;

/** Whether the session has not ended. Null where there is none. `session` is SQL for its id. */
export const sessionHolds = (session: string) =>
  `(select here.expires_at > now() from session as here where here.id = ${session})`;
