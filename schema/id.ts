/** Names for things: ids that cannot be mistaken for one another. */
import { z } from 'zod';

type Id<Kind extends string> = string & { readonly __kind?: Kind };

export type PartnershipId = Id<'partnership'>;
export type AgencyId = Id<'agency'>;
export type PersonId = Id<'person'>;
export type RoomId = Id<'room'>;
export type CaseId = Id<'case'>;
export type CommandId = Id<'command'>;
/** The code people say aloud for a case, such as `SI-2026-7KQ4`: it tells nothing about the child. */
export type CaseRef = Id<'case-ref'>;

/** 128 random bits in hexadecimal: what an id of ours looks like on the wire. */
export const idPattern = /^[0-9a-f]{32}$/;
export const id = z.string().regex(idPattern, 'This is not an id of this service');

export const caseRefPattern = /^SI-\d{4}-[2-9B-DF-HJ-NP-TV-XZ]{4}$/;
export const caseRef = z.string().regex(caseRefPattern, 'Enter a case code, like SI-2026-7KQ4');

/** A new random id. The only randomness in `schema`; rules never call it, their callers do. */
export function newId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}

/** Letters and figures that cannot be mistaken for each other or spell a word (no vowels, 0, 1). */
const spoken = '23456789BCDFGHJKLMNPQRSTVWXZ';

/**
 * A new case code for cases raised in `year`. Random, not counted up: a gap in a numbered series
 * would tell somebody who is not on a case that the case exists.
 */
export function newCaseRef(year: number): CaseRef {
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  return `SI-${year}-${[...bytes].map((byte) => spoken[byte % spoken.length]).join('')}`;
}
