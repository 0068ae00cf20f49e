/** What a signature of an act binds, asked of the command before it is recorded and of the record after: the same. */
import { expect } from 'vitest';
import type { Command, RoomCommand } from '#schema/command.ts';
import type { Event } from '#schema/event.ts';
import type { Entry } from '#schema/ledger.ts';
import type { Signature } from '#schema/signature.ts';
import { isSignable, statementIn, statementOf, withSignature } from '#schema/signing.ts';

const read = { seq: 1, hash: '0'.repeat(64) };
const parts = { passkey: 'a', authenticatorData: 'a', clientData: 'a', signature: 'a' };
const enrolled = { label: 'Laptop', added: '2026-10-05T09:00:00.000Z', enrolled: read };
const signature: Signature = { ...parts, ...enrolled, read, key: { kty: 'OKP', crv: 'Ed25519', x: 'a' } };

/**
 * What a command may leave to the rules, and its entry then says: a screen always says it, and what is signed without it
 * is refused.
 */
const mayBeLeft = ['stage', 'urgentReason', 'decision'] as const;

function said(command: Command, event: object): RoomCommand {
  const asEvent = mayBeLeft.flatMap((name) =>
    name in command || name in event ? [[name, (event as Record<string, unknown>)[name]]] : [],
  );
  return { ...command, ...Object.fromEntries(asEvent) } as RoomCommand;
}

/** Expects that whatever is signed of a command, if it may be, is found again in the entry it causes. */
export function bindsTheSame(command: Command, events: readonly Event[]): void {
  if (!isSignable(command.type)) return;
  const of = { room: 'room', person: 'person', id: 'id', read };
  const signed = withSignature(events, command.type, signature).filter((event) => event.signature);
  const entries = signed.map((body) => ({ room: 'room', actor: { person: 'person' }, command: 'id', body }) as Entry);
  expect(entries.map(statementIn)).toEqual(signed.map((event) => statementOf(said(command, event), of)));
  expect(signed).toHaveLength(1);
}
