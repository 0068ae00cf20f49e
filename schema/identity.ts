/** Who a child is: kept in a vault apart from the record, and read only for a reason that is on the record. */
import { z } from 'zod';
import type { Actor } from './actor.ts';
import type { CaseDetails, CaseState } from './case.ts';
import { day, shortText, text } from './fields.ts';
import { withMore } from './lists.ts';
import { refuse, type Refusal } from './refusal.ts';

/** Up to four children of one incident: one notification is sent for all (guidance on the national form). */
export const mostChildren = 4;

const left = (max: number) => text('', max).or(z.literal('')).default('');

/** What is known of who a child is. Anything may be left empty: an unidentified baby has no name yet. */
export const childIdentity = z.strictObject({
  name: left(shortText),
  bornOn: day('Enter the date of birth, like 27 3 2024').or(z.literal('')).default(''),
  address: left(500),
});
export type ChildIdentity = z.infer<typeof childIdentity>;

/** The first is the child whom the case's initials and age are those of; the others follow in their order. */
export const childIdentities = z.array(childIdentity).max(mostChildren, 'Enter four children or fewer');

/** A reason to read who the children are. It stands in the record, so it must not itself say who they are. */
export const readIdentity = z.strictObject({
  type: z.literal('ReadIdentity'),
  reason: text('Say why you need to know who the children are'),
});
/** What is to be kept comes beside this command and never inside it: commands are remembered, the vault's words are not. */
export const keepIdentity = z.strictObject({
  type: z.literal('KeepIdentity'),
  reason: text('Say what is new and how it is known'),
});
export const identityCommands = [readIdentity, keepIdentity] as const;
export type IdentityCommand = z.infer<typeof readIdentity> | z.infer<typeof keepIdentity>;

export const identityRead = z.object({ type: z.literal('IdentityRead'), reason: z.string() });
export const identityKept = z.object({ type: z.literal('IdentityKept'), reason: z.string() });
export const identityEvents = [identityRead, identityKept] as const;
export type IdentityEvent = z.infer<typeof identityRead> | z.infer<typeof identityKept>;

/** Every time the vault of this case was read or written after the case was opened; newest last. */
export type IdentityState = readonly {
  seq: number;
  at: string;
  by: Actor;
  what: 'read' | 'kept';
  reason: string;
}[];

/** Whoever is on the case may read who the children are; that they did, and why, everyone on the case sees. */
export function decideIdentity(command: IdentityCommand): IdentityEvent[] {
  const { reason } = command;
  return [{ type: command.type === 'ReadIdentity' ? 'IdentityRead' : 'IdentityKept', reason }];
}

export function evolveIdentity(
  state: IdentityState,
  { type, reason }: IdentityEvent,
  seq: number,
  at: string,
  by: Actor,
): IdentityState {
  return withMore(state, { seq, at, by, what: type === 'IdentityRead' ? 'read' : 'kept', reason });
}

/** A reason that was recorded lets its person read for this many minutes; after that another is asked for. */
export const readMinutes = 15;

/** Whether what was entered says anything at all of who the child is. */
export function isKnown(child: ChildIdentity): boolean {
  return child.name !== '' || child.bornOn !== '' || child.address !== '';
}

/**
 * What two records of the same child have in common, as texts to be hashed with a key and compared:
 * name with date of birth, and date of birth with postcode. Names are compared without accents,
 * capitals, punctuation and order. Twins share the second, and are for a person to tell apart.
 */
export function likenesses({ name, bornOn, address }: ChildIdentity): string[] {
  if (bornOn === '') return [];
  const words = plainWords(name);
  const postcode = postcodeOf(address);
  return [
    ...(words.length > 0 ? [`name ${words.sort().join(' ')} born ${bornOn}`] : []),
    ...(postcode ? [`born ${bornOn} at ${postcode}`] : []),
  ];
}

/** The postcode of an address, without its space and in small letters. */
export function postcodeOf(address: string): string | null {
  const found = /\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b/i.exec(address);
  return found ? `${found[1]}${found[2]}`.toLowerCase() : null;
}

/** A name as its words, without accents, capitals and punctuation. */
export function plainWords(name: string): string[] {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}

export const alikeReasons = ['same-child', 'same-incident', 'same-initials'] as const;
export type AlikeReason = (typeof alikeReasons)[number];
export const alikeWords: Record<AlikeReason, string> = {
  'same-child': 'The same name or postcode, with the same date of birth, is kept there',
  'same-incident': 'It happened on the same day in the same area',
  'same-initials': 'The same initials and age, and the authority became aware on the same day',
};
/** A case that may be the same, for a reader who is on it. */
export type Alike = { ref: string; openedAt: string; because: AlikeReason[] };

/** Why two cases may be one, by what their records say; the vault's marks are compared beside this. */
export function alikeByRecord(one: CaseDetails, other: CaseDetails): AlikeReason[] {
  const day = one.incidentOn !== undefined && one.incidentOn === other.incidentOn;
  const area = one.incidentPlace === other.incidentPlace && one.incidentPlace !== 'not-known';
  const children = childrenOf(other);
  const initials = childrenOf(one).some((child) =>
    children.some(({ initials, age }) => sameInitials(initials, child.initials) && age === child.age),
  );
  return [
    ...(day && area ? (['same-incident'] as const) : []),
    ...(initials && one.awareOn === other.awareOn ? (['same-initials'] as const) : []),
  ];
}

function sameInitials(one: string, other: string): boolean {
  return plainWords(one).join('') === plainWords(other).join('');
}

/** The children as the record knows them: initials and age. The first is the one the case is opened about. */
export function childrenOf(
  details: Pick<CaseDetails, 'initials' | 'age' | 'otherChildren'>,
): { initials: string; age: number }[] {
  return [{ initials: details.initials, age: details.age }, ...(details.otherChildren ?? [])];
}

/** "J.M., age 2, and K.M., age 4". */
export function sayChildren(details: Parameters<typeof childrenOf>[0]): string {
  const said = childrenOf(details).map(({ initials, age }) => `${initials}, age ${age}`);
  const last = said.pop() ?? '';
  return said.length === 0 ? last : `${said.join('; ')}; and ${last}`;
}

/** No more identities are kept than the case has children. */
export function refuseTooMany(kept: readonly ChildIdentity[], { details }: Pick<CaseState, 'details'>): Refusal | null {
  const children = childrenOf(details).length;
  return kept.length > children ? refuse('MoreThanTheChildren', { children }) : null;
}
