/** Passkeys: how a person adds one to sign acts with, and takes it away. Their own alone, and in the partnership's record. */
import { z } from 'zod';
import type { Actor } from './actor.ts';
import type { Instant } from './calendar.ts';
import { shortText, text } from './fields.ts';
import { id, type PersonId } from './id.ts';
import { refuse, type Refusal } from './refusal.ts';
import { publicKey, type PublicKey } from './signature.ts';

/**
 * Hours until a new passkey signs: long enough that its owner and the business unit, who are told at
 * once, can stop one that somebody else added (T25).
 */
export const signsAfterHours = 24;
/** How many a person may have: one for each device, and some to spare. */
export const mostPasskeys = 10;

const label = text('Enter a name for this passkey, like “Work laptop”', shortText);
const passkeyId = z.string().regex(/^[\w-]{1,1364}$/);

export const addPasskey = z.strictObject({ type: z.literal('AddPasskey'), label });
export const removePasskey = z.strictObject({ type: z.literal('RemovePasskey'), passkey: passkeyId });
export type PasskeyCommand = z.infer<typeof addPasskey> | z.infer<typeof removePasskey>;

export const passkeyAdded = z.object({
  type: z.literal('PasskeyAdded'),
  passkey: z.string(),
  person: id,
  name: z.string(),
  label: z.string(),
  /** What checks its signatures: no secret. */
  key: publicKey,
});
export const passkeyRemoved = z.object({
  type: z.literal('PasskeyRemoved'),
  passkey: z.string(),
  person: id,
  name: z.string(),
  label: z.string(),
});
export const passkeyEvents = [passkeyAdded, passkeyRemoved] as const;
export type PasskeyEvent = z.infer<(typeof passkeyEvents)[number]>;

export function isPasskeyEvent(event: { type: string }): event is PasskeyEvent {
  return event.type === 'PasskeyAdded' || event.type === 'PasskeyRemoved';
}

export type Passkey = {
  passkey: string;
  person: PersonId;
  label: string;
  key: PublicKey;
  at: Instant;
  /** The entry that added it. */
  seq: number;
};
/** Those that are in use, oldest first. */
export type PasskeysState = readonly Passkey[];
export const noPasskeys: PasskeysState = [];

/** `made` is what the device made, once it is proved; only to add one. */
export function decidePasskey(
  command: PasskeyCommand,
  state: PasskeysState,
  by: Pick<Actor, 'person' | 'name'>,
  made: { passkey: string; key: PublicKey } | null,
): PasskeyEvent[] | Refusal {
  const own = passkeysOf(state, by.person);
  const { person, name } = by;
  if (command.type === 'RemovePasskey') {
    const found = own.find(({ passkey }) => passkey === command.passkey);
    if (!found) return refuse('NoSuchPasskey');
    return [{ type: 'PasskeyRemoved', passkey: found.passkey, person, name, label: found.label }];
  }
  if (!made) return refuse('PasskeyNotMade');
  if (state.some(({ passkey }) => passkey === made.passkey)) return refuse('PasskeyKnown');
  if (own.some(({ label }) => label === command.label)) return refuse('PasskeyNameTaken', { field: 'label' });
  if (own.length >= mostPasskeys) return refuse('TooManyPasskeys', { most: mostPasskeys });
  return [{ type: 'PasskeyAdded', ...made, person, name, label: command.label }];
}

export function evolvePasskeys(state: PasskeysState, event: PasskeyEvent, seq: number, at: Instant): PasskeysState {
  if (event.type === 'PasskeyRemoved') return state.filter(({ passkey }) => passkey !== event.passkey);
  const { passkey, person, label, key } = event;
  return [...state, { passkey, person, label, key, at, seq }];
}

export function passkeysOf(state: PasskeysState, person: PersonId): Passkey[] {
  return state.filter((each) => each.person === person);
}

/** From when a passkey signs. */
export function signsFrom({ at }: Pick<Passkey, 'at'>): Instant {
  return new Date(Date.parse(at) + signsAfterHours * 3_600_000).toISOString();
}
